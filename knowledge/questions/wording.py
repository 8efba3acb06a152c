"""How alike a question and the wordings of each statement are: shared words, and meaning by sentence vectors."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property, lru_cache
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from knowledge.array_cache import kept
from knowledge.models.statements import Statement
from knowledge.questions.tokens import cut, is_chinese, stem
from knowledge.sentence_vectors import encode, encode_one

Scores = NDArray[np.float32]

_ORDINARY = 0.6
"""What sharing an ordinary word counts, beside a word of the subject."""


def features(text: str) -> frozenset[str]:
    """What wordings are compared by: pairs of neighbouring Chinese characters, stems of Latin words, numbers."""
    pieces = cut(text)
    pairs = (a + b for a, b in pairwise(pieces) if is_chinese(a) and is_chinese(b))
    return frozenset((*pairs, *(stem(piece) for piece in pieces if not is_chinese(piece))))


class Wordings:
    """All ways in which the statements are worded or asked for."""

    def __init__(
        self, statements: Sequence[Statement], ordinary: Iterable[str] = (), cache: Path | None = None
    ) -> None:
        """Index the words; vectors are made at the first use.

        Args:
            statements: in the order of the scores.
            ordinary: words that say little about the subject of a question; sharing them counts little.
            cache: folder in which the vectors are kept between processes; None for the user's cache folder.
        """
        self._sentences: list[str] = []
        self._asked: list[int] = []
        starts: list[int] = []
        for statement in statements:
            starts.append(len(self._sentences))
            self._sentences.extend(_told(statement))
            asked = (*statement.questions.zh, *statement.questions.en)
            self._asked.extend(range(len(self._sentences), len(self._sentences) + len(asked)))
            self._sentences.extend(asked)
        self._starts = np.array(starts)
        self._ends = np.array([*starts[1:], len(self._sentences)])
        self._cache = cache
        self._ordinary = frozenset(feature for word in ordinary for feature in features(word))
        self._index()
        # A question is ranked several times, for each part that is looked for.
        self.shared_words = lru_cache(maxsize=2)(self._shared_words)
        self.alike = lru_cache(maxsize=2 * len(starts))(self._alike)

    def _index(self) -> None:
        sets = [features(sentence) for sentence in self._sentences]
        owners = np.repeat(np.arange(len(self._starts)), self._ends - self._starts)
        holders: dict[str, list[int]] = {}
        for position, found in enumerate(sets):
            for feature in found:
                holders.setdefault(feature, []).append(position)
        self._holders = {feature: np.array(positions) for feature, positions in holders.items()}
        count = len(self._starts)
        self._weight = {
            feature: self._share(feature) * (float(np.log((1 + count) / (1 + len(set(owners[positions]))))) + 0.1)
            for feature, positions in self._holders.items()
        }
        self._rarest = float(np.log(1 + count)) + 0.1
        self._total = np.array([sum(self._weight[f] for f in found) for found in sets], dtype=np.float32)

    def _share(self, feature: str) -> float:
        return _ORDINARY if feature in self._ordinary else 1.0

    def _shared_words(self, text: str) -> Scores:
        """For each statement how much of the question its best wording shares, 0 to 1."""
        asked = features(text)
        shared = np.zeros(len(self._sentences), dtype=np.float32)
        total = 0.0
        for feature in asked:
            weight = self._weight.get(feature, self._share(feature) * self._rarest)
            total += weight
            if feature in self._holders:
                shared[self._holders[feature]] += weight
        if not total:
            return np.zeros(len(self._starts), dtype=np.float32)
        alike = 2 * shared / (total + self._total)
        best: Scores = np.maximum.reduceat(alike, self._starts)
        return best

    def _alike(self, text: str, position: int) -> float:
        """How near in meaning the best wording of the statement at a position is, -1 to 1.

        Asked of each candidate: going through the vectors of all statements takes longer than the rest of an answer.
        """
        wordings = self._vectors[self._starts[position] : self._ends[position]]
        return float((wordings @ encode_one(text)).max())

    @property
    def questions(self) -> list[str]:
        """All ways in which the statements are asked for."""
        return [self._sentences[position] for position in self._asked]

    def question_vectors(self) -> Scores:
        """The vectors of `questions`, shape (len(questions), 512)."""
        vectors: Scores = self._vectors[self._asked]
        return vectors

    @cached_property
    def _vectors(self) -> Scores:
        return kept("vectors", self._sentences, lambda: encode(self._sentences), self._cache)


def _told(statement: Statement) -> Iterable[str]:
    for text in (statement.text, statement.short):
        yield from (text.zh, text.en)
