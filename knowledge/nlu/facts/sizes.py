"""The largest diameter of the liver metastases."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from knowledge.nlu.clauses import SENTENCE, Clause
from knowledge.nlu.document import Term
from knowledge.nlu.facts.changes import is_denied, is_difference, rank_of_size, starts_a_change
from knowledge.nlu.facts.count_labels import BETWEEN
from knowledge.nlu.facts.counting import counted
from knowledge.nlu.facts.distances import is_distance
from knowledge.nlu.facts.topics import LIVER, about_liver
from knowledge.nlu.message import REACH, Found, Message
from knowledge.nlu.quantities import CENTIMETRES, Quantity
from knowledge.nlu.text import words

SIZE = "largest_lesion_cm"
_MOST_CM = 10
_JOINT = 1
_MASS = words("tumour tumor mass 瘤 物")
_STAGE = re.compile(r"y?[pc]?t[0-4]")
_EARLIER = words("was were from 曾 原 前 ago previously before")
_COMPLETES = 5
"""The most words of a clause that only gives the number that the one before announced."""


@dataclass(frozen=True)
class Size:
    """A diameter in centimetres as said."""

    quantity: Quantity
    start: int
    end: int
    low: float | None
    high: float | None
    largest: bool
    smallest: bool
    rank: int


def read_size(message: Message, quantity: Quantity) -> Size | None:
    if quantity.unit not in CENTIMETRES:
        return _unmeasured(message, quantity)
    if quantity.glued or is_denied(message, quantity):
        return None
    if (
        is_distance(message, quantity)
        or _of_the_specimen(message, quantity)
        or is_difference(message, quantity)
        or not about_liver(message, quantity, size=True)
    ):
        return None
    factor = CENTIMETRES[quantity.unit]
    low, high = (None if v is None else round(v * factor, 4) for v in (quantity.low, quantity.high))
    label = _label(message, quantity)
    largest, smallest = label is not None and label.any("largest"), label is not None and label.any("smallest")
    if low != high and low is not None and high is not None and _varied(message, quantity):
        low, largest = high, True
    if low is None and high is not None and _reaches(message, quantity):
        low, largest = high, True
    start = label.start if label is not None and largest else quantity.start
    rank = rank_of_size(message, quantity)
    if quantity.negative:
        low = high = -1.0
    return Size(quantity, min(start, quantity.start), quantity.end, low, high, largest, smallest, rank)


def _of_the_specimen(message: Message, quantity: Quantity) -> bool:
    """Whether a tumour is measured beside nodes or a stage, and no liver before: it is the primary in a specimen."""
    document = message.document
    clause = message.clauses.of(quantity.number)
    start = max(clause.start, quantity.start - BETWEEN)
    mass = any(document.word(i) in _MASS for i in (*range(start, quantity.start), quantity.end))
    near = range(max(0, quantity.start - 2 * BETWEEN), min(len(document.tokens), quantity.end + BETWEEN))
    staged = any(_STAGE.match(document.word(i)) for i in near)
    if not mass or not (staged or any(document.find("organ.regional"))):
        return False
    return not any(t.any(*LIVER) for t in document.between(0, quantity.start))


def _reaches(message: Message, quantity: Quantity) -> bool:
    """Whether "up to" says how large the largest of some lesions is ("five mets, up to 3 cm")."""
    if (message.document.word(quantity.start), message.document.word(quantity.start + 1)) != ("up", "to"):
        return False
    start = max(message.clauses.sentence_start(quantity.number), quantity.start - REACH)
    last = message.before(quantity)
    vague = last is not None and last.start >= start and last.value is None  # "at least 3 lesions, up to 25 mm"
    return not vague and any(
        t.any("lesion", "liver_metastasis") for t in message.document.between(start, quantity.start)
    )


def _unmeasured(message: Message, quantity: Quantity) -> Size | None:
    """A diameter without a unit: centimetres if it is written as they are (2.7), else it has to be asked for."""
    if quantity.unit is not None or quantity.glued or starts_a_change(message, quantity):
        return None
    if not about_liver(message, quantity, size=True):
        return None
    clause = message.clauses.of(quantity.number)
    start = max(clause.start, quantity.start - BETWEEN, message.end_before(quantity))
    if not any(t.any("largest", "smallest") for t in message.document.between(start, quantity.start)):
        start = _goes_on_from(message, clause, start)
    labels = [t for t in message.document.between(start, quantity.start) if t.any("largest", "size_label", "smallest")]
    label = labels[-1] if labels else None
    if label is None and _written_as_centimetres(quantity) and _in_bare_list(message, quantity):
        rank = rank_of_size(message, quantity)
        low = quantity.value
        return Size(quantity, quantity.start, quantity.end, low, low, largest=False, smallest=False, rank=rank)
    if label is None or counted(message, quantity) is not None:
        return None
    if _written_as_centimetres(quantity) and not is_denied(message, quantity):
        smallest = label.any("smallest")
        return Size(
            quantity, label.start, quantity.end, quantity.low, quantity.high,
            largest=label.any("largest"), smallest=smallest, rank=rank_of_size(message, quantity),
        )  # fmt: skip
    if label.any("smallest"):
        return None
    return Size(quantity, label.start, quantity.end, None, None, largest=True, smallest=False, rank=1)


def _in_bare_list(message: Message, quantity: Quantity) -> bool:
    """Whether a bare number stands in a list of such behind lesions (肝脏4个转移，2.2、1.8、1.5)."""
    beside = any(
        other is not None
        and other.unit is None
        and _written_as_centimetres(other)
        and abs(first.start - second.end) <= _JOINT
        for other, first, second in (
            (message.before(quantity), quantity, message.before(quantity) or quantity),
            (message.after(quantity), message.after(quantity) or quantity, quantity),
        )
    )
    start = max(message.clauses.sentence_start(quantity.number), quantity.start - REACH)
    lesions = [
        t
        for t in message.document.between(start, quantity.start)
        if t.any("lesion", "liver_metastasis", "metastasis", "lab", "gene")
    ]
    return beside and bool(lesions) and not lesions[-1].any("lab", "gene")


def _goes_on_from(message: Message, clause: Clause, start: int) -> int:
    """Where the clause begins that a very short one completes (大的重新量了，是4.1)."""
    index = message.clauses.index(clause.start)
    if _EARLIER & {message.document.word(i) for i in range(clause.start, min(clause.end, clause.start + _COMPLETES))}:
        return start
    if (
        not index
        or clause.end - clause.start > _COMPLETES
        or message.clauses.separated(clause.start - 2, clause.start, SENTENCE)
    ):
        return start
    return max(message.clauses.clauses[index - 1].start, clause.start - BETWEEN * 2)


def _written_as_centimetres(quantity: Quantity) -> bool:
    """Whether a bare number can only be one of centimetres: nobody gives less than 10 mm with decimals and no unit."""
    return quantity.decimal and not quantity.strict and quantity.value is not None and 0 < quantity.value < _MOST_CM


def _label(message: Message, quantity: Quantity) -> Term | None:
    """The word that says which lesion a diameter is of: 最大, "the smallest", "3 cm in the largest"."""
    document = message.document
    clause = message.clauses.of(quantity.number)
    last = message.before(quantity)
    floor = max(message.window(quantity), last.end if last is not None and last.unit in CENTIMETRES else 0)
    nearest = None
    for term in document.between(floor, quantity.start):
        if term.any("largest", "smallest"):
            nearest = term
    if nearest is not None:
        return nearest
    for term in document.between(quantity.end, min(clause.end, quantity.end + 4)):
        if term.any("enumerator") or document.tokens[term.start].number:
            break
        if term.any("largest"):
            return term
    return None


def _varied(message: Message, quantity: Quantity) -> bool:
    """Whether a range is that of several lesions ("ranging from 1 to 3 cm", 1-3cm不等)."""
    clause = message.clauses.of(quantity.number)
    near = message.document.between(max(clause.start, quantity.start - 6), min(clause.end, quantity.end + 4))
    return any(term.any("varied") for term in near) or _of_several(message, quantity)


def _of_several(message: Message, quantity: Quantity) -> bool:
    """Whether a range makes up a clause behind a number of several lesions ("5 lesions, 2.1 to 3.8 cm")."""
    clause = message.clauses.of(quantity.number)
    last = message.before(quantity)
    if last is None or clause.end != quantity.end:
        return False
    span = counted(message, last)
    opening = message.document.between(max(clause.start, span[1] if span is not None else 0), quantity.start)
    if not all(t.any("size_label", "filler", "about", "each") for t in opening):
        return False
    if clause.start != quantity.start and (span is None or span[1] <= clause.start):
        return False
    near = not message.clauses.separated(last.number, quantity.number, SENTENCE) and clause.start - last.end <= BETWEEN
    return near and last.value is not None and last.value > 1 and span is not None


def largest(message: Message, sizes: list[Size]) -> Iterator[Found | None]:
    """The largest diameter of now, of what is asserted and of what is only asked or supposed."""
    if not sizes:
        return
    best = max(size.rank for size in sizes)
    first = next(size for size in sizes if size.rank == best)
    end = message.clauses.sentence_end(first.start)
    current = [s for s in sizes if s.rank == best or (s.rank > 0 and (best < 2 or first.start < s.start < end))]
    groups = [
        [s for s in current if message.frames.asserted(s.start, s.end)],
        [s for s in current if not message.frames.asserted(s.start, s.end)],
    ]
    for group in groups:
        yield from _largest(message, group)


def _largest(message: Message, sizes: list[Size]) -> Iterator[Found | None]:
    """The diameter marked as the largest, else the largest of those given."""
    sizes = _corrected(message, sizes)
    if len(sizes) == 1 and not sizes[0].largest and _of_another(message, sizes[0]):
        return
    marked = [size for size in sizes if size.largest]
    if marked:
        top = max((size.low for size in sizes if size.low is not None and not size.largest), default=0.0)
        for size in marked:
            yield _one_size(message, size, size.high is not None and top > size.high)
        return
    pool = sizes if any(not size.smallest for size in sizes) else []  # the smallest alone says nothing of the largest
    exact = [size for size in pool if size.low is not None and size.low == size.high]
    if exact:
        yield _one_size(message, max(exact, key=lambda size: size.high or 0), conflict=False)
    else:
        for size in pool:
            yield _one_size(message, size, conflict=False)


def _of_another(message: Message, size: Size) -> bool:
    """Whether the only diameter is that of one more lesion, which need not be the largest ("the second is 1 cm")."""
    before = [message.document.word(i) for i in range(max(0, size.start - 4), size.start)]
    chinese = "".join(before).rstrip("是为有约个枚颗大小直径")
    return {"second", "other", "third"} & set(before) != set() or chinese.endswith(("第二", "另一", "第三"))


def _corrected(message: Message, sizes: list[Size]) -> list[Size]:
    """The diameters behind the last word of correction between them; all where none is corrected."""
    last = max((size.start for size in sizes), default=0)
    corrections = [t for t in message.document.find("correction") if any(s.end <= t.start < last for s in sizes)]
    return [size for size in sizes if size.start > corrections[-1].start] if corrections else sizes


def _one_size(message: Message, size: Size, conflict: bool) -> Found | None:
    span = (size.start, size.end)
    doubt = message.context.cue_before(size.start, "uncertainty")
    if doubt is not None or message.context.cue_before(size.quantity.start, "uncertainty") is not None:
        return message.found(SIZE, *span, status="unknown", rank=size.rank)
    if size.low is None or size.low != size.high:
        return message.found(SIZE, *span, status="bound", low=size.low, high=size.high, rank=size.rank)
    if not 0 < size.low <= 40:
        return message.found(SIZE, *span, status="implausible", rank=size.rank)
    if conflict:
        return message.found(SIZE, *span, status="conflict", rank=size.rank)
    return message.found(SIZE, *span, value=size.low, rank=size.rank)
