"""Reads numbers that mean something: reference numbers and time points."""

from __future__ import annotations

import re
from typing import Literal

from knowledge.models.statements import TimePoint
from knowledge.questions.tokens import fold, plain

_NUMERALS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10}
_WORD_NUMBERS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10
}  # fmt: skip
_NUMBER = r"(\d{1,3}|[一二三四五六七八九十]{1,3})"
_REFERENCES = (
    re.compile(rf"(?:参考文献|文献|引文|引用|reference|ref\.?|citation)s?\s*(?:编号|序号|number|no\.?|nr\.?|#|第)?\s*[\[(]?\s*{_NUMBER}(?![\d年%]|\.\d)"),
    re.compile(rf"第?\s*{_NUMBER}\s*(?:号|条|篇|个)?\s*(?:参考)?文献"),
    re.compile(r"\[\s*(\d{1,3})\s*\]"),
    re.compile(r"(\d{1,2})(?:st|nd|rd|th)\s+(?:reference|citation)"),
)  # fmt: skip
_JOINING = frozenset({"和", "与", "及", "、", "and", "or", "到", "至", "to", "或"})
_BOUNDS = frozenset(
    {("超", "过"), ("大", "于"), ("多", "于"), ("至", "少"), ("more", "than"), ("longer", "than"), ("at", "least")}
)
"""What makes of a time a limit that is asked about: "more than two years?"."""
_REFERRED = frozenset({"献", "文", "reference", "ref", "citation"})
"""Before a number they make it one of a work."""
_SPANNED = frozenset(
    {
        fold(word)
        for word in ("series", "cohort", "experience", "registry", "database", "audit", "retrospective", "period")
    }
    | {"回"}
)
"""What makes of a time the years that a work covers ("that 10-year series", 10年回顾性研究)."""


def reference_numbers(text: str) -> tuple[int, ...]:
    """The reference numbers a text names, such as `文献14`, `[14]` or `reference no. 14`."""
    numbers: list[int] = []
    for pattern in _REFERENCES:
        for found in pattern.findall(plain(text)):
            number = int(found) if found.isdecimal() else _chinese_number(found)
            if number not in numbers:
                numbers.append(number)
    return tuple(numbers)


def _chinese_number(numeral: str) -> int:
    """A numeral up to 99, such as 十四 or 二十一."""
    tens, _, ones = numeral.partition("十")
    if "十" not in numeral:
        return int("".join(str(_NUMERALS[c]) for c in numeral))
    return 10 * (_NUMERALS[tens[-1]] if tens else 1) + (_NUMERALS[ones[0]] if ones else 0)


def _number(piece: str) -> float | None:
    if piece[0].isdecimal():
        return float(piece)
    value = _NUMERALS.get(piece, _WORD_NUMBERS.get(piece))
    return None if value is None else float(value)


def time_points(pieces: tuple[str, ...], taken: set[int]) -> tuple[tuple[TimePoint, ...], set[int]]:
    """Time points such as `5 年`, `1, 3 and 5 years`, `三个月`, and the pieces they are made of."""
    half = [i for i in range(1, len(pieces)) if pieces[i] == "年" and pieces[i - 1] == "半"]
    found = [TimePoint(value=6, unit="month") for _ in half]
    used = {place for i in half for place in (i - 1, i)}
    for index in range(1, len(pieces)):
        unit = _unit(pieces[index])
        if unit is None or index in taken or index in used:
            continue
        back = index - 1 if pieces[index] != "月" or pieces[index - 1] != "个" else index - 2
        values: list[float] = []
        while back >= 0 and back not in taken:
            value = _number(pieces[back])
            if value is None and not (values and pieces[back] in _JOINING):
                break
            if pieces[back - 1 : back] and pieces[back - 1] in _REFERRED:
                break  # 文献14的5年生存
            if value is not None and 0 < value < 1000:
                values.append(value)
            used.add(back)
            back -= 1
        if tuple(pieces[max(0, back - 1) : back + 1])[-2:] in _BOUNDS:
            continue
        if values:
            used.add(index)
        if index + 1 < len(pieces) and pieces[index + 1] in _SPANNED:
            continue
        found.extend(TimePoint(value=value, unit=unit) for value in reversed(values))
    return tuple(dict.fromkeys(found)), used


def _unit(piece: str) -> Literal["month", "year"] | None:
    if piece in {"年", "year", "yr", "y"}:
        return "year"
    if piece in {"月", "month", "mo", "mth"}:
        return "month"
    return None
