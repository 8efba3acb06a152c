"""What identifies a person, as it is found in a text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple, get_args

Kind = Literal["name", "id_number", "phone", "email", "record_number", "birth_date", "address"]
KINDS: tuple[Kind, ...] = get_args(Kind)

HANZI = "\u4e00-\u9fff"
"""Chinese characters, for use between square brackets."""


class Found(NamedTuple):
    """An identifier: the characters `start` to `end` (exclusive) of a text."""

    start: int
    end: int
    kind: Kind


def matches(pattern: re.Pattern[str], text: str, kind: Kind, group: int | str = 0) -> Iterator[Found]:
    """Every match of a pattern, or of a group of it that took part."""
    for found in pattern.finditer(text):
        if found.start(group) >= 0:
            yield Found(found.start(group), found.end(group), kind)
