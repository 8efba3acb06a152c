"""How well intents are told apart, on messages that no example repeats."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from knowledge.models.base import LANGUAGES, Lang
from tests.evaluation.intents import Sorted, held_out, sort_held_out, training_examples

LEAST = 0.85
"""Fewer right than this share is a step back; what is right now is printed with `-rP`."""


@pytest.fixture(scope="module")
def found(agent: Any, loop: asyncio.AbstractEventLoop) -> Sorted:
    return sort_held_out(agent, loop)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_new_messages_are_told_apart(found: Sorted, lang: Lang) -> None:
    wrong, figures = found.misses(lang), found.tally(lang).micro()
    print(f"{lang}: {figures.recall:.1%} of {figures.support} messages right", *wrong, sep="\n  ")
    assert figures.support > 100
    assert figures.recall >= LEAST, "\n".join(wrong)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_messages_are_new(lang: Lang) -> None:
    known = {example.text.casefold() for example in training_examples() if example.lang == lang}
    assert len(known) > 700
    assert not [e.text for e in held_out() if e.lang == lang and e.text.casefold() in known]
