"""Puts misspelt words of the lexicon right: one letter missing, too many, wrong, or two exchanged."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

_SHORTEST = 6
_SHORT = ("liver", "chemo", "tumor")
"""Shorter words that are put right too, from slips inside them that make no other word."""
_HOMOPHONES = {
    "同时形": "同时性", "异时形": "异时性", "话疗": "化疗", "化聊": "化疗", "划疗": "化疗", "最打": "最大",
    "切处": "切除", "切出术": "切除术", "转宜": "转移", "转仪": "转移", "病兆": "病灶", "病造": "病灶",
    "消溶": "消融", "消容": "消融", "进站": "进展", "近展": "进展", "突边": "突变", "野声": "野生",
    "野升": "野生", "肝外专移": "肝外转移", "专移": "转移", "靶象": "靶向", "复法": "复发",
    "肝转疑": "肝转移", "无复法": "无复发", "肠埃": "肠癌",
}  # fmt: skip
"""What an input method puts for a word that sounds the same; of the same length, so that places stay."""
_HOMOPHONE = re.compile("|".join((*sorted(_HOMOPHONES, key=len, reverse=True), "(?<=[0-9一二三四五六七八九十两几])梅")))
_COUNTED = "枚"


def respelt(text: str) -> str:
    """The text with words put right that were mistaken for others of the same sound (4梅, 话疗); of the same length."""
    return _HOMOPHONE.sub(lambda found: _HOMOPHONES.get(found[0], _COUNTED), text)


class Spelling:
    """Finds the one long word of a vocabulary that a word must be meant to be."""

    def __init__(self, vocabulary: Iterable[str]) -> None:
        """Index the Latin words of at least six letters."""
        self._words = {word for word in vocabulary if len(word) >= _SHORTEST and word.isascii() and word.isalpha()}
        self._short = {slip: word for word in _SHORT for slip in _inner_slips(word)}
        self._shortened: dict[str, set[str]] = {}
        for word in self._words:
            for shorter in _shortened(word):
                self._shortened.setdefault(shorter, set()).add(word)
        self.correct = lru_cache(maxsize=4096)(self._correct)

    def _correct(self, word: str) -> str | None:
        """The word of the vocabulary with the same first letter one slip away; None if there is none or several."""
        if word in self._short:
            return self._short[word]
        if len(word) < _SHORTEST or len(word) > 30:
            return None
        shorter = _shortened(word)
        found = self._shortened.get(word, set()) | (self._words & shorter)
        for key in shorter:
            found |= {other for other in self._shortened.get(key, ()) if _one_slip(word, other)}
        found = {other for other in found if other[0] == word[0]}
        if len(found) > 1:  # progressd: rather "progressed" than "progress"
            found = {other for other in found if other[-1] == word[-1]}
        return found.pop() if len(found) == 1 else None


def _inner_slips(word: str) -> set[str]:
    """A word with one inner letter missing, written twice, or exchanged with its neighbour."""
    inner = range(1, len(word) - 1)
    missing = {word[:i] + word[i + 1 :] for i in inner}
    doubled = {word[:i] + word[i] + word[i:] for i in inner}
    exchanged = {word[:i] + word[i + 1] + word[i] + word[i + 2 :] for i in inner if i + 2 < len(word)}
    return (missing | doubled | exchanged) - {word}


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
