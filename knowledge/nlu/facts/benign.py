"""What a size or a number turned out to be of: something benign."""

from __future__ import annotations

from knowledge.nlu.message import Message
from knowledge.nlu.quantities import Quantity
from knowledge.nlu.text import words

_VERDICT = 10
"""The most tokens between a diameter and what its lesion turned out to be."""
_TURNED_OUT = words("turned proved proven is was that's it's 是 为 实 考")
_PROVED = words("turned proved proven found shown 证 考")
_THAT = words("that that's it it's this which 那 这 是 其 后 考")
"""Words by which the next clause says what the thing just named is."""


def turned_out_benign(message: Message, quantity: Quantity, end: int) -> bool:
    """Whether what has a size or a number is said to be benign ("the 4 cm one turned out to be a haemangioma")."""
    if _benign_between(message, quantity.end, min(end, quantity.end + _VERDICT)):
        return True
    benign = message.document.first(quantity.end, min(end, quantity.end + 2 * _VERDICT), "other_lesion")
    if benign is not None:
        before = [message.document.word(i) for i in range(quantity.end, benign.start)]
        if before[-2:] == ["to", "be"] or before[-3:] == ["to", "be", "a"] or before[-1:] == ["为"]:
            return not _PROVED.isdisjoint(before)
    clause = message.clauses.of(quantity.number)
    start = clause.end + 1
    bracket = clause.mark == ")" and message.document.word(start) in _TURNED_OUT  # "(4.5 cm) is a haemangioma"
    if not bracket and message.document.word(start) not in _THAT:
        return False
    return _benign_between(message, start, min(message.clauses.sentence_end(quantity.number), start + _VERDICT))


def _benign_between(message: Message, start: int, end: int) -> bool:
    """Whether something benign is the verdict told between two tokens, with no lesion of the liver before it."""
    document = message.document
    benign = document.first(start, end, "other_lesion")
    if benign is None or document.first(start, benign.start, "lesion", "liver_metastasis", "organ.liver") is not None:
        return False
    return any(document.word(i) in _TURNED_OUT for i in range(start, benign.start))
