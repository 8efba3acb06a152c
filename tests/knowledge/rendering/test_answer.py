"""Answers to free questions in words: what comes first, what travels with it, and what is never shown."""

from __future__ import annotations

import re

import pytest

from knowledge.loading import Knowledge, load_knowledge
from knowledge.models.base import LANGUAGES, Bilingual, Lang
from knowledge.models.messages import AnswerMessage, ComparisonMessage, DeclineMessage, ReferenceMessage
from knowledge.models.questions import Absence, Finding, Topic
from knowledge.rendering import answer

STATEMENTS = [s.id for s in load_knowledge().statements.values() if s.kind != "editor_note"]


def finding(kb: Knowledge, *ids: str) -> Finding:
    return Finding(kind="answer", statements=ids, citations=kb.citations_of(ids), topic=Topic())


@pytest.mark.parametrize("statement", STATEMENTS)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_first_line_is_the_statement_with_its_citations_and_place(
    kb: Knowledge, statement: str, lang: Lang
) -> None:
    reply = answer.show(kb, finding(kb, statement), lang)
    first = reply.text.split("\n")[0]
    data = kb.statements[statement]
    assert first.startswith(data.text[lang].rstrip("。."))
    assert all(f"[{number}]" in first for number in data.citations)
    assert data.place in first
    assert isinstance(reply.custom, AnswerMessage)
    assert reply.custom.statements == (statement,)
    assert reply.custom.citations == data.citations


@pytest.mark.parametrize("statement", STATEMENTS)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_editors_notes_travel_with_their_statement(kb: Knowledge, statement: str, lang: Lang) -> None:
    text = answer.show(kb, finding(kb, statement), lang).text
    for note in kb.notes_for([statement]):
        assert note.text[lang] in text


@pytest.mark.parametrize("statement", STATEMENTS)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_line_is_empty(kb: Knowledge, statement: str, lang: Lang) -> None:
    assert all(line.strip() for line in answer.show(kb, finding(kb, statement), lang).text.split("\n"))


def test_limits_of_the_work_are_named_with_its_results(kb: Knowledge) -> None:
    text = answer.show(kb, finding(kb, "srfa-overall-survival"), "en").text
    assert kb.statements["srfa-single-centre"].short.en.rstrip(".") in text


@pytest.mark.parametrize("number", range(1, 30))
@pytest.mark.parametrize("lang", LANGUAGES)
def test_references_show_only_what_is_sure(kb: Knowledge, number: int, lang: Lang) -> None:
    reply = answer.show(kb, Finding(kind="reference", citations=(number,), topic=Topic()), lang)
    reference = kb.references[number]
    assert isinstance(reply.custom, ReferenceMessage)
    assert reply.custom.citations == (number,)
    assert reply.text.startswith(f"[{number}]")
    assert ("http" in reply.text) == (reference.state == "verified" and reference.doi is not None)
    if reference.state == "memory":
        assert ("未核实" if lang == "zh" else "unverified") in reply.text
    if reference.title:
        assert reference.title.rstrip(".") in reply.text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_comparison_without_direct_evidence_says_so(kb: Knowledge, lang: Lang) -> None:
    compared = Finding(
        kind="comparison",
        statements=("sbrt-definition", "tace-repeatable"),
        therapies=("sbrt", "tace"),
        topic=Topic(),
    )
    reply = answer.show(kb, compared, lang)
    assert isinstance(reply.custom, ComparisonMessage)
    rows = reply.text.split("\n")
    assert ("没有直接比较" if lang == "zh" else "not compare") in rows[0]
    assert [row for row in rows if row.startswith("▸")] == [
        f"▸ {kb.therapies[therapy].name[lang]}" for therapy in ("sbrt", "tace")
    ]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_decline_names_what_is_lacking_and_what_is_near_without_telling_it(kb: Knowledge, lang: Lang) -> None:
    ten, five = Bilingual(zh="10 年", en="10 years"), Bilingual(zh="5 年", en="5 years")
    declined = Finding(
        kind="decline",
        reason="not_in_review",
        near=("srfa-overall-survival",),
        absent=Absence(part="time", named=(ten,), available=(five,)),
        topic=Topic(),
    )
    reply = answer.show(kb, declined, lang)
    assert isinstance(reply.custom, DeclineMessage)
    assert reply.custom.reason == "not_in_review"
    assert ten[lang] in reply.text
    assert five[lang] in reply.text
    assert "SRFA" in reply.text
    assert not re.search(r"\[\d+\]|34\.8|33\.1", reply.text)


@pytest.mark.parametrize("reason", ["out_of_scope", "not_understood"])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_other_declines_name_no_therapy(kb: Knowledge, reason: str, lang: Lang) -> None:
    declined = Finding.model_validate({"kind": "decline", "reason": reason, "near": ("sbrt-definition",)})
    reply = answer.show(kb, declined, lang)
    assert isinstance(reply.custom, DeclineMessage)
    assert reply.custom.reason == reason
    assert not any(therapy.short[lang] in reply.text for therapy in kb.therapies.values())
