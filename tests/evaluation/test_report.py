"""What `make eval` prints and keeps, on a sample of what it measures."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from tests.evaluation import __main__ as command
from tests.evaluation import facts
from tests.evaluation.abilities import Score, read_set
from tests.evaluation.choices import CHOICES, Compared, compare
from tests.evaluation.intents import Example, Sorted, training_examples
from tests.evaluation.thresholds import STEPS, THRESHOLDS, Point, all_questions, sweep

EXAMPLES = [
    Example("hello", "greet", "en"),
    Example("bye", "goodbye", "en"),
    Example("你好", "greet", "zh"),
    Example("呃呃", "nlu_fallback", "zh"),
]
FOUND = Sorted("assistant", EXAMPLES, ["greet", "nlu_fallback", "goodbye", "nlu_fallback"])
POINTS = [Point(0.5, True, right=97, wrong=1, answerable=100, given=2, unanswerable=100)]
SCORES = [Score("stated facts, zh", 0.98, 1, 2, ["肝转移: read nothing"])]


def squeezed(text: str) -> str:
    """Without the spaces that align columns."""
    return re.sub(" +", " ", text)


@pytest.fixture(scope="module")
def compared() -> tuple[Compared, ...]:
    sample = [e for e in training_examples() if e.intent in ("greet", "summary", "compare")]
    return compare(sample, (CHOICES[0], CHOICES[4]), folds=2)


def test_a_score_counts_misses() -> None:
    score = Score("anything", 1.0)
    score.count(True, "right")
    score.count(False, "wrong")
    assert (score.right, score.asked, score.share, score.misses) == (1, 2, 0.5, ["wrong"])


def test_what_is_not_understood_is_neither_right_nor_wrong() -> None:
    english, chinese = FOUND.tally("en").micro(), FOUND.tally("zh").micro()
    assert (english.precision, english.recall, english.support) == (1.0, 0.5, 2)
    assert (chinese.precision, chinese.recall, chinese.support) == (0.0, 0.0, 1)
    assert FOUND.confusions("zh") == {("greet", "goodbye"): 1}
    assert FOUND.misses("en") == ["bye: nlu_fallback instead of goodbye"]


def test_choices_are_compared_on_the_same_messages(compared: tuple[Compared, ...]) -> None:
    chosen, neighbours = compared
    assert chosen.choice.chosen
    assert not neighbours.choice.chosen
    for found in (chosen.alone, chosen.with_cues, neighbours.alone, neighbours.with_cues):
        assert found.examples == chosen.alone.examples
        assert found.tally().micro().f1 > 0.8
    assert chosen.alone.found != neighbours.alone.found


def test_the_chosen_one_is_what_the_assistant_is_trained_with() -> None:
    from rasa.engine.storage.resource import Resource

    from bot.nlu.classifier import SeededIntentClassifier
    from tests.evaluation.choices import component

    (chosen,) = [choice for choice in CHOICES if choice.chosen]
    settings = component("bot.nlu.classifier.SeededIntentClassifier")
    config = {**SeededIntentClassifier.get_default_config(), **settings}
    search = SeededIntentClassifier(config, None, Resource("unused"))._create_classifier(1, [0] * 10)
    used = search.estimator.set_params(**{key: value for key, (value,) in search.param_grid[0].items()})
    ours = chosen.make()
    machine, other = used["machine"], ours["machine"]
    assert (other.kernel.keywords, "rbf") == ({"gamma": machine.gamma}, machine.kernel)
    differing = {"kernel", "gamma"}
    assert settings_of(other, differing) == settings_of(machine, differing)
    assert [name for name, _ in ours.steps] == [name for name, _ in used.steps]
    assert settings_of(ours["components"]) == settings_of(used["components"])


def settings_of(part: Any, differing: Iterable[str] = ()) -> dict[str, Any]:
    """What a part of a classifier was made with."""
    return {name: value for name, value in part.get_params().items() if name not in differing}


def test_a_higher_threshold_answers_less() -> None:
    asked = list(all_questions())
    assert len(asked) > 1500
    points = sweep("_SURE", asked[::40], (-0.8, 0.0, 5.0))
    assert [point.chosen for point in points] == [False, True, False]
    assert {(point.answerable, point.unanswerable) for point in points} == {
        (sum("reason" not in e for _, _, e in asked[::40]), sum("reason" in e for _, _, e in asked[::40]))
    }
    low, chosen, high = points
    assert low.right >= chosen.right > high.right
    assert low.given >= chosen.given >= high.given


def test_every_threshold_is_measured_where_it_stands() -> None:
    assert 0.0 in STEPS
    assert list(STEPS) == sorted(STEPS)
    for name in THRESHOLDS:
        assert [point.chosen for point in sweep(name, [], STEPS)].count(True) == 1


def test_everything_is_printed_and_kept(
    compared: tuple[Compared, ...], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr(command, "ROOT", tmp_path)
    monkeypatch.setattr(command, "REPORTS", tmp_path / "reports")
    monkeypatch.setattr(command, "dialogue", lambda: (Score("turns of conversations", 0.98, 3, 3), [FOUND]))
    monkeypatch.setattr(command, "scores", lambda: SCORES)
    monkeypatch.setattr(command, "compare", lambda _: compared)
    monkeypatch.setattr(command, "sweep", lambda *_: POINTS)
    monkeypatch.setattr(facts, "read_set", lambda name: read_set(name)[::40])
    default = Sorted("rasa init", EXAMPLES, ["greet"] * 4)
    monkeypatch.setattr(command.rasa_default, "sort_held_out", lambda: default)
    monkeypatch.setattr(sys, "argv", ["eval", "--baseline"])
    command.main()
    printed = squeezed(capsys.readouterr().out)
    report = squeezed((tmp_path / "reports" / "report.md").read_text(encoding="utf-8"))
    for shown in (
        "| stated facts, zh | 1/2 | 50.0% | 98% |",
        "| turns of conversations | 3/3 | 100.0% | 98% |",
        "| rasa init | en | 50.0% | 50.0% | 50.0% | 2 |",
        "| → | RBF SVM on principal components ",
        "| → | 0.50 | 97.0% | 1.0% | 2.0% | 2.00% |",
        "肝转移: read nothing",
    ):
        assert shown in printed
        assert shown in report
    assert "| lesion_count " in report
    for picture in ("intents.png", "thresholds.png"):
        assert f"({picture})" in report
        assert (tmp_path / "reports" / picture).read_bytes().startswith(b"\x89PNG")


def test_the_default_is_measured_only_when_asked_for(
    compared: tuple[Compared, ...], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def unwanted() -> Sorted:
        raise AssertionError("it trains for many minutes")

    monkeypatch.setattr(command, "ROOT", tmp_path)
    monkeypatch.setattr(command, "REPORTS", tmp_path)
    monkeypatch.setattr(command, "dialogue", lambda: (SCORES[0], [FOUND]))
    monkeypatch.setattr(command, "scores", lambda: SCORES)
    monkeypatch.setattr(command, "compare", lambda _: compared)
    monkeypatch.setattr(command, "sweep", lambda *_: POINTS)
    monkeypatch.setattr(command.rasa_default, "sort_held_out", unwanted)
    monkeypatch.setattr(sys, "argv", ["eval"])
    command.main()
    assert "rasa init" not in (tmp_path / "report.md").read_text(encoding="utf-8")
