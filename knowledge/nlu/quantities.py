"""Numbers with what belongs to them: ranges and limits, dimensions, units, minus signs."""

from __future__ import annotations

from dataclasses import dataclass, replace

from knowledge.nlu.adjoining import SEGMENTS, is_negative, is_part_of_name
from knowledge.nlu.document import Document
from knowledge.nlu.numerals import MONTHS, Figure, half, is_year, read_number, tenths
from knowledge.nlu.ranges import dimension_end, is_counted, may_begin, range_end
from knowledge.nlu.text import words

_NO_LIST = frozenset({*MONTHS, "="})
_LIST_MARKS = words("、 , / and 和 及 & + ; not 不 是 而")
CENTIMETRES = {"cm": 1.0, "mm": 0.1}
"""The units of length, in centimetres."""


@dataclass(frozen=True)
class Quantity:
    """A number with its limits and unit.

    Attributes:
        start, end: its tokens (end exclusive), with comparison words and unit.
        number: the token where the figures begin.
        low, high: inclusive limits; equal for an exact number, None for open.
        strict: whether a limit itself is excluded (`> 3`).
        unit: the unit's name after `unit.`, `other` for a noun that is no measure of a lesion, or None.
        negative: whether a minus sign stands before it.
        glued: whether it is a number that letters touch, such as the 12 of `G12D`: then it is part of a name.
        product: whether it is the largest of several dimensions (`3 × 2 cm`).
        decimal: whether it is written with a decimal point.
    """

    start: int
    end: int
    number: int
    low: float | None
    high: float | None
    strict: bool = False
    unit: str | None = None
    negative: bool = False
    glued: bool = False
    product: bool = False
    decimal: bool = False

    @property
    def value(self) -> float | None:
        """The number, if it is an exact one."""
        return self.low if self.low == self.high else None

    @property
    def can_be_a_year(self) -> bool:
        """Whether it is a number without unit that can be a year."""
        return self.unit is None and self.value is not None and is_year(self.value)


def quantities(document: Document) -> tuple[Quantity, ...]:
    """All numbers of a message in order; numbers inside words of the lexicon (一线, TP53) are none."""
    found: list[Quantity] = []
    index = 0
    while index < len(document.tokens):
        figure = read_number(document, index) if may_begin(document, index) else None
        if figure is None:
            index += 1
            continue
        quantity = _complete(document, figure, found[-1].end if found else 0)
        found.append(quantity)
        index = quantity.end
    return tuple(_share_units(document, _segments(document, found)))


def _segments(document: Document, found: list[Quantity]) -> list[Quantity]:
    """Mark the further numbers in a list of liver segments ("seg 5 and 8")."""
    for position in range(1, len(found)):
        last, quantity = found[position - 1], found[position]
        label = document.term_at(last.number - 1)
        listed = (
            last.glued
            and (position > 1 or label is not None)
            and quantity.unit is None
            and quantity.start - last.end == 1
        )
        joint = document.word(last.end) in ("and", "/", "&", "和", "、", "及", "-", "+")
        joint = joint or (document.word(last.end) in (",", "，") and _plural_label(document, found, position - 1))
        small = quantity.value is not None and quantity.value < SEGMENTS and not is_counted(document, quantity.end)
        small = small and document.tokens[quantity.number].number and document.word(quantity.end) != "in"
        if listed and joint and small and _is_segment(document, found, position - 1):
            found[position] = replace(quantity, glued=True)
    return found


def _plural_label(document: Document, found: list[Quantity], position: int) -> bool:
    """Whether the first number of a list stands behind "segments" ("segments 2, 5 and 8")."""
    while position and found[position].glued and found[position].start - found[position - 1].end == 1:
        position -= 1
    return document.word(found[position].number - 1) in ("segments", "segs")


def _is_segment(document: Document, found: list[Quantity], position: int) -> bool:
    """Whether a number is that of a liver segment: it, or the first one it is listed with, stands behind the word."""
    while position and found[position].glued and found[position].start - found[position - 1].end == 1:
        position -= 1
    label = document.term_at(found[position].number - 1)
    return label is not None and label.any("segment")


def _complete(document: Document, figure: Figure, floor: int) -> Quantity:
    """A number with everything that belongs to it: a range, dimensions, a unit, words of comparison."""
    low, high, end = figure.low, figure.high, figure.end
    decimal = "." in document.word(figure.start)
    label = document.term_at(figure.start - 1)
    joined = None if label is not None and label.any("segment") else range_end(document, end)  # "seg 5 - 18 mm"
    product = False
    if joined is not None and low == high:
        low, high, end = min(low, joined.low), max(high, joined.high), joined.end
        if joined.low < figure.low:
            low, high, end = figure.low, figure.high, figure.end
    else:
        other = dimension_end(document, end)
        while other is not None:
            product = True
            low = high = max(low, other.low)
            end = other.end
            other = dimension_end(document, end)
    quantity = Quantity(figure.start, end, figure.start, low, high, product=product, decimal=decimal)
    quantity = _with_unit(document, quantity)
    quantity = _with_comparison(document, quantity, floor)
    minus = quantity.number - 1
    return replace(
        quantity,
        glued=is_part_of_name(document, figure.start, end),
        negative=is_negative(document, minus),
        start=minus if is_negative(document, minus) else quantity.start,
    )


def _with_unit(document: Document, quantity: Quantity) -> Quantity:
    index = quantity.end
    while document.word(index) in ("-", "\u00b7") and not document.tokens[index].spaced:
        index += 1
    term = document.term_at(index)
    if term is None or term.start != index:
        return replace(quantity, unit="count") if document.word(quantity.end - 1) in ("俩", "仨") else quantity
    unit = term.kind("unit")
    if unit in ("cm", "mm") or (unit and unit != "count"):
        low, high, end = quantity.low, quantity.high, term.end
        behind = half(document, end)
        more = 0.5 if behind else tenths(document, end)
        if more and low is not None and low == high:
            low = high = round(low + more, 4)
            end += behind or 1
        return replace(quantity, unit=unit, end=end, low=low, high=high)
    if document.word(quantity.end - 1) in ("俩", "仨"):
        return replace(quantity, unit="count")
    if unit == "count":
        return replace(quantity, unit=unit, end=term.end)
    if term.any("other_noun"):
        behind = half(document, term.end) if quantity.value is not None else 0
        more = 0.5 if behind else 0.0
        low, high = (None if v is None else v + more for v in (quantity.low, quantity.high))
        return replace(quantity, unit="other", end=term.end + behind, low=low, high=high)
    return quantity


def _with_comparison(document: Document, quantity: Quantity, floor: int) -> Quantity:
    """The limits that words around a number set: more than 5, 3 cm以下, about 4."""
    start = quantity.start - (document.word(quantity.start) == "dozen" and document.word(quantity.start - 1) == "a")
    low, high, strict = quantity.low, quantity.high, False
    while start > floor:
        term = document.term_at(start - 1)
        if term is None or term.end != start or not term.any("more_than", "at_least", "less_than", "at_most", "about"):
            break
        if term.any("more_than", "at_least"):
            high, strict = None, strict or term.any("more_than")
        elif term.any("less_than", "at_most"):
            low, strict = None, strict or term.any("less_than")
        start = term.start
    end, unit = quantity.end, quantity.unit
    after = document.term_at(end)
    if after is not None and after.start == end and low is not None and high is not None:
        goes_on = after.end < len(document.tokens) and document.tokens[after.end].latin
        word = document.word(end)
        joins = (word == "+" and document.tokens[end].spaced) or (word == "plus" and goes_on)  # "1.9 cm plus a cyst"
        if after.any("or_more") and not joins and not _another_number(document, after.end):
            high, end = None, after.end
            unit = unit or ("count" if document.word(end - 1) in ("个", "枚") else None)
            counter = document.term_at(end)
            if counter is not None and counter.start == end and counter.any("unit.count", "other_noun"):
                unit, end = "count" if counter.any("unit.count") else "other", counter.end
        elif after.any("or_less"):
            low, end = None, after.end
        elif after.any("about_after"):
            end = after.end
    return replace(quantity, start=start, end=end, low=low, high=high, strict=strict, unit=unit)


def _another_number(document: Document, index: int) -> bool:
    return index < len(document.tokens) and document.tokens[index].number


def _labelled(document: Document, start: int) -> bool:
    """Whether a number stands behind 大的, "largest" or the like."""
    return (before := document.term_at(start - 1)) is not None and before.any("largest", "smallest")


def _in_digits(document: Document, quantity: Quantity) -> bool:
    return document.word(quantity.number)[:1].isdigit()


def _share_units(document: Document, found: list[Quantity]) -> list[Quantity]:
    """Give a number without unit the unit of length of the next one when only a list mark stands between them."""
    for position in range(len(found) - 2, -1, -1):
        quantity, following = found[position], found[position + 1]
        if quantity.unit is None and following.unit in ("cm", "mm") and not quantity.glued:
            gap = [document.word(i) for i in range(quantity.end, following.start)]
            labelled = _labelled(document, quantity.start)
            labels = {
                i
                for t in document.between(quantity.end, following.start)
                if t.any("largest", "smallest") and labelled
                for i in range(t.start, t.end)
            }
            listed = bool(gap) and all(
                word in _LIST_MARKS or quantity.end + place in labels for place, word in enumerate(gap)
            )
            listed = listed and document.word(quantity.start - 1) not in _NO_LIST  # "Nov 24, 16 mm", "n=2, 4.4 cm"
            listed = listed and _in_digits(document, quantity) == _in_digits(document, following)  # "two, 12 mm"
            times = document.term_at(quantity.start - 1)
            listed = listed and not (times is not None and times.any("times_sign")) and following.low == following.high
            if listed and not following.strict and quantity.number + 1 == quantity.end:
                found[position] = replace(quantity, unit=following.unit)
    return found
