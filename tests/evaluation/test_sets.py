"""The sets say nothing that the dialogue model has learnt from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from knowledge.nlu.text import normalise
from tests.evaluation.abilities import SETS, read_set
from tests.evaluation.intents import training_examples

COINCIDENCES = {
    "新辅助化疗一般做多久？",
    "APRI有什么预后价值？",
    "Who won the world cup?",
    "just show me the options",
    "5-year DFS with upfront ablation?",
    "What are the risks of conversion therapy?",
    "found together with the primary",
}
"""What people wrote into conversations though it stood among the examples before. The list does not grow."""


def said(items: Iterable[object]) -> Iterator[str]:
    """Every message of a set."""
    for item in items:
        turns = item if isinstance(item, list) else [item]
        for turn in turns:
            yield from (str(turn[key]) for key in ("text", "q", "say") if key in turn)
            yield from map(str, (turn.get("if_asked") or {}).values())


def plain(text: str) -> str:
    """The text without what makes no difference: case, width, script, punctuation, spaces."""
    return re.sub(r"\W+", "", normalise(text).text.casefold())


def is_sentence(text: str) -> bool:
    """Whether it is more than a phrase such as "new patient" or 没做过肝切除, which everybody says in the same way."""
    return len(re.findall(r"[a-z0-9]+", normalise(text).text.casefold())) + len(re.findall("[㐀-鿿]", text)) / 2 > 4


def repeated(messages: Iterable[str], examples: Iterable[str]) -> set[str]:
    """The sentences among the messages that are among the examples too."""
    known = {plain(example) for example in examples}
    return {message for message in messages if is_sentence(message) and plain(message) in known}


@pytest.mark.parametrize("name", sorted(file.stem for file in Path(SETS).glob("*.yaml")))
def test_no_sentence_of_a_set_is_an_example(name: str) -> None:
    messages = list(said(read_set(name)))
    assert len(messages) > 100
    found = repeated(messages, (example.text for example in training_examples()))
    assert set(map(plain, found)) <= set(map(plain, COINCIDENCES))


def test_the_coincidences_are_some() -> None:
    found = repeated(said(read_set("talks")), (example.text for example in training_examples()))
    assert set(map(plain, found)) == set(map(plain, COINCIDENCES))


@pytest.mark.parametrize(
    ("message", "example", "same"),
    [
        ("How long does PFS last after TACE?", "how long does PFS last after TACE", True),
        ("肝轉移灶切除後的５年生存率？", "肝转移灶切除后的5年生存率", True),
        ("How long does PFS last after TACE?", "how long does OS last after TACE", False),
        ("New patient!", "new patient", False),
    ],
)
def test_a_repeated_sentence_is_found(message: str, example: str, same: bool) -> None:
    assert repeated([message], ["something else", example]) == ({message} if same else set())
