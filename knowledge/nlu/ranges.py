"""Where the second number of a range or of several dimensions stands."""

from __future__ import annotations

from knowledge.nlu.document import Document
from knowledge.nlu.numerals import Figure, is_digit, read_number


def may_begin(document: Document, index: int) -> bool:
    term = document.term_at(index)
    counted = term is not None and term.any("unit.count") and is_digit(document.word(index))
    return term is None or (term.start == index and (counted or document.word(index) == "a"))  # "a year and a half"


def range_end(document: Document, index: int) -> Figure | None:
    """The second number of a range such as `3-4`, `3 to 4`, `2cm至3cm`, `3 or 4`, `3、4个`."""
    first = index - 1
    unit = document.term_at(index)
    measured = unit is not None and unit.start == index and unit.any("unit")
    if unit is not None and measured:
        index = unit.end
    joint = document.term_at(index)
    if joint is None or joint.start != index or joint.end >= len(document.tokens) or not may_begin(document, joint.end):
        return None
    second = read_number(document, joint.end)
    if second is None or second.low != second.high:
        return None
    word = document.word(index)
    before = read_number(document, first)
    next_one = before is not None and second.low == before.low + 1
    if word == "、":
        listed = measured or _listed(document, first)
        return second if next_one and not listed and is_counted(document, second.end) else None
    if word == "and":
        return second if document.word(first - 1) == "between" else None
    if not joint.any("range_join"):
        return None
    counted = document.term_at(first - 1)
    if (word == "~" or document.tokens[index].spaced) and counted is not None and counted.any("times_sign"):
        return None  # "SOL x 2 ~ 2.9 cm": about 2.9; "mets x2 - 16 mm and 8 mm"
    change = document.term_at(first - 1)
    if change is not None and change.any("shrinkage") and word in ("to", "到", "至"):
        return None
    loose = word in ("to", "到", "至", "or", "或", "或者")
    return None if loose and not next_one and not _measured(document, second.end) else second


def _listed(document: Document, index: int) -> bool:
    return document.word(index - 1) in ("、", ",")


def is_counted(document: Document, index: int) -> bool:
    term = document.term_at(index)
    return term is not None and term.start == index and term.any("unit.count", "lesion", "liver_metastasis")


def _measured(document: Document, index: int) -> bool:
    """Whether a unit or a noun that can be counted follows, so that two numbers belong together."""
    term = document.term_at(index)
    return term is not None and term.any(
        "unit", "other_noun", "lesion", "liver_metastasis", "organ.liver", "or_more", "about_after", "of_them"
    )


def dimension_end(document: Document, index: int) -> Figure | None:
    """The second number of `3 × 2 cm`."""
    unit = document.term_at(index)
    if unit is not None and unit.start == index and unit.any("unit.cm", "unit.mm"):
        index = unit.end
    term = document.term_at(index)
    if term is None or not term.any("times_sign") or index + 1 >= len(document.tokens):
        return None
    following = (
        read_number(document, term.end) if term.end < len(document.tokens) and may_begin(document, term.end) else None
    )
    if following is None or document.word(following.end) == "^":
        return None
    return following
