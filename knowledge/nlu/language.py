"""Which of the two languages a message is written in."""

from __future__ import annotations

import re

from knowledge.models.base import Lang
from knowledge.nlu.text import normalise

_CHINESE = re.compile(r"[\u3400-\u9fff]")
_WORD = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]+(?![A-Za-z0-9])")
_ENGLISH_WORDS = frozenset(
    [
        "a",
        "an",
        "the",
        "is",
        "are",
        "was",
        "were",
        "has",
        "have",
        "had",
        "and",
        "or",
        "of",
        "in",
        "on",
        "for",
        "with",
        "without",
        "no",
        "not",
        "none",
        "yes",
        "what",
        "which",
        "who",
        "how",
        "why",
        "can",
        "could",
        "should",
        "would",
        "does",
        "do",
        "did",
        "to",
        "after",
        "before",
        "at",
        "from",
        "by",
        "it",
        "he",
        "she",
        "his",
        "her",
        "my",
        "this",
        "that",
        "these",
        "there",
        "please",
        "show",
        "me",
        "more",
        "than",
        "but",
        "then",
        "also",
        "if",
        "about",
    ]
)


_SENTENCE = 4
"""So many long words in small letters make a message English, if they outnumber the Chinese characters in it."""


def detect(text: str, fallback: Lang | None) -> Lang:
    """The language of `text`.

    Chinese characters decide, unless they only stand between English words ("what does 不可切除 mean?"). A message
    of numbers and abbreviations says nothing: then it is `fallback`, or English if there is none.
    """
    plain = normalise(text).text
    chinese = len(_CHINESE.findall(plain))
    words = [word.lower() for word in _WORD.findall(plain)]
    grammar = sum(word in _ENGLISH_WORDS for word in words)
    if chinese:
        plain_words = sum(len(word) > 3 and not _abbreviation(word, plain) for word in words)
        english = (grammar >= 2 and grammar * 3 > chinese) or (plain_words >= _SENTENCE and plain_words > chinese)
        return "en" if english else "zh"
    if grammar or any(len(word) > 3 and not _abbreviation(word, plain) for word in words):
        return "en"
    return fallback or "en"


def _abbreviation(word: str, plain: str) -> bool:
    """Whether a word is only written in capitals (FOLFOX): such words are used in both languages."""
    return word.upper() in plain and word not in plain
