"""Reads a question: what it names, what sort of question it is, and which of its words mean nothing to the review."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from knowledge.loading import Knowledge
from knowledge.models.questions import AbsentSubject, Concept, Facets, Intent, Signal, Vocabulary
from knowledge.models.statements import TimePoint
from knowledge.questions.matching import Match, Matcher
from knowledge.questions.tokens import cut, is_chinese, is_word, plain, stem
from knowledge.questions.vocabulary import all_terms, therapy_concepts

_NUMERALS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10}
_WORD_NUMBERS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10
}  # fmt: skip
_NUMBER = r"(\d{1,3}|[一二三四五六七八九十]{1,3})"
_REFERENCES = (
    re.compile(rf"(?:参考文献|文献|引文|引用|reference|ref\.?|citation)s?\s*(?:编号|序号|number|no\.?|nr\.?|#|第)?\s*[\[(]?\s*{_NUMBER}(?![\d年.%])"),
    re.compile(rf"第?\s*{_NUMBER}\s*(?:号|条|篇|个)?\s*(?:参考)?文献"),
    re.compile(r"\[\s*(\d{1,3})\s*\]"),
    re.compile(r"(\d{1,2})(?:st|nd|rd|th)\s+(?:reference|citation)"),
)  # fmt: skip
_AUTHOR_ENGLISH = re.compile(
    r"\b([A-Z][a-zà-ÿ]+(?:-[A-Z][a-zà-ÿ]+)?)(?: [A-Z]{1,3})?(?:,)?\s+(?:et al|and colleagues|and co-?workers|and team)"
)
_AUTHOR_POSSESSIVE = re.compile(
    r"\b([A-Z][a-zà-ÿ]+(?:-[A-Z][a-zà-ÿ]+)?)(?:'s|’s)\s+(?:study|trial|paper|work|team|group|series|data|results)"
)
_AUTHOR_CHINESE = re.compile(
    r"([A-Z][a-zà-ÿ]+(?:-[A-Z][a-zà-ÿ]+)?)(?: [A-Z]{1,3})?\s*(?:等|团队|及其|教授|的研究|的试验)"
)
_BETWEEN_AUTHORS = re.compile(r"\(.*?\)|,|;|、|和|&|\band\b|\bet al\.?|\bteam\b|等")
_JOINING = frozenset({"和", "与", "及", "、", "and", "or", "到", "至", "to", "或"})
_BOUNDS = frozenset(
    {("超", "过"), ("大", "于"), ("多", "于"), ("至", "少"), ("more", "than"), ("longer", "than"), ("at", "least")}
)
"""What makes of a time a limit that is asked about: "more than two years?"."""
_HARMLESS_NAMES = frozenset({"What", "The", "This", "That", "Their", "It", "Which", "Who", "Whose", "Let"})


@dataclass(frozen=True)
class Reading:
    """What was read out of a question.

    Attributes:
        text: the question as it was typed.
        pieces: its comparable pieces.
        facets: what it names.
        signals: what sort of question it is.
        absent: subjects it names that the review does not deal with.
        strangers: words that neither the review nor ordinary questions use.
        strange_authors: names that look like authors and are none of the review's.
        content: pieces that are not ordinary words.
        specific: whether it names something that only medicine speaks of.
        familiar: whether any of its words are known, of medicine or not.
        bare: whether it says nothing beyond the facets it names.
        goes_on: whether it begins or ends like a question that goes on from the last one.
        favoured: reference numbers of the answer it goes on from.
    """

    text: str
    pieces: tuple[str, ...]
    facets: Facets
    signals: frozenset[Intent] = frozenset()
    absent: tuple[AbsentSubject, ...] = ()
    strangers: tuple[str, ...] = ()
    strange_authors: tuple[str, ...] = ()
    content: tuple[str, ...] = ()
    specific: bool = False
    familiar: bool = False
    bare: bool = False
    goes_on: bool = False
    favoured: tuple[int, ...] = ()


class Reader:
    """Reads questions and statements with the vocabulary and the names of the knowledge base."""

    def __init__(self, kb: Knowledge, vocabulary: Vocabulary) -> None:
        """Index the terms; no file is read."""
        self.concepts: dict[str, Concept] = {}
        terms: list[tuple[str, Concept | str]] = []
        for concept in (*therapy_concepts(kb), *vocabulary.concepts):
            self.concepts[concept.id] = concept
            terms.extend((term, concept) for term in all_terms(concept))
        self.authors = _author_names(kb)
        terms.extend((name, name) for name in self.authors)
        self._terms: Matcher[Concept | str] = Matcher(terms)
        self._signals: Matcher[Signal] = Matcher((t, s) for s in vocabulary.signals for t in all_terms(s))
        self._absent: Matcher[AbsentSubject] = Matcher((t, a) for a in vocabulary.absent for t in all_terms(a))
        self._ordinary: Matcher[str] = Matcher(
            (term, term) for term in (*vocabulary.ordinary.zh, *vocabulary.ordinary.en)
        )
        self.known_words: set[str] = self._terms.words | self._signals.words | self._ordinary.words

    def learn(self, texts: Sequence[str]) -> None:
        """Take the words, and the pairs of Chinese characters, of these texts as familiar."""
        for text in texts:
            pieces = cut(text)
            self.known_words.update(pieces)
            self.known_words.update(stem(piece) for piece in pieces)
            self.known_words.update(a + b for a, b in pairwise(pieces))

    def facets(self, text: str) -> Facets:
        """What a text names, without reading it as a question."""
        pieces = cut(text)
        return self._facets(text, pieces, list(self._terms.find(pieces)))[0]

    def read(self, text: str) -> Reading:
        """The question, read."""
        pieces = cut(text)
        matches = list(self._terms.find(pieces))
        facets, used = self._facets(text, pieces, matches)
        covered = used.union(*(match.span for match in matches))
        signal_matches = list(self._signals.find(pieces))
        signals = frozenset(signal.id for match in signal_matches for signal in match.values)
        absent = self._absent_subjects(pieces, matches, {*facets.concepts, *signals})
        spans = [match.span for match in matches]
        spans.extend(match.span for match in signal_matches)
        spans.extend(match.span for match in self._ordinary.find(pieces))
        used.update(index for span in spans for index in span)
        return Reading(
            text=text,
            pieces=pieces,
            facets=facets,
            signals=signals,
            absent=absent,
            strangers=self._strangers(pieces, used),
            strange_authors=self._strange_authors(text),
            content=self._content(pieces),
            specific=any(self.concepts[id_].is_specific for id_ in facets.concepts),
            familiar=bool(used),
            bare=len(covered) >= len(pieces) - 1 or (len(used) == len(pieces) and "list" in signals),
            goes_on=_goes_on(pieces, signal_matches),
        )

    def _strangers(self, pieces: tuple[str, ...], used: set[int]) -> tuple[str, ...]:
        """Latin words, and runs of Chinese characters, that no term, signal or learnt text contains."""
        found: list[str] = []
        run: list[str] = []
        for index, piece in enumerate((*pieces, "")):
            if piece and index not in used and is_chinese(piece):
                run.append(piece)
                continue
            if len(run) > 1 and not any(a + b in self.known_words for a, b in pairwise(run)):
                found.append("".join(run))
            run = []
            unknown = piece not in self.known_words and stem(piece) not in self.known_words
            if index not in used and is_word(piece) and unknown:
                found.append(piece)
        return tuple(found)

    def _content(self, pieces: tuple[str, ...]) -> tuple[str, ...]:
        ordinary = {index for match in self._ordinary.find(pieces) for index in match.span}
        return tuple(piece for index, piece in enumerate(pieces) if index not in ordinary)

    def _facets(
        self, text: str, pieces: tuple[str, ...], matches: list[Match[Concept | str]]
    ) -> tuple[Facets, set[int]]:
        groups: dict[str, list[str]] = {}
        taken: set[int] = set()
        for match in matches:
            taken.update(match.span)
            for value in match.values:
                group, id_ = ("authors", value) if isinstance(value, str) else (value.group, value.id)
                if id_ not in groups.setdefault(group, []):
                    groups[group].append(id_)
        references = _references(text)
        times, time_pieces = _times(pieces, taken)
        skip = taken | time_pieces
        numbers = tuple(
            float(piece)
            for index, piece in enumerate(pieces)
            if index not in skip and piece[0].isdigit() and float(piece) not in references
        )
        facets = Facets(
            **{name: tuple(ids) for name, ids in groups.items()},
            references=references,
            times=times,
            numbers=numbers,
        )
        return facets, time_pieces

    def _absent_subjects(
        self, pieces: tuple[str, ...], matches: list[Match[Concept | str]], named: set[str]
    ) -> tuple[AbsentSubject, ...]:
        found: list[AbsentSubject] = []
        for match in self._absent.find(pieces):
            inside = _belongs_to(match, matches)
            for subject in match.values:
                fits = not subject.only_with or named.intersection(subject.only_with)
                if not inside and fits and not named.intersection(subject.unless) and subject not in found:
                    found.append(subject)
        return tuple(found)

    def _strange_authors(self, text: str) -> tuple[str, ...]:
        found: list[str] = []
        for pattern in (_AUTHOR_ENGLISH, _AUTHOR_POSSESSIVE, _AUTHOR_CHINESE):
            for name in pattern.findall(text):
                known = any(piece in self.known_words for piece in cut(name))
                if not known and name not in _HARMLESS_NAMES and name not in found:
                    found.append(name)
        return tuple(found)


def _goes_on(pieces: tuple[str, ...], matches: Sequence[Match[Signal]]) -> bool:
    return any(
        match.start == 0 or (match.end == len(pieces) and pieces[-1] == "呢")
        for match in matches
        if any(signal.id == "opener" for signal in match.values)
    )


def _belongs_to(other: Match[AbsentSubject], terms: Sequence[Match[Concept | str]]) -> bool:
    """Whether the pieces of a match are those of known terms: of one longer term, or cut out of two neighbours."""
    for term in terms:
        if term.start <= other.start and other.end <= term.end and len(term.span) > len(other.span):
            return True
    known = {index for term in terms for index in term.span}
    cuts = any(other.start < term.start < other.end < term.end for term in terms)
    return cuts and known.issuperset(other.span)


def _author_names(kb: Knowledge) -> dict[str, tuple[int, ...]]:
    """Family names with the reference numbers they stand for."""
    names: dict[str, list[int]] = {}
    for reference in kb.references.values():
        for name in _family_names(reference.named or ""):
            names.setdefault(name, []).append(reference.number)
    for statement in kb.statements.values():
        for author in statement.authors:
            for name in _family_names(author):
                numbers = names.setdefault(name, [])
                numbers.extend(n for n in statement.citations if n not in numbers)
    return {name: tuple(numbers) for name, numbers in names.items()}


def _family_names(named: str) -> Iterator[str]:
    """Family names in a list of authors such as `Raphael MJ, Karanicolas PJ`."""
    for author in _BETWEEN_AUTHORS.split(named):
        words = [word for word in author.split() if not re.fullmatch(r"[A-Z]{1,3}\.?", word)]
        if words:
            yield " ".join(words)
            if len(words) > 1:
                yield words[-1]


def _references(text: str) -> tuple[int, ...]:
    numbers: list[int] = []
    for pattern in _REFERENCES:
        for found in pattern.findall(plain(text)):
            number = int(found) if found.isdigit() else _chinese_number(found)
            if number not in numbers:
                numbers.append(number)
    return tuple(numbers)


def _chinese_number(numeral: str) -> int:
    """A numeral up to 99, such as 十四 or 二十一."""
    tens, _, ones = numeral.partition("十")
    if "十" not in numeral:
        return int("".join(str(_NUMERALS[c]) for c in numeral))
    return 10 * (_NUMERALS[tens[-1]] if tens else 1) + (_NUMERALS[ones[0]] if ones else 0)


def _number(piece: str) -> float | None:
    if piece[0].isdigit():
        return float(piece)
    value = _NUMERALS.get(piece, _WORD_NUMBERS.get(piece))
    return None if value is None else float(value)


def _times(pieces: tuple[str, ...], taken: set[int]) -> tuple[tuple[TimePoint, ...], set[int]]:
    """Time points such as `5 年`, `1, 3 and 5 years`, `三个月`, and the pieces they are made of."""
    found: list[TimePoint] = []
    used: set[int] = set()
    for index in range(1, len(pieces)):
        unit = _unit(pieces[index])
        if unit is None or index in taken:
            continue
        back = index - 1 if pieces[index] != "月" or pieces[index - 1] != "个" else index - 2
        values: list[float] = []
        while back >= 0 and back not in taken:
            value = _number(pieces[back])
            if value is None and not (values and pieces[back] in _JOINING):
                break
            if value is not None and 0 < value < 1000:
                values.append(value)
            used.add(back)
            back -= 1
        if tuple(pieces[max(0, back - 1) : back + 1])[-2:] in _BOUNDS:
            continue
        if values:
            used.add(index)
        found.extend(TimePoint(value=value, unit=unit) for value in reversed(values))
    return tuple(dict.fromkeys(found)), used


def _unit(piece: str) -> Literal["month", "year"] | None:
    if piece in {"年", "year", "yr", "y"}:
        return "year"
    if piece in {"月", "month", "mo", "mth"}:
        return "month"
    return None


def is_readable(pieces: Sequence[str]) -> bool:
    """Whether there is anything in the text that could be read."""
    return any(is_chinese(piece) or is_word(piece) for piece in pieces)
