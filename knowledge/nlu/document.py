"""A message as the readers of facts see it: tokens, and the terms of the lexicon among them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from knowledge.nlu.text import NormalisedText


@dataclass(frozen=True)
class Token:
    """A Chinese character, a Latin word, a number or a punctuation mark.

    Attributes:
        word: it in lower case; a misspelt word of the lexicon is put right.
        start, end: where it stands in the normalised text.
        spaced: whether a space comes before it.
        capital: whether it is written in capital letters only.
    """

    word: str
    start: int
    end: int
    spaced: bool
    capital: bool

    @property
    def chinese(self) -> bool:
        """Whether it is a Chinese character."""
        return "\u3400" <= self.word <= "\u9fff"

    @property
    def latin(self) -> bool:
        """Whether it is a Latin word."""
        return self.word[0].isascii() and self.word[0].isalpha()

    @property
    def number(self) -> bool:
        """Whether it is a number in digits."""
        return self.word[0].isdecimal() or (self.word[0] == "." and len(self.word) > 1)


@dataclass(frozen=True)
class Term:
    """Words of the lexicon in a message: tokens `start` to `end` (exclusive), and the entries they belong to."""

    start: int
    end: int
    names: frozenset[str]

    @cached_property
    def _names_and_groups(self) -> frozenset[str]:
        return self.names | {name.partition(".")[0] for name in self.names}

    def any(self, *names: str) -> bool:
        """Whether it belongs to one of these entries, or to one of a group (`organ` covers `organ.lung`)."""
        return not self._names_and_groups.isdisjoint(names)

    def kind(self, group: str) -> str | None:
        """The part after the dot of its entry in `group`: `lung` for `organ.lung`."""
        return next((name[len(group) + 1 :] for name in sorted(self.names) if name.startswith(group + ".")), None)


@dataclass(frozen=True, eq=False)
class Document:
    """A message cut into tokens, with the longest terms found in it, none overlapping another."""

    source: NormalisedText
    tokens: tuple[Token, ...]
    terms: tuple[Term, ...]

    @cached_property
    def _term_of_token(self) -> tuple[Term | None, ...]:
        owner: list[Term | None] = [None] * len(self.tokens)
        for term in self.terms:
            for index in range(term.start, term.end):
                owner[index] = term
        return tuple(owner)

    @cached_property
    def _starts(self) -> tuple[int, ...]:
        return tuple(term.start for term in self.terms)

    def term_at(self, index: int) -> Term | None:
        """The term that covers a token; None outside the message too."""
        return self._term_of_token[index] if 0 <= index < len(self.tokens) else None

    def word(self, index: int) -> str:
        """The word of a token; empty outside the message."""
        return self.tokens[index].word if 0 <= index < len(self.tokens) else ""

    def between(self, start: int, end: int) -> Iterator[Term]:
        """The terms that begin in the tokens `start` to `end` (exclusive)."""
        for position in range(bisect_left(self._starts, start), len(self.terms)):
            if self.terms[position].start >= end:
                return
            yield self.terms[position]

    def first(self, start: int, end: int, *prefixes: str) -> Term | None:
        """The first term of some entries that begins in the tokens `start` to `end` (exclusive).

        It is looked up, not searched for, because it is asked for at every cue of a message.
        """
        if prefixes not in self._found:
            terms = tuple(self.find(*prefixes))
            self._found[prefixes] = (tuple(term.start for term in terms), terms)
        starts, terms = self._found[prefixes]
        position = bisect_left(starts, start)
        return terms[position] if position < len(terms) and starts[position] < end else None

    def last(self, start: int, end: int, but: tuple[str, ...]) -> Term | None:
        """The last term that begins in the tokens `start` to `end` (exclusive) and is none of some entries."""
        return next((term for term in reversed(list(self.between(start, end))) if not term.any(*but)), None)

    @cached_property
    def _found(self) -> dict[tuple[str, ...], tuple[tuple[int, ...], tuple[Term, ...]]]:
        return {}

    def find(self, *prefixes: str) -> Iterator[Term]:
        """All terms of some entries or groups of entries."""
        return (term for term in self.terms if term.any(*prefixes))

    def typed(self, start: int, end: int) -> tuple[int, int, str]:
        """Place and words, as typed, of the tokens `start` to `end` (exclusive); there may be fewer."""
        first, last = self.source.span(self.tokens[start].start, self.tokens[min(end, len(self.tokens)) - 1].end)
        return first, last, self.source.original[first:last]
