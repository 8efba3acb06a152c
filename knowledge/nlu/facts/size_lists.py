"""Lists of diameters, and whether they are those of all lesions."""

from __future__ import annotations

import re

from knowledge.nlu.facts.sizes import Size
from knowledge.nlu.facts.topics import LIVER
from knowledge.nlu.message import Message

_BEHIND, _NEAR = 10, 4
_ROMAN = re.compile(r"(?:i{1,3}|iv|vi{0,3})[ab]?")
_PARTS = "abcd"
"""Letters of the parts of a liver segment."""


def listed_sizes(message: Message, sizes: list[Size]) -> list[Size]:
    """The longest list of exact diameters in which nothing but list marks stands between."""
    best: list[Size] = []
    run: list[Size] = []
    for size in sizes:
        if size.low is None or size.low != size.high or size.rank == 0:
            run = []
            continue
        run = [*run, size] if run and _adjacent(message, run[-1], size) else [size]
        if len(run) > len(best):
            best = run
    return best if len(best) > 1 else []


def _adjacent(message: Message, first: Size, second: Size) -> bool:
    document = message.document
    gap = range(first.quantity.end, second.quantity.start)
    bracketed = any(t.any("segment", "lobe") for t in document.between(gap.start, gap.stop))
    for index in gap:
        term = document.term_at(index)
        joint = document.word(index) in ("、", ",", "/", "and", "&", "+", ";", "，")
        place = term is not None and term.any("enumerator", "about", "segment", "lobe")
        if bracketed and document.word(index) in ("(", ")"):
            continue
        if not joint and not place and not _segment_number(message, index):
            return False
    return True


def _segment_number(message: Message, index: int) -> bool:
    """Whether a token is the number of a liver segment (S4, "seg IVb"), or the letter behind it (S4b)."""
    before = message.document.term_at(index - 1)
    word = message.document.word(index)
    if message.document.word(index - 1) == "/" and message.document.tokens[index].number and index > 1:
        return _segment_number(message, index - 2)  # S6/7
    if before is not None and before.any("segment"):
        return message.document.tokens[index].number or _ROMAN.fullmatch(word) is not None
    lettered = len(word) == 1 and word in _PARTS and not message.document.tokens[index].spaced
    return lettered and message.document.tokens[index - 1].number and _segment_number(message, index - 1)


def _hedged(message: Message, listed: list[Size]) -> bool:
    """Whether a list says itself that it is only of some lesions."""
    clause = message.clauses.of(listed[0].start)
    end = min(len(message.document.tokens), listed[-1].end + 3)
    terms = message.document.between(clause.start, end)
    ranged = message.document.word(listed[0].start - 1) in ("from", "between", "从")
    return ranged or any(t.any("largest", "smallest", "example", "multiple") for t in terms)


def all_of_them(message: Message, listed: list[Size]) -> bool:
    """Whether a list of diameters is plainly that of all lesions."""
    if _hedged(message, listed) or any(_may_count(message, size) for size in listed) or _one_in_doubt(message, listed):
        return False
    start = message.clauses.sentence_start(listed[0].start)
    before = list(message.document.between(start, listed[0].start))
    if any(t.any("multiple", "example") for t in before):
        return False
    return any(t.any("lesion", "respectively", *LIVER) for t in before) or any(
        t.any("lesion", "liver_metastasis") for t in message.document.between(listed[-1].end, listed[-1].end + 4)
    )


def _may_count(message: Message, size: Size) -> bool:
    """Whether "2 x 1.5 cm" may be two of 1.5 cm and not one of 2 by 1.5."""
    word = message.document.word(size.quantity.number)
    return size.quantity.product and word.isdigit() and not size.quantity.decimal


def _one_in_doubt(message: Message, listed: list[Size]) -> bool:
    """Whether one more is in doubt behind the list ("?5th lesion in seg 1")."""
    end = min(len(message.document.tokens), listed[-1].end + _BEHIND)
    terms = list(message.document.between(listed[-1].end, end))
    doubts = [t for t in terms if t.any("maybe", "maybe_after")]
    return any(t.any("lesion") and any(abs(d.start - t.start) <= _NEAR for d in doubts) for t in terms)


def meant_as_all(message: Message, listed: list[Size], value: float) -> bool:
    """Whether a list of diameters contradicts a number of lesions."""
    return len(listed) > value or not _hedged(message, listed)
