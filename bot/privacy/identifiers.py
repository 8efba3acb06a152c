"""Removes what identifies a person from a text, in Chinese and English, and leaves what is clinical.

The text is brought into one way of writing first, so that full-width digits, traditional characters and invisible
characters hide nothing. What has no pattern of its own (names, record numbers, dates of birth) is known by the words
around it. Every finder takes time in proportion to the length of the text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from bot.privacy.addresses import addresses
from bot.privacy.births import births
from bot.privacy.chinese_names import chinese_names
from bot.privacy.english_names import english_names
from bot.privacy.found import KINDS, Found, Kind
from bot.privacy.numbers import addresses_of_mail, identity_numbers, phones, record_numbers
from knowledge.models.base import Lang
from knowledge.nlu.language import detect
from knowledge.nlu.text import normalise

PLACEHOLDERS: dict[Kind, dict[Lang, str]] = {
    "name": {"zh": "[姓名]", "en": "[name]"},
    "id_number": {"zh": "[证件号]", "en": "[ID number]"},
    "phone": {"zh": "[电话]", "en": "[phone]"},
    "email": {"zh": "[邮箱]", "en": "[e-mail]"},
    "record_number": {"zh": "[病案号]", "en": "[record number]"},
    "birth_date": {"zh": "[出生日期]", "en": "[date of birth]"},
    "address": {"zh": "[地址]", "en": "[address]"},
}
"""What stands where something was removed."""

_FINDERS: tuple[Callable[[str], Iterator[Found]], ...] = (
    addresses_of_mail,
    identity_numbers,
    births,
    phones,
    record_numbers,
    addresses,
    chinese_names,
    english_names,
)
"""In the order in which they are believed where what they find overlaps."""


class Removed(NamedTuple):
    """A text without what identifies a person.

    Attributes:
        text: with a placeholder in its own language wherever something was removed.
        kinds: what was removed, now or before: the kinds whose placeholders stand in the text.
    """

    text: str
    kinds: tuple[Kind, ...]


def remove(text: str) -> Removed:
    """`text` without identifiers. Removing a second time changes nothing and tells the same kinds."""
    found = find(text)
    if found:
        lang = detect(text, None)
        parts, end = [], 0
        for identifier in found:
            parts += [text[end : identifier.start], PLACEHOLDERS[identifier.kind][lang]]
            end = identifier.end
        text = "".join([*parts, text[end:]])
    return Removed(text, tuple(kind for kind in KINDS if any(word in text for word in PLACEHOLDERS[kind].values())))


def find(text: str) -> list[Found]:
    """The identifiers in a text as it was typed, in order; none overlaps another."""
    plain = normalise(text)
    taken = _without_overlaps(found for finder in _FINDERS for found in finder(plain.text))
    return [Found(*plain.span(found.start, found.end), found.kind) for found in sorted(taken)]


def _without_overlaps(found: Iterable[Found]) -> list[Found]:
    """Those that come first; what overlaps one of them is cut down to what it has beyond it, or left out."""
    covered: set[int] = set()
    kept: list[Found] = []
    for one in found:
        if covered.isdisjoint(range(one.start, one.end)):
            covered.update(range(one.start, one.end))
            kept.append(one)
    return kept
