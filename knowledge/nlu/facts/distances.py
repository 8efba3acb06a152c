"""Lengths that are no size of a lesion: margins, distances, zones, slice thicknesses."""

from __future__ import annotations

from knowledge.nlu.document import Term
from knowledge.nlu.message import Message
from knowledge.nlu.quantities import Quantity

_NOUN_SOON = 4
"""The most tokens between a length and the lesion it is of ("zone 4.2 cm with a 1.6 cm viable nodule")."""
_GROWS = (
    "lesion",
    "liver_metastasis",
    "failure.recurrence",
    "failure.progression",
    "failure.new",
    "regrowth",
    "residual",
    "failure.failed",
)
"""What has a size of its own, though it is told of where it grows ("progression at the ablation margin, 2.6 cm")."""


def _behind_a_distance(message: Message, quantity: Quantity) -> bool:
    """Whether a bare size goes on from a clause on a zone or a collection ("cavity in segment VI, 4 cm")."""
    clause = message.clauses.of(quantity.number)
    if quantity.start - clause.start > 1 or message.clauses.index(quantity.number) == 0:
        return False
    before = message.clauses.clauses[message.clauses.index(quantity.number) - 1]
    terms = list(message.document.between(before.start, before.end))
    same = before.sentence == clause.sentence
    return same and any(t.any("distance") for t in terms) and not any(t.any(*_GROWS) for t in terms)


def is_distance(message: Message, quantity: Quantity) -> bool:
    """Whether a length is no size of a lesion: a margin, a distance from something, a slice thickness."""
    nearest: Term | None = None
    behind = message.document.between(
        quantity.end, min(message.clauses.of(quantity.number).end, quantity.end + _NOUN_SOON)
    )
    if any(t.any("lesion") for t in behind):
        return False  # "zone 4.2 cm with a 1.6 cm viable nodule"
    for term in message.document.between(message.window(quantity), quantity.start):
        if (
            nearest is not None
            and nearest.any("distance")
            and (term.any("size_label") or (nearest.end == term.start and term.any("lesion", "liver_metastasis")))
        ):
            continue  # 距病灶0.8cm
        if term.any("distance") and (nearest is not None and nearest.any(*_GROWS[2:])):
            continue
        if term.any("distance", "largest", "size_label", "smallest", "reserve_name", *_GROWS):
            nearest = term
    if nearest is not None and nearest.any("distance"):
        return True
    if nearest is None and _behind_a_distance(message, quantity):
        return True
    following = message.document.term_at(quantity.end + (message.document.word(quantity.end) in ("是", "为")))
    if following is not None and following.any("distance"):
        return True
    origin = message.document.first(quantity.end, quantity.end + _NOUN_SOON, "primary_site", "primary", "colorectal")
    return message.document.word(quantity.end) == "from" and origin is None and quantity.unit in ("cm", "mm")
