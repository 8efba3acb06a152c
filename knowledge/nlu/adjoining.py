"""What touches a number: letters that make it part of a name, and minus signs."""

from __future__ import annotations

from knowledge.nlu.document import Document

_BEFORE_NUMBERS = (
    "lab", "unit", "number_label", "times_sign", "about", "largest", "more_than", "at_least", "less_than", "at_most",
    "each", "total", "liver_metastasis", "lesion", "filler",
)  # fmt: skip
"""Words that may touch a number without making it part of a name."""


SEGMENTS = 9


_FREE_LETTERS = frozenset({"x", "n"})


def is_part_of_name(document: Document, start: int, end: int) -> bool:
    """Whether figures are part of a name (S8, T3, 5-FU, CA19-9, 第2): letters touch them, or a segment is numbered."""
    label = document.term_at(start - 1)
    if document.word(start - 1) == "第" or (label is not None and label.any("segment") and end == start + 1):
        return True
    if not document.tokens[start].number:
        return False
    return _glued_before(document, start) or _glued_behind(document, end)


def _glued_before(document: Document, start: int) -> bool:
    token, before = document.tokens[start], start - 1
    touching = before >= 0 and document.tokens[before].end == token.start
    label = document.term_at(before)
    if touching and label is not None and label.any(*_BEFORE_NUMBERS):
        return False
    if label is not None and label.any("segment") and float(token.word.replace(",", "")) < SEGMENTS:
        return True
    if (
        touching
        and document.word(before) == "-"
        and before
        and document.tokens[before - 1].end == document.tokens[before].start
    ):
        before -= 1
        touching = not document.tokens[before].chinese
    if not touching:
        return False
    if document.tokens[before].latin or document.tokens[before].number:
        name = document.term_at(before)
        known = name is not None and name.any(*_BEFORE_NUMBERS)
        return not known and document.word(before) not in _FREE_LETTERS
    return document.word(before) == "^"


def _glued_behind(document: Document, end: int) -> bool:
    if end >= len(document.tokens) or document.tokens[end].start != document.tokens[end - 1].end:
        return False
    return document.tokens[end].latin and document.term_at(end) is None


def is_negative(document: Document, minus: int) -> bool:
    if minus < 0:
        return False
    if document.word(minus) == "负":
        return True
    if document.word(minus) != "-" or document.tokens[minus + 1].spaced:
        return False
    if minus == 0:
        return True
    before = document.tokens[minus - 1]
    if before.word == "\n":
        return False
    return (
        document.tokens[minus].spaced
        or before.word in (":", ",", "=", "(")
        or before.word in ("为", "是", "径", "约", "大")
    )
