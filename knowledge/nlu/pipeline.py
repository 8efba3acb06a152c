"""Cuts a message into tokens and finds the terms of a vocabulary in it, with spaCy's phrase matcher."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache, partial
from typing import Any

from knowledge.nlu.checklists import answered
from knowledge.nlu.document import Document, Term, Token
from knowledge.nlu.lexicon import Finding, Word, load_lexicon
from knowledge.nlu.spelling import Spelling, respelt
from knowledge.nlu.text import NormalisedText, normalise, words

_STRANGER = "·"
"""Stands for every word outside the vocabulary, so that spaCy's store of strings never grows."""

_PARTICLES = words(
    "也 都 倒 还 就 均 又 挺 真 则 仍 r0 really quite very also just still now currently today absolutely clearly "
    "definitely certainly the a an any other further everywhere anywhere"
)
_BINDING = words("可 不")
_LOOSE = 3
"""The fewest words of a phrase that may have particles between them."""
_ARROWS = dict.fromkeys(("->", "-->"), "→")
_CHINESE = re.compile("[\u3400-\u9fff]")
_DECIMAL_COMMA = re.compile(r"(?<![\d.,])(\d{1,3}),(\d{1,2})(?= ?(?:cm|ng|ug|\u03bcg)\b)")
"""A comma as much of Europe writes it ("3,2 cm"); a list has a space behind it, or full sizes."""
_DECIMAL_SPOKEN = re.compile(r"(?<=\d)点(?=\d{1,2} ?(?:cm|mm|厘米|公分|毫米|ng|ug|\u03bcg))")
"""A decimal point as it is dictated (2点5厘米)."""
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

    def __init__(
        self,
        terms: Iterable[tuple[str, str]],
        capitals: frozenset[str] = frozenset(),
        loose: frozenset[str] = frozenset(),
    ) -> None:
        """Build the matcher.

        Args:
            terms: words and the name of the entry they belong to; one phrase may have several names.
            capitals: names of entries that only count in capital letters.
            loose: names of entries whose phrases may have particles between their words (残肝也够).
        """
        import spacy
        from spacy.matcher import PhraseMatcher
        from spacy.tokens import Doc

        self._capitals, self._loose = capitals, loose
        self._names: dict[tuple[str, ...], set[str]] = {}
        for phrase, name in terms:
            self._names.setdefault(tuple(word for word, *_ in _cut(normalise(phrase).text)), set()).add(name)
        self._known = {word for pieces in self._names for word in pieces}
        self._spelling = Spelling(self._known)
        language = spacy.blank("xx")
        self._doc: Any = partial(Doc, language.vocab)
        matcher: Any = PhraseMatcher
        self._matcher: Any = matcher(language.vocab)
        self._matcher.add("term", [self._doc(words=list(pieces)) for pieces in self._names])
        self._bare = self._without_particles()
        self._bare_matcher: Any = matcher(language.vocab)
        self._bare_matcher.add("term", [self._doc(words=list(pieces)) for pieces in self._bare])

    def _without_particles(self) -> dict[tuple[str, ...], frozenset[str]]:
        """The loose phrases without particles, as far as enough words are left."""
        bare: dict[tuple[str, ...], frozenset[str]] = {}
        for pieces, names in self._names.items():
            rest = tuple(word for word in pieces if word not in _PARTICLES)
            if len(rest) >= _LOOSE and names & self._loose:
                bare[rest] = bare.get(rest, frozenset()) | (names & self._loose)
        return bare

    def read(self, text: str) -> Document:
        """The tokens of a text as it was typed, and the longest terms in it."""
        source = normalise(text)
        source = replace(source, text=answered(respelt(source.text)))
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
        terms = self._with_loose(tokens, terms) if self._loose else terms
        return Document(source, tokens, tuple(sorted(terms, key=lambda term: term.start)))

    def _with_loose(self, tokens: tuple[Token, ...], terms: list[Term]) -> list[Term]:
        """The terms with phrases that have particles between their words, in place of what lies inside them."""
        kept = [i for i in range(len(tokens)) if not _is_particle(tokens, i)]
        if len(kept) == len(tokens):
            return terms
        plain = [tokens[i].word if tokens[i].word in self._known else _STRANGER for i in kept]
        found: list[Term] = []
        for _, first, last in self._bare_matcher(self._doc(words=plain)):
            start, end = kept[first], kept[last - 1] + 1
            if end - start > last - first:
                found.append(Term(start, end, self._bare[tuple(plain[first:last])]))
        owner: list[Term | None] = [None] * (len(tokens) + 1)
        for term in terms:
            owner[term.start : term.end] = [term] * (term.end - term.start)
        replaced: set[Term] = set()
        added: list[Term] = []
        for new in sorted(found, key=lambda term: term.start - term.end):
            inside = {term for term in owner[new.start : new.end] if term is not None}
            if all(new.start <= t.start and t.end <= new.end and t not in added for t in inside):
                replaced |= inside
                added.append(new)
                owner[new.start : new.end] = [new] * (new.end - new.start)
        return [term for term in terms if term not in replaced] + added

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
        frozenset(name for name, entry in entries.items() if isinstance(entry, Finding)),
    )


def _is_particle(tokens: tuple[Token, ...], index: int) -> bool:
    """Whether a token changes nothing inside a phrase: not behind 可 or 不, where it makes a new word."""
    return tokens[index].word in _PARTICLES and not (index and tokens[index - 1].word in _BINDING)


def _cut(text: str) -> list[tuple[str, int, int]]:
    """The tokens of a normalised text in lower case with their places."""
    lower = "".join(c if len(low := c.lower()) != 1 else low for c in text)
    lower = _DECIMAL_SPOKEN.sub(".", lower) if _CHINESE.search(lower) else _DECIMAL_COMMA.sub(r"\1.\2", lower)
    return [(_ARROWS.get(found.group(), found.group()), *found.span()) for found in _TOKEN.finditer(lower)]
