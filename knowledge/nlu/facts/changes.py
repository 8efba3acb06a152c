"""Numbers that no longer hold: rejected ones, and those a change began from."""

from __future__ import annotations

from knowledge.nlu.message import Message
from knowledge.nlu.quantities import Quantity


def is_denied(message: Message, quantity: Quantity) -> bool:
    """Whether a number is named only to be rejected ("not 3")."""
    before = message.document.term_at(quantity.start - 1)
    return before is not None and before.any("not") and message.document.word(before.start) in ("不", "非", "not", "并")


def starts_a_change(message: Message, quantity: Quantity) -> bool:
    """Whether a number is what a change began from ("from 5 to 3", 5→3)."""
    document = message.document
    before = document.term_at(quantity.start - 1)
    if document.word(quantity.end) in ("→", ">"):
        return True
    if any(t.any("shrinkage") for t in document.between(quantity.end, quantity.end + 4)) and _another_follows(
        message, quantity
    ):
        return True
    if before is None:
        return False
    starts = before.any("from") or (before.any("shrinkage") and document.word(before.end - 1) == "from")
    if not starts:
        return False
    clause_end = message.clauses.sentence_end(quantity.number)
    return any(
        term.any("shrinkage") or document.word(term.start) in ("to", "到", "至")
        for term in message.document.between(quantity.end, min(clause_end, quantity.end + 8))
    ) or before.any("shrinkage")


def _another_follows(message: Message, quantity: Quantity) -> bool:
    """Whether the next number stands in the same clause."""
    following = message.after(quantity)
    return following is not None and following.number < message.clauses.of(quantity.number).end
