"""Puts misspelt words of the lexicon right: one letter missing, too many, wrong, or two exchanged."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

_SHORTEST = 6


class Spelling:
    """Finds the one long word of a vocabulary that a word must be meant to be."""

    def __init__(self, vocabulary: Iterable[str]) -> None:
        """Index the Latin words of at least six letters."""
        self._words = {word for word in vocabulary if len(word) >= _SHORTEST and word.isascii() and word.isalpha()}
        self._shortened: dict[str, set[str]] = {}
        for word in self._words:
            for shorter in _shortened(word):
                self._shortened.setdefault(shorter, set()).add(word)
        self.correct = lru_cache(maxsize=4096)(self._correct)

    def _correct(self, word: str) -> str | None:
        """The word of the vocabulary with the same first letter one slip away; None if there is none or several."""
        if len(word) < _SHORTEST or len(word) > 30:
            return None
        shorter = _shortened(word)
        found = self._shortened.get(word, set()) | (self._words & shorter)
        for key in shorter:
            found |= {other for other in self._shortened.get(key, ()) if _one_slip(word, other)}
        found = {other for other in found if other[0] == word[0]}
        return found.pop() if len(found) == 1 else None


def _shortened(word: str) -> set[str]:
    return {word[:i] + word[i + 1 :] for i in range(len(word))}


def _one_slip(word: str, other: str) -> bool:
    """Whether two words of one length differ in one letter or in two neighbours exchanged."""
    if len(word) != len(other):
        return False
    places = [i for i, (a, b) in enumerate(zip(word, other, strict=True)) if a != b]
    if len(places) == 1:
        return True
    return (
        len(places) == 2
        and places[1] == places[0] + 1
        and word[places[0]] == other[places[1]]
        and word[places[1]] == other[places[0]]
    )
