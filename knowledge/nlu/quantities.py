"""Numbers as people write them: digits, Chinese numerals, English words, ranges and comparisons."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_CHINESE_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_ENGLISH = {
    word: number
    for number, word in enumerate(
        ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
    )
} | {"thirteen": 13, "fourteen": 14, "fifteen": 15, "twenty": 20}

CHINESE_NUMERAL = "[零〇一二两三四五六七八九十百]{1,5}(?:点[零〇一二三四五六七八九]{1,3})?"
_DIGITS = r"(?<!(?-i:[A-Z]))(?<![\d.])(?:\d{1,3}(?:,\d{3})+|\d{1,7})(?:\.\d{1,4})?"
_NUMBER = rf"{_DIGITS}|{CHINESE_NUMERAL}|\b(?:{'|'.join(_ENGLISH)})\b"

NUMBER = re.compile(_NUMBER, re.IGNORECASE)

_AT_LEAST = r"≥|>=|⩾|至少|不少于|不低于|最少|at least|no fewer than|not less than|min(?:imum)?\.?(?: of)?"
_MORE = r">|大于|超过|多于|高于|more than|over|above|greater than|larger than|exceeding"
_AT_MOST = r"≤|<=|⩽|至多|不超过|不多于|不大于|最多|at most|up to|no more than|not more than"
_LESS = r"<|小于|少于|不到|不足|低于|less than|fewer than|under|below|smaller than"
_BEFORE = re.compile(
    rf"(?:(?P<at_least>{_AT_LEAST})|(?P<at_most>{_AT_MOST})|(?P<more>{_MORE})|(?P<less>{_LESS}))\s*$", re.IGNORECASE
)
_AFTER = re.compile(
    r"\s*(?:个|枚|处|颗|粒|cm|mm|厘米|毫米|公分)?\s*"
    r"(?:(?P<at_least>\+(?!\s*\d)|及?以上|或以上|或更多|or more|and above)|(?P<at_most>及?以下|以内|or fewer|or less))",
    re.IGNORECASE,
)
_RANGE = re.compile(
    rf"\s*(?:-|~|到|至|或|to|or|and(?=\s*\d+\s*(?:liver|lesions|mets|cm|mm)))\s*(?P<second>{_NUMBER})", re.IGNORECASE
)
_LOOK_BACK = 20

LENGTH_UNIT = re.compile(r"\s*(cm|mm|厘米|毫米|公分|centimet(?:er|re)s?|millimet(?:er|re)s?)(?![a-z])", re.IGNORECASE)
"""A unit of length behind a number; its first letter tells centimetres from millimetres."""


@dataclass(frozen=True)
class Quantity:
    """A number in a text: exact, or a range of which only the inclusive limits are known.

    `low` and `high` are both the value when it is exact; None is an open end. `start` and `end` cover comparison
    words and the whole range.
    """

    low: float | None
    high: float | None
    start: int
    end: int

    @property
    def value(self) -> float | None:
        """The number, when it is exact."""
        return self.low if self.low == self.high else None

    def scaled(self, factor: float) -> Quantity:
        """The same in another unit."""
        low = None if self.low is None else round(self.low * factor, 6)
        high = None if self.high is None else round(self.high * factor, 6)
        return Quantity(low, high, self.start, self.end)


def parse(word: str) -> float:
    """The value of one number.

    Raises:
        ValueError: it is no number.
    """
    if word[0].isdigit() and word.isascii():
        return float(word.replace(",", ""))
    if word.lower() in _ENGLISH:
        return float(_ENGLISH[word.lower()])
    whole, _, decimals = word.partition("点")
    value = float(_parse_chinese(whole))
    if decimals:
        value += float("0." + "".join(str(_CHINESE_DIGITS[c]) for c in decimals))
    return value


def quantities(text: str, *, whole: bool = False) -> Iterator[Quantity]:
    """The quantities in a text, in order.

    Args:
        whole: a count, so "more than 3" means 4 and up; otherwise the limits themselves are kept.
    """
    position = 0
    while match := NUMBER.search(text, position):
        quantity = _quantity(text, match, whole=whole)
        yield quantity
        position = max(quantity.end, match.end())


def _quantity(text: str, match: re.Match[str], *, whole: bool) -> Quantity:
    word = match.group()
    if (
        len(word) == 2
        and set(word) <= _CHINESE_DIGITS.keys()
        and _CHINESE_DIGITS[word[1]] == _CHINESE_DIGITS[word[0]] + 1
    ):
        low, high = (float(_CHINESE_DIGITS[character]) for character in word)
        return Quantity(low, high, match.start(), match.end())  # 三四个: three or four
    number = parse(word)
    second = _RANGE.match(text, match.end())
    if second and parse(second["second"]) > number:
        return Quantity(number, parse(second["second"]), match.start(), second.end())
    step = 1.0 if whole else 0.0
    back = max(0, match.start() - _LOOK_BACK)
    before = _BEFORE.search(text, back, match.start())
    after = _AFTER.match(text, match.end())
    start = before.start() if before else match.start()
    end = after.end() if after and not before else match.end()
    kind = (before and before.lastgroup) or (after and after.lastgroup) or ""
    limits: dict[str, tuple[float | None, float | None]] = {
        "at_least": (number, None),
        "more": (number + step, None),
        "at_most": (None, number),
        "less": (None, number - step),
    }
    lowest, highest = limits.get(kind, (number, number))
    return Quantity(lowest, highest, start, end)


def _parse_chinese(word: str) -> int:
    """A Chinese numeral below 1000, e.g. 十二, 二十, 一百零五, or digits in a row."""
    total, digit, units = 0, 0, {"十": 10, "百": 100}
    if not any(character in units for character in word):
        return int("".join(str(_CHINESE_DIGITS[character]) for character in word))
    for character in word:
        if character in units:
            total += (digit or 1) * units[character]
            digit = 0
        else:
            digit = _CHINESE_DIGITS[character]
    return total + digit
