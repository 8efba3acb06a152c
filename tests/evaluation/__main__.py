"""Measures how well messages are understood, prints it and keeps a report: `make eval`."""

from __future__ import annotations

import argparse
import asyncio
import itertools
import warnings
from collections.abc import Iterable
from pathlib import Path

from knowledge.models.base import LANGUAGES
from tests.evaluation import plots, rasa_default, tables
from tests.evaluation.abilities import Score, scores
from tests.evaluation.choices import Compared, compare
from tests.evaluation.conversations import turns
from tests.evaluation.facts import tally_facts
from tests.evaluation.intents import ROOT, Sorted, sort_held_out, training_examples
from tests.evaluation.thresholds import THRESHOLDS, Point, all_questions, sweep

REPORTS = ROOT / "reports" / "evaluation"


def main() -> None:
    """Print the tables, then what went wrong."""
    parser = argparse.ArgumentParser(prog="make eval ARGS=…", description=__doc__)
    parser.add_argument("--baseline", action="store_true", help="also Rasa's default; trained once, 5 to 17 minutes")
    given = parser.parse_args()
    talks, found = dialogue()
    measured = [*scores(), talks]
    print(tables.abilities(measured), flush=True)
    if given.baseline:
        found.append(rasa_default.sort_held_out())
    compared = compare(training_examples())
    asked = list(all_questions())
    sweeps = {label: sweep(name, asked) for name, label in THRESHOLDS.items()}
    for title, text in understanding(found, compared, sweeps).items():
        print(f"\n{title}\n\n{text}")
    for score in measured:
        if score.misses:
            print("", score.name, *(f"  {miss}" for miss in score.misses), sep="\n")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the release of matplotlib that Rasa holds warns of itself
        file = write(REPORTS, measured, found, compared, sweeps)
    print(f"\nreport: {file.relative_to(ROOT)}")


def dialogue() -> tuple[Score, list[Sorted]]:
    """What needs the trained assistant: whole conversations, and the intents of the held-out messages."""
    from bot.train import train
    from tests.talking import Conversation, load

    agent, loop, numbers = load(train()), asyncio.new_event_loop(), itertools.count()
    try:
        talks = turns(lambda: Conversation(agent, loop, f"user-{next(numbers)}"))
        return talks, [sort_held_out(agent, loop)]
    finally:
        loop.close()


def understanding(
    found: Iterable[Sorted], compared: Iterable[Compared], sweeps: dict[str, list[Point]]
) -> dict[str, str]:
    """The tables on intents, facts and thresholds, by title."""
    in_use = next(c.with_cues for c in compared if c.choice.chosen)
    return {
        "Intents of held-out messages": tables.intents(found),
        "Intents in cross-validation over the training examples": tables.intents([in_use]),
        "What is most often taken for what, in cross-validation": tables.confusions(in_use),
        "Facts in the messages of the sets": tables.facts({lang: tally_facts(lang) for lang in LANGUAGES}),
        "Classifiers and features by F1, same folds for all (→ in use)": tables.choices(compared),
        **{f"Threshold for {name} (→ in use)": tables.thresholds(points) for name, points in sweeps.items()},
    }


NOTES = """\
A message that is not understood has no intent found in it, neither rightly nor wrongly. Facts are read by a lexicon
that learns nothing from examples, so there is nothing to cross-validate; a fact counts as found rightly if its value is
right too. Rasa's default is compared on intents alone: the training examples have no entities marked that it could
learn. They hold many ways to say the same, so cross-validation flatters all choices alike. How the sets are made:
tests/evaluation/README.md.
"""


def write(
    folder: Path,
    measured: Iterable[Score],
    found: Iterable[Sorted],
    compared: Iterable[Compared],
    sweeps: dict[str, list[Point]],
) -> Path:
    """The report with everything, and its pictures beside it; returns its file."""
    folder.mkdir(parents=True, exist_ok=True)
    in_use = next(c.with_cues for c in compared if c.choice.chosen)
    plots.confusion_matrix(in_use, folder / "intents.png")
    plots.threshold_curves(sweeps, folder / "thresholds.png")
    sections = {
        "Abilities": tables.abilities(measured),
        **understanding(found, compared, sweeps),
        "Intents one by one, in cross-validation": tables.labels({lang: in_use.tally(lang) for lang in LANGUAGES}),
        "Facts one by one": tables.labels({lang: tally_facts(lang) for lang in LANGUAGES}),
        "Pictures": "![Intents in cross-validation](intents.png)\n\n![Thresholds](thresholds.png)",
        "What went wrong": "\n".join(f"- {score.name}: {miss}" for score in measured for miss in score.misses),
    }
    text = "".join(f"\n## {title}\n\n{section}\n" for title, section in sections.items())
    file = folder / "report.md"
    file.write_text(f"# How well messages are understood\n\n{NOTES}{text}", encoding="utf-8")
    return file


if __name__ == "__main__":
    main()
