"""Finds the terms of a vocabulary in a text, the longest first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from knowledge.questions.tokens import cut

Value = TypeVar("Value")


@dataclass(frozen=True)
class Match(Generic[Value]):
    """A term found: pieces `start` to `end` (exclusive) and everything the term stands for."""

    start: int
    end: int
    values: tuple[Value, ...]

    @property
    def span(self) -> range:
        """The positions of its pieces."""
        return range(self.start, self.end)


class Matcher(Generic[Value]):
    """Terms, each standing for one or more values."""

    def __init__(self, terms: Iterable[tuple[str, Value]]) -> None:
        """Read the terms; one term may be given several times with different values."""
        self._values: dict[tuple[str, ...], tuple[Value, ...]] = {}
        self._longest = 0
        for term, value in terms:
            pieces = cut(term)
            if not pieces:
                continue
            known = self._values.get(pieces, ())
            if value not in known:
                self._values[pieces] = (*known, value)
            self._longest = max(self._longest, len(pieces))

    def find(self, pieces: Sequence[str]) -> Iterator[Match[Value]]:
        """All matches from left to right; none overlaps another, and a longer term wins."""
        start = 0
        while start < len(pieces):
            for length in range(min(self._longest, len(pieces) - start), 0, -1):
                values = self._values.get(tuple(pieces[start : start + length]))
                if values is not None:
                    yield Match(start, start + length, values)
                    start += length
                    break
            else:
                start += 1

    @property
    def words(self) -> set[str]:
        """Every piece that occurs in a term."""
        return {piece for pieces in self._values for piece in pieces}
