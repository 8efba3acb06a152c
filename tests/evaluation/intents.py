"""How well intents are told apart: in cross-validation over the training examples, and on held-out messages."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from knowledge.models.base import LANGUAGES, Lang
from tests.evaluation.tally import Tally
from tests.yaml_files import read_yaml

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "nlu_data"
HELD_OUT = ROOT / "tests" / "dialogue" / "messages"
NONE = "nlu_fallback"
"""What Rasa calls a message that says nothing it understands: no intent is there, or none is found."""


@dataclass(frozen=True)
class Example:
    """A message and what it is for."""

    text: str
    intent: str
    lang: Lang


@dataclass(frozen=True)
class Sorted:
    """Messages with the intents that were found.

    Attributes:
        name: what found them.
        examples: the messages.
        found: an intent each.
    """

    name: str
    examples: Sequence[Example]
    found: Sequence[str]

    def tally(self, lang: Lang | None = None) -> Tally:
        """The counts for the messages of a language, or for all."""
        tally = Tally()
        for example, found in self._of(lang):
            tally.add(_label(example.intent), _label(found))
        return tally

    def confusions(self, lang: Lang | None = None) -> Counter[tuple[str, str]]:
        """How often one intent was taken for another, as (is, was taken for)."""
        return Counter((example.intent, found) for example, found in self._of(lang) if example.intent != found)

    def misses(self, lang: Lang) -> list[str]:
        """What went wrong, a line each."""
        return [f"{e.text}: {found} instead of {e.intent}" for e, found in self._of(lang) if found != e.intent]

    def _of(self, lang: Lang | None) -> Iterable[tuple[Example, str]]:
        pairs = zip(self.examples, self.found, strict=True)
        return [(example, found) for example, found in pairs if lang in (None, example.lang)]


def _label(intent: str) -> dict[str, bool]:
    return {} if intent == NONE else {intent: True}


def training_examples() -> list[Example]:
    """The examples the dialogue model is trained on, each text once: a repeated one would be known in every fold."""
    found: dict[tuple[str, str], Example] = {}
    for lang in LANGUAGES:
        for file in sorted((EXAMPLES / lang).glob("*.yml")):
            for example in _in(file, lang):
                found.setdefault((example.text, example.intent), example)
    return list(found.values())


def held_out() -> list[Example]:
    """Messages that no example repeats."""
    return [example for lang in LANGUAGES for example in _in(HELD_OUT / f"{lang}.yml", lang)]


def sort_held_out(agent: Any, loop: asyncio.AbstractEventLoop) -> Sorted:
    """What the trained assistant makes of the held-out messages."""
    examples = held_out()
    found = [loop.run_until_complete(agent.parse_message(example.text))["intent"]["name"] for example in examples]
    return Sorted("assistant", examples, found)


def _in(file: Path, lang: Lang) -> Iterable[Example]:
    for entry in read_yaml(file)["nlu"]:
        lines = entry.get("examples", "").splitlines() if "intent" in entry else ()
        yield from (Example(line.removeprefix("- "), entry["intent"], lang) for line in lines)
