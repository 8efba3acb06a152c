"""Cuts text into comparable pieces: one Chinese character, one Latin word or one number each.

Terms and questions are cut in the same way, so that `90Y`, `90-Y` and `Y-90`-like spellings, plurals and British and
American spellings meet without rules of their own.
"""

from __future__ import annotations

import re
from functools import lru_cache

from knowledge.nlu.text import normalise

_PIECE = re.compile(r"\d+(?:\.\d+)?|[a-zµ]+|[\u3400-\u9fff]|[%<>≤≥]")
_SPELLINGS = (
    (re.compile(r"tumour"), "tumor"),
    (re.compile(r"iz(e[ds]?|ing|ation|ations)$"), r"is\1"),
    (re.compile(r"centre"), "center"),
    (re.compile(r"haem"), "hem"),
    (re.compile(r"oed"), "ed"),
    (re.compile(r"rrhoe"), "rrhe"),
    (re.compile(r"aemi"), "emi"),
    (re.compile(r"oesoph"), "esoph"),
    (re.compile(r"anaes"), "anes"),
    (re.compile(r"colour"), "color"),
    (re.compile(r"paed"), "ped"),
)
_ARTICLES = frozenset({"的", "the", "a", "an"})
_KEEPS_S = re.compile(r"(ss|us|is|as|os)$")


def plain(text: str) -> str:
    """The text in one way of writing and in lower case."""
    return normalise(text).text.lower()


@lru_cache(maxsize=20_000)
def fold(word: str) -> str:
    """A Latin word in the singular and in one spelling."""
    if not word.isascii() or not word.isalpha():
        return word
    for pattern, replacement in _SPELLINGS:
        word = pattern.sub(replacement, word)
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 3 and word.endswith("s") and not _KEEPS_S.search(word):
        return word[:-1]
    return word


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """A Latin word without the endings that only change its part in the sentence; for comparing wordings."""
    word = fold(word)
    if not word.isascii():
        return word
    for ending in ("ing", "ed", "ly", "ion", "al", "e"):
        if len(word) > len(ending) + 3 and word.endswith(ending):
            return word[: -len(ending)]
    return word


@lru_cache(maxsize=4096)
def cut(text: str) -> tuple[str, ...]:
    """The pieces of a text in their order; punctuation, spaces and articles are left out."""
    return tuple(fold(piece) for piece in _PIECE.findall(plain(text)) if piece not in _ARTICLES)


def is_chinese(piece: str) -> bool:
    """Whether the piece is a Chinese character."""
    return "\u3400" <= piece <= "\u9fff"


def is_word(piece: str) -> bool:
    """Whether the piece is a Latin word of more than one letter."""
    return len(piece) > 1 and piece.isalpha() and not is_chinese(piece)
