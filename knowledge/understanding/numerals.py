"""Numbers as people write them: in digits, in Chinese and in English, alone or as ranges and limits."""

from __future__ import annotations

from dataclasses import dataclass, replace

from knowledge.understanding.document import Document

_DIGITS = {
    "零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "俩": 2, "三": 3, "仨": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9,
    "壹": 1, "贰": 2, "叁": 3, "肆": 4, "伍": 5,
}  # fmt: skip
_SCALES = {"十": 10, "拾": 10, "百": 100, "千": 1000, "廿": 20, "卅": 30}
_ENGLISH = {
    word: value
    for value, words in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
        "eighteen nineteen twenty".split()
    )
    for word in (words,)
}
_TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}
_ENGLISH.update(_TENS, dozen=12)

_BEFORE_NUMBERS = (
    "lab", "unit", "number_label", "times_sign", "about", "largest", "more_than", "at_least", "less_than", "at_most",
    "each", "total", "liver_metastasis", "lesion", "filler",
)  # fmt: skip
"""Words that may touch a number without making it part of a name."""

_FREE_LETTERS = frozenset({"x", "n"})


@dataclass(frozen=True)
class Quantity:
    """A number with its limits and unit.

    Attributes:
        start, end: its tokens (end exclusive), with comparison words and unit.
        number: the token where the figures begin.
        low, high: inclusive limits; equal for an exact number, None for open.
        strict: whether a limit itself is excluded (`> 3`).
        unit: the unit's name after `unit.`, or `other` for a noun that is no measure of a lesion; None if there is none.
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


@dataclass(frozen=True)
class _Figure:
    """A number as written: tokens `start` to `end`, from `low` to `high` (三四 is three or four)."""

    start: int
    end: int
    low: float
    high: float


def read_number(document: Document, index: int) -> _Figure | None:
    """The number that begins at a token, whatever its script."""
    token = document.tokens[index]
    if token.number:
        value = float(token.word.replace(",", ""))
        return _Figure(index, index + 1, value, value)
    if token.word in _DIGITS or token.word in _SCALES or token.word == "半":
        return _chinese(document, index)
    if token.word in _ENGLISH:
        value = float(_ENGLISH[token.word])
        following = index + 1
        if token.word in _TENS:
            dash = document.word(following) == "-"
            ones = _ENGLISH.get(document.word(following + dash), 99)
            if 0 < ones < 10:
                return _Figure(index, following + dash + 1, value + ones, value + ones)
        return _Figure(index, index + 1, value, value)
    return None


def _chinese(document: Document, index: int) -> _Figure | None:
    end = index
    while document.word(end) in _DIGITS or document.word(end) in _SCALES or document.word(end) in ("点", "半"):
        if end > index and document.term_at(end) is not None and not _is_unit(document, end):
            break
        end += 1
    text = [document.word(i) for i in range(index, end)]
    if "点" in text:
        cut = text.index("点")
        whole, rest = text[:cut], text[cut + 1 :]
        if not whole or not rest or any(c not in _DIGITS for c in rest):
            end = index + cut
            text = whole
        else:
            value = _whole(whole)
            fraction = float("0." + "".join(str(_DIGITS[c]) for c in rest))
            return None if value is None else _Figure(index, end, value + fraction, value + fraction)
    if text == ["半"]:
        return _Figure(index, end, 0.5, 0.5)
    if not text or "半" in text:
        return None
    if len(text) == 2 and all(c in _DIGITS for c in text) and _DIGITS[text[1]] == _DIGITS[text[0]] + 1:
        return _Figure(index, end, float(_DIGITS[text[0]]), float(_DIGITS[text[1]]))
    value = _whole(text)
    return None if value is None else _Figure(index, end, value, value)


def _is_unit(document: Document, index: int) -> bool:
    term = document.term_at(index)
    return term is not None and term.any("unit")


def _whole(text: list[str]) -> float | None:
    """A Chinese whole number such as 十二, 二十, 一百零五 or 一二 (as digits); None if it is none."""
    if all(c in _DIGITS for c in text):
        return float("".join(str(_DIGITS[c]) for c in text))
    total = current = 0
    for c in text:
        if c in _DIGITS:
            current = _DIGITS[c]
        elif c in ("廿", "卅"):
            total += _SCALES[c]
        elif c in _SCALES:
            total += (current or 1) * _SCALES[c]
            current = 0
        else:
            return None
    return float(total + current)


def quantities(document: Document) -> tuple[Quantity, ...]:
    """All numbers of a message in order; numbers inside words of the lexicon (一线, TP53) are none."""
    found: list[Quantity] = []
    index = 0
    while index < len(document.tokens):
        figure = read_number(document, index) if _may_begin(document, index) else None
        if figure is None:
            index += 1
            continue
        quantity = _complete(document, figure, found[-1].end if found else 0)
        found.append(quantity)
        index = quantity.end
    return tuple(_share_units(document, found))


def _may_begin(document: Document, index: int) -> bool:
    term = document.term_at(index)
    return term is None or (term.start == index and term.any("unit.count") and document.word(index) in _DIGITS)


def _complete(document: Document, figure: _Figure, floor: int) -> Quantity:
    """A number with everything that belongs to it: a range, dimensions, a unit, words of comparison."""
    low, high, end = figure.low, figure.high, figure.end
    decimal = "." in document.word(figure.start)
    joined = _range_end(document, end)
    product = False
    if joined is not None and low == high:
        low, high, end = min(low, joined.low), max(high, joined.high), joined.end
        if joined.low < figure.low:
            low, high, end = figure.low, figure.high, figure.end
    else:
        other = _dimension_end(document, end)
        while other is not None:
            product = True
            low = high = max(low, other.low)
            end = other.end
            other = _dimension_end(document, end)
    quantity = Quantity(figure.start, end, figure.start, low, high, product=product, decimal=decimal)
    quantity = _with_unit(document, quantity)
    quantity = _with_comparison(document, quantity, floor)
    minus = quantity.number - 1
    return replace(
        quantity,
        glued=_glued(document, figure.start, end),
        negative=_negative(document, minus),
        start=minus if _negative(document, minus) else quantity.start,
    )


def _range_end(document: Document, index: int) -> _Figure | None:
    """The second number of a range such as `3-4`, `3 to 4`, `2cm至3cm`, `3 or 4`, `3、4个`."""
    first = index - 1
    unit = document.term_at(index)
    measured = unit is not None and unit.start == index and unit.any("unit")
    if unit is not None and measured:
        index = unit.end
    joint = document.term_at(index)
    if joint is None or joint.start != index or joint.end >= len(document.tokens) or not _may_begin(document, joint.end):
        return None
    second = read_number(document, joint.end)
    if second is None or second.low != second.high:
        return None
    word = document.word(index)
    before = read_number(document, first)
    next_one = before is not None and second.low == before.low + 1
    if word == "、":
        return second if next_one and not measured and _counted(document, second.end) and not _listed(document, first) else None
    if word == "and":
        return second if document.word(first - 1) == "between" else None
    if not joint.any("range_join"):
        return None
    loose = word in ("to", "到", "至", "or", "或", "或者")
    return None if loose and not next_one and not _measured(document, second.end) else second


def _listed(document: Document, index: int) -> bool:
    return document.word(index - 1) in ("、", ",")


def _counted(document: Document, index: int) -> bool:
    term = document.term_at(index)
    return term is not None and term.start == index and term.any("unit.count", "lesion", "liver_metastasis")


def _measured(document: Document, index: int) -> bool:
    """Whether a unit or a noun that can be counted follows, so that two numbers belong together."""
    term = document.term_at(index)
    return term is not None and term.any("unit", "other_noun", "lesion", "liver_metastasis", "organ.liver", "or_more", "about_after")


def _dimension_end(document: Document, index: int) -> _Figure | None:
    """The second number of `3 × 2 cm`."""
    unit = document.term_at(index)
    if unit is not None and unit.start == index and unit.any("unit.cm", "unit.mm"):
        index = unit.end
    term = document.term_at(index)
    if term is None or not term.any("times_sign") or index + 1 >= len(document.tokens):
        return None
    following = read_number(document, term.end) if term.end < len(document.tokens) and _may_begin(document, term.end) else None
    if following is None or document.word(following.end) == "^":
        return None
    return following


def _with_unit(document: Document, quantity: Quantity) -> Quantity:
    index = quantity.end
    while document.word(index) in ("-", "\u00b7") and not document.tokens[index].spaced:
        index += 1
    term = document.term_at(index)
    if term is None or term.start != index:
        return quantity
    unit = term.kind("unit")
    if unit in ("cm", "mm") or (unit and unit != "count"):
        end = term.end
        low, high = quantity.low, quantity.high
        if document.word(end) == "半" and low is not None and low == high:
            low = high = low + 0.5
            end += 1
        return replace(quantity, unit=unit, end=end, low=low, high=high)
    if unit == "count":
        return replace(quantity, unit=unit, end=term.end)
    if term.any("other_noun"):
        return replace(quantity, unit="other", end=term.end)
    return quantity


def _with_comparison(document: Document, quantity: Quantity, floor: int) -> Quantity:
    """The limits that words around a number set: more than 5, 3 cm以下, about 4."""
    start = quantity.start
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
        if after.any("or_more") and not _another_number(document, after.end):
            high, end = None, after.end
            unit = unit or ("count" if document.word(end - 1) in ("个", "枚") else None)
            counter = document.term_at(end)
            if counter is not None and counter.any("unit.count"):
                unit, end = "count", counter.end
        elif after.any("or_less"):
            low, end = None, after.end
        elif after.any("about_after"):
            end = after.end
    return replace(quantity, start=start, end=end, low=low, high=high, strict=strict, unit=unit)


def _another_number(document: Document, index: int) -> bool:
    return index < len(document.tokens) and document.tokens[index].number


def _glued(document: Document, start: int, end: int) -> bool:
    """Whether letters touch the figures so that they are part of a name (S8, T3, 5-FU, CA19-9)."""
    token = document.tokens[start]
    if not token.number:
        return False
    before = start - 1
    touching = before >= 0 and document.tokens[before].end == token.start
    joined = document.term_at(before)
    if touching and joined is not None and joined.any(*_BEFORE_NUMBERS):
        return False
    if touching and document.word(before) == "-" and before and document.tokens[before - 1].end == document.tokens[before].start:
        before -= 1
        touching = not document.tokens[before].chinese
    if touching and (document.tokens[before].latin or document.tokens[before].number):
        term = document.term_at(before)
        named = term is not None and term.any(*_BEFORE_NUMBERS)
        if not named and document.word(before) not in _FREE_LETTERS:
            return True
    if touching and document.word(before) == "^":
        return True
    following = end
    if following < len(document.tokens) and document.tokens[following].start == document.tokens[end - 1].end:
        word = document.tokens[following]
        if word.latin and document.term_at(following) is None:
            return True
    return False


def _negative(document: Document, minus: int) -> bool:
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
    return document.tokens[minus].spaced or before.word in (":", ",", "=", "(") or before.word in ("为", "是", "径", "约", "大")


def _share_units(document: Document, found: list[Quantity]) -> list[Quantity]:
    """Give a number without unit the unit of length of the next one when only a list mark stands between them."""
    for position in range(len(found) - 2, -1, -1):
        quantity, following = found[position], found[position + 1]
        if quantity.unit is None and following.unit in ("cm", "mm") and not quantity.glued:
            gap = [document.word(i) for i in range(quantity.end, following.start)]
            listed = bool(gap) and all(word in ("、", ",", "/", "and", "和", "及", "&", "+", ";") for word in gap)
            if listed and not following.strict and quantity.number + 1 == quantity.end:
                found[position] = replace(quantity, unit=following.unit)
    return found
