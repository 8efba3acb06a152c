"""What the words around a finding make of it: denied, uncertain, planned, past, supposed, or of somebody else."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property

from knowledge.nlu.document import Document, Term

_SENTENCE_ENDS = frozenset("。.;!?\n")
_CLAUSE_ENDS = _SENTENCE_ENDS | frozenset(",:")
_NEAR = 7
_REACH = 90
"""Tokens; it keeps a text without a full stop from being read anew for each of its words."""
_OPENERS = frozenset(
    {"and", "so", "but", "or", "then", "ok", "okay", "well", "also", "please", "the", "in", "at", "for", "by"}
)
_ADVERSATIVE = frozenset({"但", "但是", "but", "however", "though", "although"})


@dataclass(frozen=True, eq=False)
class Context:
    """Clauses and sentences of a message, and what its cues do to the terms in them. Places count tokens."""

    doc: Document

    @cached_property
    def clauses(self) -> tuple[tuple[int, int], ...]:
        """Start and end (exclusive, with the closing mark) of each clause."""
        return self._pieces(_CLAUSE_ENDS)

    @cached_property
    def sentences(self) -> tuple[tuple[int, int], ...]:
        """Start and end of each sentence."""
        return self._pieces(_SENTENCE_ENDS)

    @cached_property
    def token_ends(self) -> tuple[int, ...]:
        """Where each token ends in the normalised text."""
        return tuple(token.end for token in self.doc.tokens)

    def clause(self, index: int) -> tuple[int, int]:
        """The clause that a token stands in."""
        return _piece_at(self.clauses, index)

    def sentence(self, index: int) -> tuple[int, int]:
        """The sentence that a token stands in, as far as words in it can reach one another."""
        first, last = _piece_at(self.sentences, index)
        return max(first, index - _REACH), min(last, index + _REACH)

    def negated(self, start: int, end: int) -> bool:
        """Whether the words from `start` to `end` are denied, by a word near before or right behind them."""
        first, last = self.clause(start)
        for term in self.doc.between(max(first, start - _NEAR), start):
            if term.any("cue.negation_before") and term.end <= start and self._reaches(term.end, start):
                return True
        return any(
            term.any("cue.negation_after") and term.start - end <= 1
            for term in self.doc.between(end, min(last, end + 3))
        )

    def uncertain(self, start: int, end: int) -> bool:
        """Whether they are called pending, suspected or unknown in the same clause."""
        first, last = self.clause(start)
        near = self.doc.between(max(first, start - _NEAR), min(last, end + _NEAR))
        return any(term.any("cue.uncertain") and self.doc.word(term.start) != "?" for term in near)

    def planned(self, start: int) -> bool:
        """Whether they are only intended."""
        return self._before_in_clause(start, "cue.plan")

    def past(self, start: int) -> bool:
        """Whether they tell how it was."""
        return self._before_in_clause(start, "cue.history")

    def of_somebody_else(self, start: int) -> bool:
        """Whether they speak of a relative or of another patient."""
        first, _ = self.sentence(start)
        people = [term for term in self.doc.between(first, start) if term.any("cue.other_person", "cue.this_person")]
        return bool(people) and people[-1].any("cue.other_person")

    def asserted(self, start: int) -> bool:
        """Whether they are said of this patient, not asked, supposed or said of patients in general."""
        if self._question(*self.clause(start)):
            return False
        first, _ = self.sentence(start)
        _, clause_end = self.clause(start)
        if any(term.any("cue.hypothesis") for term in self.doc.between(first, start)):
            return False
        return not any(term.any("cue.population") for term in self.doc.between(first, clause_end))

    @cached_property
    def question(self) -> bool:
        """Whether some clause asks."""
        return any(self._question(*clause) for clause in self.clauses)

    @cached_property
    def hypothetical(self) -> bool:
        """Whether something is only supposed."""
        return any(True for _ in self.doc.find("cue.hypothesis"))

    @cached_property
    def corrects(self) -> tuple[Term, ...]:
        """Words that announce a correction."""
        return tuple(self.doc.find("cue.correction"))

    def _question(self, first: int, last: int) -> bool:
        """Whether a clause asks; English question words count at its beginning only ("patient who has …")."""
        for term in self.doc.between(first, last):
            if term.any("cue.question"):
                latin = self.doc.tokens[term.start].latin
                if not latin or term.start == first or (term.start == first + 1 and self._opener(first)):
                    return True
        return False

    def _opener(self, index: int) -> bool:
        return self.doc.word(index) in _OPENERS

    def _reaches(self, start: int, end: int) -> bool:
        """Whether a denial reaches over the words between: not over another finding or a "but"."""
        if any(self.doc.word(index) in _ADVERSATIVE for index in range(start, end)):
            return False
        return not any(
            term.any("value", "state", "course.progress", "course.response") for term in self.doc.between(start, end)
        )

    def _before_in_clause(self, start: int, cue: str) -> bool:
        first, _ = self.clause(start)
        return any(term.any(cue) for term in self.doc.between(first, start))

    def _pieces(self, ends: frozenset[str]) -> tuple[tuple[int, int], ...]:
        pieces, start = [], 0
        for index, token in enumerate(self.doc.tokens):
            if token.word in ends:
                pieces.append((start, index + 1))
                start = index + 1
        if start < len(self.doc.tokens) or not pieces:
            pieces.append((start, len(self.doc.tokens)))
        return tuple(pieces)


def _piece_at(pieces: tuple[tuple[int, int], ...], index: int) -> tuple[int, int]:
    return pieces[max(0, bisect_right(pieces, (index, float("inf"))) - 1)]
