"""No reader takes more than linear time: four times the text takes about four times as long."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator

import pytest

from bot.nlu.cleaning import clean
from knowledge.loading import load_knowledge
from knowledge.nlu.concepts import find_concepts
from knowledge.nlu.extraction import FactExtractor
from knowledge.nlu.language import detect
from knowledge.questions import Questions

BLOCKS = (
    *(
        "1,",
        "KRAS,",
        "wt/",
        "2-3 cm ",
        "最大2cm,",
        "不",
        "no ",
        "3枚，",
        "[14] ",
        "5年 ",
        "and ",
        "(",
        "2x",
        "? ",
        "CEA 5 ",
    ),
    *("肝", "肝转移", "if ", "5 years ", "TACE vs ", "-- ", ". ", "1.", "1/", "十", "如果", "ago, ", "2 mets "),
)
_SHORT = 500
_TIMES = 4
_TOO_MUCH = 9.0
"""Quadratic time would be 16 times as long; the beginnings of a message cost something too, and clocks are coarse."""
_NOTHING = 0.05
"""Seconds that need no looking into."""

Reader = Callable[[str], object]


@pytest.fixture(scope="module")
def readers() -> dict[str, Reader]:
    facts, questions = FactExtractor.create(), Questions.create(load_knowledge())
    return {
        "facts": facts.extract,
        "names": find_concepts,
        "language": lambda text: detect(text, None),
        "cleaning": clean,
        "questions": lambda text: questions.ask(text, "zh"),
    }


@pytest.fixture(autouse=True)
def no_garbage_collection() -> Iterator[None]:
    """It strikes at random and takes longer the more there is in memory."""
    gc.disable()
    yield
    gc.enable()


def taken(read: Reader, text: str) -> float:
    """Seconds of the processor, whatever else the machine does."""
    began = time.thread_time()
    read(text)
    return time.thread_time() - began


@pytest.mark.parametrize("block", BLOCKS)
def test_time_grows_with_the_length(readers: dict[str, Reader], block: str) -> None:
    short, long = ((block * length)[:length] for length in (_SHORT, _SHORT * _TIMES))
    for name, read in readers.items():
        read(block)
        for _ in range(3):  # a machine that is busy may be wrong once
            before, after = taken(read, short), taken(read, long)
            if after < _NOTHING or after < before * _TOO_MUCH:
                break
        else:
            pytest.fail(f"{name}: {before:.3f} s for {len(short)} characters, {after:.3f} s for {len(long)}")


def test_a_reader_that_takes_longer_is_noticed() -> None:
    def pairs(text: str) -> int:
        return sum(one == other for one in text for other in text)

    assert taken(pairs, "a" * _SHORT * _TIMES) > taken(pairs, "a" * _SHORT) * _TOO_MUCH
