"""The part of the liver that a number is said of."""

from __future__ import annotations

from knowledge.nlu.document import Term
from knowledge.nlu.message import Message
from knowledge.nlu.quantities import Quantity
from knowledge.nlu.text import words

_SIDES = words("left right")
_THERE_ARE = words("there are is he she has have now only just")
_OTHER_SIDE = 16
"""The most tokens between the numbers of two sides."""


def placed(message: Message, quantity: Quantity) -> Term | None:
    """The lobe or segment a bare number is said to be in ("2 in the left lobe and 1 in the right")."""
    side = message.document.word(quantity.end)
    end = quantity.end + (2 if side == "on" else 0)
    if message.document.word(end) in _SIDES:
        sentence = range(message.clauses.sentence_start(quantity.number), message.clauses.sentence_end(quantity.number))
        near = {message.document.word(i) for i in sentence if abs(i - quantity.number) <= _OTHER_SIDE}
        both = near >= _SIDES and message.document.word(end + 1) not in ("lobe", "liver", "hepatic")
        return Term(end, end + 1, frozenset({"lobe"})) if both else None  # "2 left + 3 right", "2 on the left"
    if side not in ("in", "at"):
        return None
    for term in message.document.between(quantity.end, quantity.end + 3):
        if term.any("lobe", "segment"):
            return term
    return None


def in_liver(message: Message, quantity: Quantity) -> int | None:
    """Where "in the liver" ends behind a bare number ("three in the liver")."""
    words = [message.document.word(i) for i in range(quantity.end, quantity.end + 3)]
    return quantity.end + 3 if words[:1] == ["in"] and words[2:] == ["liver"] else None


def alone_in_liver(message: Message, quantity: Quantity) -> bool:
    """Whether a clause says no more than "in the liver" and a number ("in the liver fourteen, biggest 7.5 cm")."""
    clause = message.clauses.of(quantity.number)
    said = [message.document.word(i) for i in range(clause.start, quantity.start)]
    while said and said[-1] in _THERE_ARE:
        said.pop()
    return quantity.end == clause.end and said in (["in", "the", "liver"], ["in", "liver"])


def part_of_liver(message: Message, quantity: Quantity, end: int) -> Term | None:
    """The lobe or segment a number is said of."""
    clause = message.clauses.of(quantity.number)
    nearest: Term | None = None
    for term in message.document.between(
        max(message.window(quantity), _end_of_count(message, quantity)), quantity.start
    ):
        if term.any("lobe", "segment"):
            nearest = term
    if nearest is not None:
        return nearest
    for term in message.document.between(end, min(clause.end, end + 5)):
        if term.any("lobe", "segment"):
            return term
        if term.any("enumerator", "lesion"):
            return None
    return None


def _end_of_count(message: Message, quantity: Quantity) -> int:
    """Where the last number that can be one of lesions ends."""
    before = message.before(quantity)
    while before is not None and (before.unit == "other" or before.glued) and quantity.start - before.end < 40:
        before = message.before(before)
    return before.end if before is not None else 0
