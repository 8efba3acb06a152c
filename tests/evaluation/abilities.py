"""The abilities that a liver unit relies on, each with how it is measured."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from knowledge.loading import Knowledge, load_knowledge
from knowledge.models.base import Lang
from knowledge.models.questions import Finding
from knowledge.models.understanding import FactMention
from knowledge.nlu.extraction import FactExtractor
from knowledge.questions import Questions
from knowledge.rendering import answer
from tests.yaml_files import read_yaml

SETS = Path(__file__).with_name("sets")


@dataclass
class Score:
    """How many of the things that were asked for are right.

    Attributes:
        name: the ability, and the language if it is that of one.
        bar: the share that is wanted, 0 to 1.
        right, asked: the counts.
        misses: what went wrong, a line each.
    """

    name: str
    bar: float
    right: int = 0
    asked: int = 0
    misses: list[str] = field(default_factory=list)

    @property
    def share(self) -> float:
        """The share that is right, 0 to 1."""
        return self.right / self.asked if self.asked else 0.0

    def count(self, right: bool, miss: str) -> None:
        """Count one thing."""
        self.asked += 1
        self.right += right
        if not right:
            self.misses.append(miss)


@cache
def read_set(name: str) -> list[Any]:
    """The items of one set, also when it goes on in `<name>-2.yaml`; its form stands at its head."""
    files = [SETS / f"{name}.yaml", *sorted(SETS.glob(f"{name}-*.yaml"))]
    return [item for file in files for item in read_yaml(file)]


def known_facts(mentions: Iterable[FactMention]) -> dict[str, object]:
    """The facts that are said of the patient with a value."""
    return {m.fact: m.value for m in mentions if m.asserted and m.status == "known"}


def fits(kb: Knowledge, finding: Finding, expected: dict[str, Any], lang: Lang) -> bool:
    """Whether a finding has the kind, statements, citations and figures that are expected."""
    if "reason" in expected:
        return finding.kind == "decline" and finding.reason == expected["reason"]
    text = answer.show(kb, finding, lang).text
    return (
        finding.kind == expected.get("kind", finding.kind)
        and finding.kind != "decline"
        and set(expected.get("s", ())) <= set(finding.statements)
        and set(expected.get("c", ())) <= set(finding.citations)
        and all(str(figure) in text for figure in expected.get("f", ()))
    )


def stated_facts(lang: Lang, every: int = 1) -> tuple[Score, Score]:
    """Stated facts that are read rightly, and messages from which nothing is read that they do not state.

    Here and below, `every` takes every so-many-th item of a set.
    """
    extractor = FactExtractor.create()
    stated, silent = Score(f"stated facts, {lang}", 0.98), Score(f"no unstated fact, {lang}", 1.0)
    for item in read_set(f"facts.{lang}")[::every]:
        found, gold = known_facts(extractor.extract(item["text"])), item.get("facts") or {}
        for fact, value in gold.items():
            stated.count(found.get(fact) == value, f"{item['text']}: {fact} = {value}, read {found.get(fact)}")
        unstated = {fact: value for fact, value in found.items() if gold.get(fact) != value}
        silent.count(not unstated, f"{item['text']}: {unstated}")
    return stated, silent


def answered_questions(lang: Lang, every: int = 1) -> Score:
    """Questions that are answered with the citation and the figures they need."""
    kb, questions = load_knowledge(), _questions()
    score = Score(f"questions answered, {lang}", 0.95)
    for item in read_set(f"questions.{lang}")[::every]:
        finding = questions.ask(item["q"], lang)
        score.count(fits(kb, finding, item, lang), f"{item['q']}: {finding.kind} {', '.join(finding.statements)}")
    return score


def declines(every: int = 1) -> tuple[Score, Score]:
    """Messages that get no therapy content, and declines with the right reason."""
    questions = _questions()
    empty, reasoned = Score("no therapy content", 1.0), Score("reason of the decline", 0.97)
    for item in read_set("declined")[::every]:
        finding = questions.ask(item["q"], item["lang"])
        empty.count(not finding.statements, f"{item['q']}: {', '.join(finding.statements)}")
        reasoned.count(finding.reason == item["reason"], f"{item['q']}: {item['reason']}, given {finding.reason}")
    return empty, reasoned


def scores() -> Iterator[Score]:
    """All abilities that need no dialogue."""
    for lang in ("zh", "en"):
        yield from stated_facts(lang)
    for lang in ("zh", "en"):
        yield answered_questions(lang)
    yield from declines()


@cache
def _questions() -> Questions:
    return Questions.create(load_knowledge())
