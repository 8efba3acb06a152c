"""The statements against the review itself; run where the review is at hand (it is not part of the project)."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

import pytest

from knowledge.loading import Knowledge, load_knowledge
from knowledge.models.statements import Statement

REVIEW = Path(__file__).resolve().parents[3] / "shared" / "review.zh.md"

pytestmark = pytest.mark.skipif(not REVIEW.is_file(), reason="the review is not at hand")

NAMES = re.compile(
    r"90\s?Y|Y\s?-?90|钇\s?-?90|yttrium-90|TP53|SOX9|R0|UGT1A1|转移酶\s?1A1|1A1|Gy10|\b3\s?D\b|3D", re.IGNORECASE
)
"""Digits that are part of a name."""

NOT_OUTCOMES: dict[str, dict[str, str]] = {}
"""Figures of the review that no statement has to carry: paragraph -> figure -> why."""

CHINESE = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10}
ENGLISH = {
    word: number
    for number, word in enumerate(
        ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"],
        start=1,
    )
}


def paragraphs() -> dict[str, str]:
    text = REVIEW.read_text(encoding="utf-8")
    return dict(re.findall(r"^\*\*(\d(?:\.\d)?/\d+)\*\* (.+)$", text, flags=re.MULTILINE))


def figures(text: str) -> set[float]:
    """The numbers written in digits, without citation marks and names."""
    plain = unicodedata.normalize("NFKC", text)
    plain = re.sub(r"\[[\d,，\s]+\]", " ", plain)
    plain = NAMES.sub(" ", plain)
    return {float(number) for number in re.findall(r"\d+(?:\.\d+)?", plain)}


def words(text: str) -> set[float]:
    """The small numbers written in words."""
    return {float(CHINESE[c]) for c in text if c in CHINESE} | {
        float(ENGLISH[w]) for w in re.findall(r"[a-z]+", text.lower()) if w in ENGLISH
    }


def structured(statement: Statement) -> set[float]:
    found = {float(n) for n in (statement.n, statement.n_lesions) if n}
    for result in statement.results:
        found |= {float(x) for x in (result.value, result.low, result.high) if x is not None}
        found |= {float(x) for x in result.count or ()}
        found |= {result.time.value} if result.time else set()
        found |= figures(result.p or "")
    return found


def claims() -> list[Statement]:
    if not REVIEW.is_file():
        return []
    return [s for s in load_knowledge().statements.values() if s.kind != "editor_note"]


@pytest.mark.parametrize("statement", claims(), ids=lambda s: s.id)
def test_every_figure_of_a_statement_stands_in_its_paragraph(statement: Statement) -> None:
    paragraph = paragraphs()[statement.place]
    allowed = figures(paragraph) | words(paragraph)
    texts = [statement.text, statement.short, *([statement.population] if statement.population else [])]
    texts += [result.arm for result in statement.results if result.arm]
    shown = set().union(*(figures(text.zh) | figures(text.en) for text in texts))
    assert shown - allowed == set()
    assert structured(statement) - allowed == set()


def test_every_paragraph_has_statements(kb: Knowledge) -> None:
    assert set(paragraphs()) == {statement.place for statement in kb.statements.values()}
    assert len(paragraphs()) == 34


def test_every_citation_is_carried_where_the_review_makes_it(kb: Knowledge) -> None:
    for place, text in paragraphs().items():
        marks = re.findall(r"\[([\d,，\s]+)\]", unicodedata.normalize("NFKC", text))
        cited = {int(number) for mark in marks for number in re.findall(r"\d+", mark)}
        carried = {
            number
            for s in kb.statements.values()
            if s.place == place and s.kind != "editor_note"
            for number in s.citations
        }
        assert carried == cited, place


@pytest.mark.parametrize("place", paragraphs() if REVIEW.is_file() else [])
def test_every_figure_of_the_review_stands_in_a_statement(place: str) -> None:
    statements = [statement for statement in claims() if statement.place == place]
    for language in ("zh", "en"):
        told = set().union(*(figures(s.text[language]) | words(s.text[language]) | structured(s) for s in statements))
        exempt = {float(number) for number in NOT_OUTCOMES.get(place, {})}
        assert figures(paragraphs()[place]) - told - exempt == set(), language


def test_no_exemption_is_idle() -> None:
    for place, reasons in NOT_OUTCOMES.items():
        for number, reason in reasons.items():
            assert float(number) in figures(paragraphs()[place])
            assert reason
