"""Reads a question: what it names, what sort of question it is, and which of its words mean nothing to the review."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from knowledge.loading import Knowledge
from knowledge.models.questions import AbsentSubject, Concept, Facets, Intent, Signal, Vocabulary
from knowledge.nlu.spelling import Spelling
from knowledge.nlu.text import words
from knowledge.questions.figures import reference_numbers, time_points
from knowledge.questions.matching import Match, Matcher
from knowledge.questions.names import names_of_works, strange_authors
from knowledge.questions.readability import GRAMMAR
from knowledge.questions.tokens import cut, is_chinese, is_word, stem
from knowledge.questions.vocabulary import all_terms, therapy_concepts

_STUDIES = words("study trial cohort series paper analys analysis analyz enrol enroll includ 研 试 队 篇 纳")
"""Pieces by which a number of patients is that of a work."""


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
        earlier: ids of the statements of that answer.
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
    earlier: tuple[str, ...] = ()


_EMPHASIS = frozenset(
    {"具体", "明确", "详细", "确切", "到底", "究竟", "exact", "exactly", "precise", "specific", "detailed"}
)


class Reader:
    """Reads questions and statements with the vocabulary and the names of the knowledge base."""

    def __init__(self, kb: Knowledge, vocabulary: Vocabulary) -> None:
        """Index the terms; no file is read."""
        self.concepts: dict[str, Concept] = {}
        terms: list[tuple[str, Concept | str]] = []
        for concept in (*therapy_concepts(kb), *vocabulary.concepts):
            self.concepts[concept.id] = concept
            terms.extend((term, concept) for term in all_terms(concept))
        self.authors = names_of_works(kb)
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

    def concepts_of(self, text: str) -> Iterator[str]:
        """The concepts that a text names, some of them repeatedly."""
        for match in self._terms.find(cut(text)):
            yield from (value.id for value in match.values if not isinstance(value, str))

    def read(self, text: str) -> Reading:
        """The question, read."""
        pieces = tuple(self._spelt(piece) for piece in cut(text))
        matches = list(self._terms.find(pieces))
        facets, used = self._facets(text, pieces, matches)
        facets = self._with_implied(facets)
        covered = used.union(*(match.span for match in matches))
        signal_matches = list(self._signals.find(pieces))
        signals = frozenset(signal.id for match in signal_matches for signal in match.values)
        if pieces[:2] == ("number", "of") or (facets.authors and ("number", "of") in pairwise(pieces)):
            signals |= {"number"}
        if _answered_yes_or_no(pieces):
            signals -= {"number"}
        facets = _of_a_study(facets, pieces, signals)
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
            strange_authors=strange_authors(text, self.known_words),
            content=self._content(pieces),
            specific=any(self.concepts[id_].is_specific for id_ in facets.concepts),
            familiar=any(pieces[index] not in GRAMMAR for index in used),
            bare=len(covered) >= len(pieces) - 1 or (len(used) == len(pieces) and "list" in signals),
            goes_on=_goes_on(pieces, signal_matches),
        )

    def _with_implied(self, facets: Facets) -> Facets:
        """The facets with the therapy that is meant though it is not named ("upfront or delayed?")."""
        if facets.therapies:
            return facets
        implied = (therapy for id_ in facets.concepts for therapy in self.concepts[id_].implies)
        return facets.model_copy(update={"therapies": tuple(dict.fromkeys(implied))})

    def _spelt(self, piece: str) -> str:
        """The known word that a misspelt one must be meant to be."""
        if not piece.isascii() or piece in self.known_words or stem(piece) in self.known_words:
            return piece
        return self._spelling.correct(piece) or piece

    @cached_property
    def _spelling(self) -> Spelling:
        return Spelling(self.known_words)

    def _strangers(self, pieces: tuple[str, ...], used: set[int]) -> tuple[str, ...]:
        """Latin words, and runs of Chinese characters, that no term, signal or learnt text contains."""
        found: list[str] = []
        run: list[str] = []
        for index, piece in enumerate((*pieces, "")):
            if piece and index not in used and is_chinese(piece):
                run.append(piece)
                continue
            words = [a + b for a, b in pairwise(run)] or run
            if run and not self.known_words.intersection(words):
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
        references = reference_numbers(text)
        times, time_pieces = time_points(pieces, taken)
        skip = taken | time_pieces
        numbers = tuple(
            float(piece)
            for index, piece in enumerate(pieces)
            if index not in skip and piece[0].isdecimal() and float(piece) not in references
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
        plainer = _without_emphasis(pieces)
        for match in self._absent.find(plainer) if len(plainer) < len(pieces) else ():
            found.extend(s for s in match.values if not (s.only_with or s.unless or s in found))
        return tuple(found)


def _of_a_study(facets: Facets, pieces: tuple[str, ...], signals: frozenset[Intent]) -> Facets:
    """The facets with the size of a work as what is asked for, where only its patients are counted."""
    studied = _STUDIES.intersection(stem(piece) for piece in pieces)
    named = bool(facets.authors or facets.references or studied) or "who" in signals
    counted = "how_many_patients" in facets.measures and "conversion_to_resection" not in facets.measures
    if not counted or not (named or facets.designs):
        return facets
    return facets.model_copy(update={"measures": (*facets.measures, "sample_size")})


def _answered_yes_or_no(pieces: tuple[str, ...]) -> bool:
    """Whether 几个 counts nothing, because yes or no answers it (三药能多切几个吗)."""
    said = "".join(pieces).rstrip("?？")
    return said.endswith("吗") and "能多" in said and "几个" in said and "多少" not in said


def _without_emphasis(pieces: tuple[str, ...]) -> tuple[str, ...]:
    """The pieces without words that only press for precision (可切除性的具体标准, "the exact criteria")."""
    kept: list[str] = []
    index = 0
    while index < len(pieces):
        if pieces[index] in _EMPHASIS:
            index += 1
        elif "".join(pieces[index : index + 2]) in _EMPHASIS:
            index += 2
            if kept[-1:] == ["的"]:
                kept.pop()
        else:
            kept.append(pieces[index])
            index += 1
    return tuple(kept)


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
