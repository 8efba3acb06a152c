"""Where the thresholds stand above which a free question is answered, and what other places would do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

from knowledge.loading import load_knowledge
from knowledge.models.base import LANGUAGES, Lang
from knowledge.models.questions import Finding
from knowledge.questions import Questions, confidence
from tests.evaluation.abilities import fits, read_set
from tests.yaml_files import read_yaml

THRESHOLDS = {"_SURE": "questions on the subject", "_SURE_WITHOUT_SUBJECT": "questions that name nothing of it"}
"""Names in `knowledge.questions.confidence`, and what each is for."""

STEPS = (-0.8, -0.6, -0.4, -0.2, -0.1, 0.0, 0.1, 0.2)

_MORE = Path(__file__).resolve().parents[1] / "knowledge" / "questions"
"""Further questions, answered and declined: the sets of this folder hold few that a threshold decides."""

Asked = tuple[str, Lang, dict[str, Any]]
"""A question, its language, and what its answer must hold."""


@dataclass
class Point:
    """What happens at one place of a threshold; counts of messages.

    Attributes:
        threshold: the evidence an answer needs.
        chosen: whether it is the place it has.
        right, wrong: questions that the review answers, answered rightly and wrongly; the others are declined.
        answerable: all of those.
        given: messages that must be declined and got therapy content.
        unanswerable: all of those.
    """

    threshold: float
    chosen: bool
    right: int = 0
    wrong: int = 0
    answerable: int = 0
    given: int = 0
    unanswerable: int = 0

    def count(self, expected: dict[str, Any], answered: bool, right: bool) -> None:
        """Count one message.

        Args:
            expected: what its answer must hold, or the reason of its decline.
            answered: whether there was any content.
            right: whether the answer holds what is expected.
        """
        if "reason" in expected:
            self.unanswerable += 1
            self.given += answered
        else:
            self.answerable += 1
            self.right += right
            self.wrong += answered and not right


def sweep(name: str, asked: Sequence[Asked], steps: Sequence[float] = STEPS) -> list[Point]:
    """What becomes of the questions with the threshold at places around the chosen one.

    Args:
        name: of the threshold, in `knowledge.questions.confidence`.
        asked: the questions.
        steps: how far from the chosen place, lowest first.
    """
    kb, chosen = load_knowledge(), float(getattr(confidence, name))
    questions = Questions.create(kb)
    points = [Point(round(chosen + step, 3), step == 0) for step in steps]
    for text, lang, expected in asked:
        findings = _findings(questions, name, (text, lang), [point.threshold for point in points])
        for point, finding in zip(points, findings, strict=True):
            point.count(expected, bool(finding.statements), fits(kb, finding, expected, lang))
    return points


def _findings(questions: Questions, name: str, asked: tuple[str, Lang], thresholds: Sequence[float]) -> list[Finding]:
    """The finding at each threshold; more evidence asked for only takes away, so equal ends have nothing between."""

    def ask(threshold: float) -> Finding:
        with patch.object(confidence, name, threshold):
            return questions.ask(*asked)

    lowest, highest = ask(thresholds[0]), ask(thresholds[-1])
    if lowest == highest:
        return [lowest] * len(thresholds)
    return [lowest, *map(ask, thresholds[1:-1]), highest]


def all_questions() -> Iterator[Asked]:
    """Every question of the sets, and those that the tests of the answers hold."""
    for lang in LANGUAGES:
        more = read_yaml(_MORE / f"answered.{lang}.yaml")
        yield from ((item["q"], lang, item) for item in (*read_set(f"questions.{lang}"), *more))
        declined = read_yaml(_MORE / f"declined.{lang}.yaml")
        yield from ((text, lang, {"reason": reason}) for reason, texts in declined.items() for text in texts)
    yield from ((item["q"], item["lang"], item) for item in read_set("declined"))
