"""Numbers as people write them: in digits, in Chinese and in English, alone or as ranges and limits."""

from __future__ import annotations

from dataclasses import dataclass

from knowledge.nlu.document import Document

_DIGITS = {
    "零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "俩": 2, "三": 3, "仨": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8,
    "九": 9, "壹": 1, "贰": 2, "叁": 3, "肆": 4, "伍": 5,
}  # fmt: skip
_SCALES = {"十": 10, "拾": 10, "百": 100, "千": 1000, "廿": 20, "卅": 30}
_ENGLISH = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "dozen": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
    "seventeen": 17, "eighteen": 18, "nineteen": 19,
}  # fmt: skip
_TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}

_LARGEST = 1e15
"""What is written with more digits is taken for this: it is no finding anyway, and must not become infinite."""

MONTHS = {
    name: number
    for number, names in enumerate(
        ("jan january", "feb february", "mar march", "apr april", "may", "jun june", "jul july", "aug august",
         "sep sept september", "oct october", "nov november", "dec december"), start=1)
    for name in names.split()
}  # fmt: skip
"""The English names of the months, with their numbers."""


@dataclass(frozen=True)
class Figure:
    """A number as written: tokens `start` to `end`, from `low` to `high` (三四 is three or four)."""

    start: int
    end: int
    low: float
    high: float


def is_digit(character: str) -> bool:
    """Whether a Chinese character is a digit."""
    return character in _DIGITS


def numeral(character: str) -> int:
    """The value of a Chinese digit."""
    return _DIGITS[character]


def is_year(number: float) -> bool:
    """Whether a number can be the year of something in a patient's history."""
    return 1980 <= number <= 2100


def read_number(document: Document, index: int) -> Figure | None:
    """The number that begins at a token, whatever its script."""
    token = document.tokens[index]
    if token.number:
        value = min(float(token.word.replace(",", "")), _LARGEST)
        behind = 3 if _and_a_half(document, index + 1) else 0
        value += 0.5 if behind else 0.0
        return Figure(index, index + 1 + behind, value, value)
    if token.word in _DIGITS or token.word in _SCALES or token.word == "半":
        return _chinese(document, index)
    if token.word == "a" and _and_a_half(document, index + 2):
        return Figure(index, index + 1, 1.0, 1.0)  # "a year and a half"
    if token.word == "pair" and document.word(index + 1) == "of":
        return Figure(index, index + 2, 2.0, 2.0)
    if token.word in _ENGLISH or token.word in _TENS:
        value = float(_ENGLISH.get(token.word, 0) or _TENS.get(token.word, 0))
        following = index + 1
        if token.word in _TENS:
            dash = document.word(following) == "-"
            ones = _ENGLISH.get(document.word(following + dash), 99)
            if 0 < ones < 10:
                return Figure(index, following + dash + 1, value + ones, value + ones)
        end, fraction = _spoken_fraction(document, index + 1)
        return Figure(index, end, value + fraction, value + fraction)
    return None


def _spoken_fraction(document: Document, index: int) -> tuple[int, float]:
    """Where "point four", "point two five" or "and a half" ends behind a number, and what it adds.

    The place itself and 0 where there is none.
    """
    if _and_a_half(document, index):
        return index + 3, 0.5
    end, digits = index + 1, ""
    if document.word(index) == "point":
        while 0 <= _ENGLISH.get(document.word(end), 99) < 10:
            digits += str(_ENGLISH[document.word(end)])
            end += 1
    return (end, float(f"0.{digits}")) if digits else (index, 0.0)


def half(document: Document, index: int) -> int:
    """How many tokens behind a unit say that a half is to be added: those of 半 or "and a half"; 0 where none do."""
    if document.word(index) == "半":
        return 1
    return 3 if _and_a_half(document, index) else 0


def _and_a_half(document: Document, index: int) -> bool:
    return [document.word(i) for i in range(index, index + 3)] == ["and", "a", "half"]


def _chinese(document: Document, index: int) -> Figure | None:
    end = index
    while document.word(end) in _DIGITS or document.word(end) in _SCALES or document.word(end) in ("点", "半"):
        other = document.term_at(end)
        if end > index and document.word(end) != "点" and other is not None and not other.any("unit"):
            break
        end += 1
    text = [document.word(i) for i in range(index, end)]
    if text and text[-1] == "十" and document.word(end) == "几":
        tens = _whole(text)
        return None if tens is None else Figure(index, end + 1, tens + 1, tens + 9)
    if "点" in text:
        cut = text.index("点")
        whole, rest = text[:cut], text[cut + 1 :]
        if not whole or not rest or any(c not in _DIGITS for c in rest):
            end = index + cut
            text = whole
        else:
            value = _whole(whole)
            fraction = float("0." + "".join(str(_DIGITS[c]) for c in rest))
            return None if value is None else Figure(index, end, value + fraction, value + fraction)
    if text == ["半"]:
        unit = document.term_at(end)
        return Figure(index, end, 0.5, 0.5) if unit is not None and unit.any("unit", "other_noun") else None
    if not text or "半" in text:
        return None
    if len(text) == 2 and all(c in _DIGITS for c in text) and _DIGITS[text[1]] == _DIGITS[text[0]] + 1:
        return Figure(index, end, float(_DIGITS[text[0]]), float(_DIGITS[text[1]]))
    value = _whole(text)
    return None if value is None else Figure(index, end, value, value)


def _whole(text: list[str]) -> float | None:
    """A Chinese whole number such as 十二, 二十, 一百零五 or 一二 (as digits); None if it is none."""
    if all(c in _DIGITS for c in text):
        return min(float("".join(str(_DIGITS[c]) for c in text)), _LARGEST)
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


def tenths(document: Document, index: int) -> float:
    """What a digit behind a unit adds (三公分五 is 3.5 cm); 0 where it begins another number."""
    word = document.word(index)
    behind = document.tokens[index + 1] if index + 1 < len(document.tokens) else None
    alone = behind is None or behind.spaced or not behind.chinese
    return numeral(word) / 10 if is_digit(word) and alone and word not in "零〇" else 0.0
