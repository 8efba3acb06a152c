"""Of several numbers of lesions those that hold: a sum, what is left of benign ones, not the items of a list."""

from __future__ import annotations

from dataclasses import dataclass, replace

from knowledge.nlu.document import Term
from knowledge.nlu.facts.counting import counted
from knowledge.nlu.facts.counts_in_series import is_part
from knowledge.nlu.facts.operation_done import AGAIN
from knowledge.nlu.facts.topics import names_metastases
from knowledge.nlu.message import REACH, Message
from knowledge.nlu.quantities import CENTIMETRES, Quantity
from knowledge.nlu.text import words

_SO = words("so therefore thus hence leaving leaves 所 因 故 实 真 剩 只 仅")
"""Words by which a number is what comes of the numbers before it (所以转移只有一颗)."""


_GONE = words("消失 不见 disappeared vanished resolved")
_NEAR = 6
"""The most tokens between a number and the word that says that so many are gone."""


@dataclass(frozen=True)
class Count:
    """A number of lesions as said: its quantity and the tokens that say it."""

    quantity: Quantity
    start: int
    end: int
    part: Term | None
    rank: int

    @property
    def single(self) -> bool:
        """Whether it is one lesion."""
        return self.quantity.value == 1


def that_hold(message: Message, counts: list[Count]) -> list[Count]:
    """The numbers of lesions that hold, of several that are told."""
    return _concluded(message, counts) or _total(message, counts) or _without_items(message, counts)


def behind_vanished(message: Message) -> int | None:
    """The token behind the last words by which a number of lesions are gone; what was told before no longer holds.

    消失了2个, "one of them has disappeared". None where all are gone, or no number stands beside.
    """
    word, ends = message.document.word, []
    for index in range(len(message.document.tokens)):
        if word(index) not in _GONE and word(index) + word(index + 1) not in _GONE:
            continue
        clause = message.clauses.of(index)
        near = [q for q in message.quantities if clause.start <= q.number < clause.end and q.unit in (None, "count")]
        number = next((q for q in near if abs(q.number - index) <= _NEAR and word(q.start - 1) != "but"), None)
        if number is not None:
            ends.append(max(index + 1, number.end))
    return ends[-1] if ends else None


def _total(message: Message, counts: list[Count]) -> list[Count]:
    """The number that is called the sum of the others ("S4、S8各1枚，共2枚"), with their time."""
    for count in counts:
        before = message.document.term_at(count.start - 1)
        equals = message.document.word(count.start - 1) == "="
        if before is not None and (equals or before.any("total")) and len(counts) > 1:
            largest = max(other.quantity.value or 0 for other in counts)
            if (count.quantity.value or 0) >= largest:
                return [replace(count, rank=max(other.rank for other in counts))]
    return []


def _concluded(message: Message, counts: list[Count]) -> list[Count]:
    """The number that is left when some turned out to be benign ("two ... one is a cyst, so only one met")."""
    if len(counts) < 2:
        return []
    named = [c for c in counts if names_metastases(message, c.quantity)]
    found = message.document.first(counts[0].end, len(message.document.tokens), "other_lesion")
    if len(named) == 1 and found is not None and (named[0] is counts[-1] or found.start < named[0].start):
        return named
    last, start = counts[-1], message.clauses.of(counts[-1].start).start
    benign = message.document.first(counts[0].end, last.start, "other_lesion")
    opening = {message.document.word(i) for i in range(max(start - 1, last.start - REACH), last.start)}
    return [last] if benign is not None and opening & _SO else []


def _without_items(message: Message, counts: list[Count]) -> list[Count]:
    """The numbers without those that only begin the description of one lesion ("2枚，一枚1.8cm一枚2.6cm")."""
    if len(counts) == 1 and counts[0].single and (_another(message, counts[0]) or _beside_others(message, counts[0])):
        return []
    counts = [c for c in counts if not (is_part(message, c.quantity) and len(counts) > 1)] or counts
    others = [c for c in counts if not (c.single and _begins_an_item(message, c, counts[0]))]
    now = max((c.rank for c in counts), default=0)
    return others if any(c.rank == now for c in others) else counts


def _begins_an_item(message: Message, count: Count, first: Count) -> bool:
    """Whether "one" only begins the description of a lesion that is counted already, and is not all that came back."""
    if message.document.first(first.end, count.start, *AGAIN) is not None:
        return False  # 2022年4枚，已切除；2024年肝内复发，1枚，1.9cm
    return _measured_next(message, count.quantity) or _one_more(message, count)


def _one_more(message: Message, count: Count) -> bool:
    """Whether a lesion is told as one that came on top of others (又看见一枚)."""
    words = [message.document.word(i) for i in range(max(0, count.start - 4), count.start)]
    return bool({"又", "再", "另", "additional", "another"}.intersection(words))


def _another(message: Message, item: Count) -> bool:
    """Whether a further lesion is described after one ("one lesion of 3 cm, another of 2 cm")."""
    end = min(len(message.document.tokens), item.end + 16)
    word, document = message.document.word, message.document
    further = (
        i for i in range(item.end, end) if word(i) == "another" or (word(i) == "另" and word(i + 1) in ("一", "外"))
    )
    return any(document.first(i, message.clauses.of(i).end, "other_lesion") is None for i in further)


def _beside_others(message: Message, item: Count) -> bool:
    """Whether one lesion with a segment follows others ("met in segment 4, 22 mm, and one in segment 8")."""
    start = max(message.clauses.sentence_start(item.start), item.start - REACH)
    before = message.document.between(start, item.start)
    joined = message.document.term_at(item.start - 1)
    placed_behind = message.document.word(item.quantity.end) == "in" and joined is not None and joined.any("enumerator")
    return placed_behind and any(t.any("segment") for t in before)


def single_items(message: Message) -> list[Quantity]:
    """Each "one" that is told with its diameter (一个1.6cm，一个2.2cm; 2.4cm一个，1.9cm一个)."""
    return [
        quantity
        for quantity in message.quantities
        if quantity.value == 1
        and (quantity.unit == "count" or (quantity.unit is None and counted(message, quantity) is not None))
        and (_measured_before(message, quantity) or _measured_next(message, quantity))
    ]


def _measured_before(message: Message, quantity: Quantity) -> bool:
    """Whether a diameter stands right before "one" (2.4cm一个，1.9cm一个)."""
    last = message.before(quantity)
    return last is not None and last.unit in CENTIMETRES and quantity.start - last.end <= 1


def _measured_next(message: Message, quantity: Quantity) -> bool:
    following = message.after(quantity)
    return following is not None and following.unit in CENTIMETRES and following.start - quantity.end <= 2
