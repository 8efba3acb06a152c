"""How well intents are told apart, on messages that no example repeats."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

MESSAGES = Path(__file__).with_name("messages")
EXAMPLES = Path(__file__).resolve().parents[2] / "nlu_data"
LEAST = 0.85
"""Fewer right than this share is a step back; what is right now is printed with `-rP`."""


def messages(folder: Path, name: str) -> Iterator[tuple[str, str]]:
    for file in sorted(folder.glob(name)):
        for entry in yaml.safe_load(file.read_text(encoding="utf-8"))["nlu"]:
            yield from ((line.removeprefix("- "), entry["intent"]) for line in entry["examples"].splitlines())


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_new_messages_are_told_apart(agent: Any, loop: asyncio.AbstractEventLoop, lang: str) -> None:
    wrong: list[str] = []
    seen: Counter[str] = Counter()
    for text, intent in messages(MESSAGES, f"{lang}.yml"):
        found = loop.run_until_complete(agent.parse_message(text))["intent"]["name"]
        seen[intent] += 1
        if found != intent:
            wrong.append(f"{text}: {found} instead of {intent}")
    share = 1 - len(wrong) / seen.total()
    print(f"{lang}: {share:.1%} of {seen.total()} messages right", *wrong, sep="\n  ")
    assert share >= LEAST, "\n".join(wrong)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_messages_are_new(lang: str) -> None:
    known = {text.casefold() for text, _ in messages(EXAMPLES / lang, "*.yml")}
    assert len(known) > 700
    assert not [text for text, _ in messages(MESSAGES, f"{lang}.yml") if text.casefold() in known]
