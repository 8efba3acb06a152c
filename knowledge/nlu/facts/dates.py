"""Dates in a history, and what happened on them: the primary was operated then, liver metastases were found later."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from knowledge.nlu.document import Document
from knowledge.nlu.message import Message
from knowledge.nlu.numerals import MONTHS

_DATE = re.compile(
    r"(?<!\d)(?P<y1>(?:19|20)\d\d)\s*[年./-]\s*(?P<m1>1[0-2]|0?[1-9])(?!\d)"
    r"|(?<!\d)(?:\d{1,2}[./])?(?P<m2>1[0-2]|0?[1-9])\s*[/.]\s*(?P<y2>(?:19|20)\d\d)(?!\d)"
    rf"|\b(?P<name>{'|'.join(sorted(MONTHS, key=len, reverse=True))})\.?\s+(?P<y3>(?:19|20)\d\d)(?!\d)"
)
_MOST = 12
"""The most dates that are looked at."""
_REACH = 14
"""The most tokens between a date and what happened on it."""


@dataclass(frozen=True)
class Date:
    """A month: tokens `start` to `end` (exclusive), and the months since year 0."""

    start: int
    end: int
    months: int


def dates(message: Message) -> tuple[Date, ...]:
    """The dates of a message with year and month, in order."""
    return tuple(_dates(message.document))


def _dates(document: Document) -> Iterator[Date]:
    text = document.source.text.lower()
    for count, found in enumerate(_DATE.finditer(text)):
        if count >= _MOST:
            return
        year = int(found["y1"] or found["y2"] or found["y3"])
        month = MONTHS[found["name"]] if found["name"] else int(found["m1"] or found["m2"])
        inside = [i for i, t in enumerate(document.tokens) if t.start < found.end() and t.end > found.start()]
        if inside:
            yield Date(inside[0], inside[-1] + 1, 12 * year + month)


def of_event(message: Message, start: int, end: int, known: tuple[Date, ...]) -> Date | None:
    """The date of what the tokens `start` to `end` tell: one that opens a clause before them, or one behind them."""
    before = [
        date
        for date in known
        if date.end <= start and start - date.end <= _REACH and date.start - message.clauses.of(date.start).start <= 1
    ]
    behind = [date for date in known if date.start >= end and date.start - end <= _REACH]
    near = before[-1:] + behind[:1]
    near = [date for date in near if not message.clauses.separated(min(date.start, start), max(date.start, start), 3)]
    return min(near, key=lambda date: start - date.end if date.end <= start else date.start - end, default=None)
