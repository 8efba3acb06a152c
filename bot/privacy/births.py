"""Dates of birth. Ages and every other date stay."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.privacy.found import Found, matches

_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)[a-z]{0,6}\.?"
_CHINESE_DAY = "[正腊冬初〇零一二三四五六七八九十廿]"
_DATE = (
    r"(?:\d{4}[-/. ]\d{1,2}[-/. ]\d{1,2}(?!\d)|"
    r"\d{4} ?年(?: ?(?:\d{1,2}|正|腊|冬) ?月(?: ?\d{1,2} ?[日号]?)?)?|"
    r"\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}(?!\d)|"
    r"\d{8}(?!\d)|"
    rf"\d{{1,2}}(?:st|nd|rd|th)?[ -]?(?:of )?{_MONTH},?[ -]?\d{{2,4}}(?!\d)|"
    rf"{_MONTH} ?\d{{1,2}}(?:st|nd|rd|th)?,? \d{{4}}(?!\d)|"
    rf"{_MONTH},? \d{{4}}(?!\d)|"
    r"\d{1,2}[-/.]\d{4}(?!\d)|\d{4}[-/.]\d{1,2}(?!\d)|"
    rf"[〇零一二三四五六七八九]{{4}}年(?:{_CHINESE_DAY}{{1,3}}月(?:{_CHINESE_DAY}{{1,3}}[日号]?)?)?|"
    r"(?:19|20)\d{2}(?!\d)|"
    r"\d{2}年(?: ?\d{1,2} ?月(?: ?\d{1,2} ?[日号]?)?)?)"
)
_AFTER = re.compile(
    r"(?:出生(?:日期|年月日?|时间|于|在)?|生日|生于|生辰|(?<![A-Za-z])(?:D\.?O\.?B\.?|date of birth|birth ?da(?:te|y)|"
    r"born(?: on| in)?))(?:是|为| is)?[:=( ]{0,3}(?:the )?(?:农历|阴历|公历|阳历)?(?P<date>" + _DATE + ")",
    re.IGNORECASE,
)
_BEFORE = re.compile(rf"(?<![\d.])(?P<date>{_DATE}) ?(?=出生|生(?:人|的(?=[,.;。\s])|[,.;。)\s男女]|$))", re.IGNORECASE)


def births(text: str) -> Iterator[Found]:
    """Dates that are said to be of a birth, before or after them."""
    yield from matches(_AFTER, text, "birth_date", "date")
    yield from matches(_BEFORE, text, "birth_date", "date")
