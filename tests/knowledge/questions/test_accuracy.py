"""How many of the independently worded questions are answered rightly; misses are printed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from knowledge.loading import Knowledge
from knowledge.models.base import LANGUAGES, Lang
from knowledge.questions import Questions
from tests.evaluation.abilities import fits
from tests.yaml_files import read_yaml

HERE = Path(__file__).parent
FLOOR_ANSWERED = 0.95
FLOOR_REASON = 0.97


def read(name: str) -> Any:
    return read_yaml(HERE / name)


def answered(lang: Lang) -> list[dict[str, Any]]:
    return list(read(f"answered.{lang}.yaml"))


def declined(lang: Lang) -> list[tuple[str, str]]:
    file = read(f"declined.{lang}.yaml")
    return [(text, reason) for reason, texts in file.items() for text in texts]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_questions_get_the_right_statement_figure_and_citation(kb: Knowledge, questions: Questions, lang: Lang) -> None:
    items = answered(lang)
    misses = [item["q"] for item in items if not fits(kb, questions.ask(item["q"], lang), item, lang)]
    assert len(items) >= 150
    assert 1 - len(misses) / len(items) >= FLOOR_ANSWERED, "\n".join(misses)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_unanswerable_questions_get_no_therapy_content(kb: Knowledge, questions: Questions, lang: Lang) -> None:
    wrong = [text for text, _ in declined(lang) if questions.ask(text, lang).kind != "decline"]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_declines_give_the_right_reason(questions: Questions, lang: Lang) -> None:
    items = declined(lang)
    wrong = [text for text, reason in items if questions.ask(text, lang).reason != reason]
    assert 1 - len(wrong) / len(items) >= FLOOR_REASON, "\n".join(wrong)


@pytest.mark.parametrize("turns", read("followups.yaml"), ids=lambda turns: turns[0]["q"])
def test_questions_that_go_on_from_the_last_one(
    kb: Knowledge, questions: Questions, turns: list[dict[str, Any]]
) -> None:
    topic = None
    for turn in turns:
        finding = questions.ask(turn["q"], turn["lang"], topic)
        assert fits(kb, finding, turn, turn["lang"]), (turn["q"], finding)
        topic = finding.topic
