"""Cuts a message into tokens and finds the terms of a vocabulary in it, with spaCy's phrase matcher."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache, partial
from typing import Any

from knowledge.nlu.document import Document, Term, Token
from knowledge.nlu.lexicon import Word, load_lexicon
from knowledge.nlu.spelling import Spelling
from knowledge.nlu.text import NormalisedText, normalise

_STRANGER = "·"
"""Stands for every word outside the vocabulary, so that spaCy's store of strings never grows."""

_ARROWS = dict.fromkeys(("->", "-->"), "→")
_TOKEN = re.compile(
    r"""
      \n
    | -{1,2}>
    | \d{1,3}(?:,\d{3})+(?![\d])(?:\.\d+)?
    | \d+(?:\.\d+)? | (?<![\d.])\.\d+
    | [cypr]{0,2}t[0-4x][a-d]?n[0-3x][a-c]?(?:m[01x][a-c]?)? | [cyp]{1,2}t[0-4][a-d]?(?![a-z\d])
    | [knh]?ras(?=(?:wt|mut|mt|m)(?![a-z]) | [gaq]\d) | braf(?=(?:wt|mut|mt|m)(?![a-z]) | v\d)
    | (?:cea|meld|apri|ast|plt)(?=\d)
    | [a-z]+(?:'[a-z]+)?
    | [^\s]
    """,
    re.VERBOSE,
)


class Vocabulary:
    """Finds terms in texts: whatever its language, a text is cut in one way."""

    def __init__(self, terms: Iterable[tuple[str, str]], capitals: frozenset[str] = frozenset()) -> None:
        """Build the matcher.

        Args:
            terms: words and the name of the entry they belong to; one phrase may have several names.
            capitals: names of entries that only count in capital letters.
        """
        import spacy
        from spacy.matcher import PhraseMatcher
        from spacy.tokens import Doc

        self._capitals = capitals
        self._names: dict[tuple[str, ...], set[str]] = {}
        for words, name in terms:
            self._names.setdefault(tuple(word for word, *_ in _cut(normalise(words).text)), set()).add(name)
        self._known = {word for phrase in self._names for word in phrase}
        self._spelling = Spelling(self._known)
        language = spacy.blank("xx")
        self._doc: Any = partial(Doc, language.vocab)
        matcher: Any = PhraseMatcher
        self._matcher: Any = matcher(language.vocab)
        self._matcher.add("term", [self._doc(words=list(phrase)) for phrase in self._names])

    def read(self, text: str) -> Document:
        """The tokens of a text as it was typed, and the longest terms in it."""
        source = normalise(text)
        tokens = tuple(self._token(source, *piece) for piece in _cut(source.text))
        if not tokens:
            return Document(source, (), ())
        doc = self._doc(words=[token.word if token.word in self._known else _STRANGER for token in tokens])
        spans = sorted(((start, end) for _, start, end in self._matcher(doc)), key=lambda s: (s[0] - s[1], s[0]))
        taken = [False] * len(tokens)
        terms: list[Term] = []
        for start, end in spans:
            if any(taken[start:end]):
                continue
            names = self._names_of(tokens[start:end])
            if names:
                taken[start:end] = [True] * (end - start)
                terms.append(Term(start, end, names))
        return Document(source, tokens, tuple(sorted(terms, key=lambda term: term.start)))

    def _names_of(self, tokens: tuple[Token, ...]) -> frozenset[str]:
        names = self._names[tuple(token.word for token in tokens)]
        capital = all(token.capital for token in tokens)
        return frozenset(name for name in names if capital or name not in self._capitals)

    def _token(self, source: NormalisedText, word: str, start: int, end: int) -> Token:
        if word not in self._known and word.isascii() and word.isalpha():
            word = self._spelling.correct(word) or word
        raw = source.text[start:end]
        spaced = start > 0 and source.text[start - 1] == " "
        return Token(word, start, end, spaced, raw.isupper())


@cache
def lexicon_vocabulary() -> Vocabulary:
    """The vocabulary of the lexicon, built at the first use (about a second)."""
    entries: Mapping[str, Any] = load_lexicon().entries
    return Vocabulary(
        ((words, name) for name, entry in entries.items() for words in entry.all),
        frozenset(name for name, entry in entries.items() if isinstance(entry, Word) and entry.capitals),
    )


def _cut(text: str) -> list[tuple[str, int, int]]:
    """The tokens of a normalised text in lower case with their places."""
    lower = "".join(c if len(low := c.lower()) != 1 else low for c in text)
    return [(_ARROWS.get(found.group(), found.group()), *found.span()) for found in _TOKEN.finditer(lower)]
