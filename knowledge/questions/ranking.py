"""Puts the statements that can answer a question in order."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.models.questions import FACET_GROUPS, Facets
from knowledge.questions.profiles import SPECIAL, TEXT, Profile, Profiles
from knowledge.questions.reading import Reading
from knowledge.questions.wording import Scores, Wordings

_MEANING, _WORDS, _FACETS = 0.45, 0.45, 0.40
_TELLING_KINDS = frozenset({"limitation", "risk", "indication"})
_SAME_KIND = 0.06
"""A question for limitations, say, is better answered by a statement of that kind than by one that mentions some."""
_SAME_SOURCE = 0.15
"""A question that goes on from an answer more likely means the same work."""
_SAME_STATEMENT = 0.25
"""And of two statements of one work that which was shown: the sensitivity at 139 Gy, not that at 189."""
_SPEAKS_OF_ALL = 0.9
_SOURCE = 2.0
_SAME_WORDS = 0.999
_NO_FIGURE = 0.3
"""What a number tells that no statement gives: a lesion of 4 cm need not be mentioned."""


@dataclass(frozen=True)
class Ranked:
    """A statement with what speaks for it.

    Attributes:
        profile: the statement.
        meaning: nearness in meaning of its best wording.
        words: what its best wording shares with the question.
        facets: how much of what the question names it speaks of.
        matches: how many different facets of the question it speaks of.
        score: all of this together; only the order tells something.
    """

    profile: Profile
    meaning: float
    words: float
    facets: float
    matches: int
    score: float


class Ranking:
    """Scores of all statements for one question."""

    def __init__(self, profiles: Profiles, wordings: Wordings) -> None:
        """Weigh the concepts: the fewer statements speak of one, the more it tells."""
        self._profiles = profiles
        self._wordings = wordings
        self._position = {profile.statement.id: index for index, profile in enumerate(profiles.all)}
        self._telling: dict[str, float] = {}

    def rank(self, reading: Reading, candidates: Sequence[Profile]) -> tuple[Ranked, ...]:
        """The candidates, best first; equals stay in the order of the review."""
        words = self._wordings.shared_words(reading.text)
        ranked = [self._score(profile, reading, words) for profile in candidates]
        return tuple(sorted(ranked, key=lambda item: -item.score))

    def verbatim(self, text: str) -> tuple[Profile, ...]:
        """The statements that have the question among their own wordings."""
        words = self._wordings.shared_words(text)
        return tuple(p for p in self._profiles.all if words[self._position[p.statement.id]] > _SAME_WORDS)

    def _score(self, profile: Profile, reading: Reading, words: Scores) -> Ranked:
        position = self._position[profile.statement.id]
        near, shared = self._wordings.alike(reading.text, position), float(words[position])
        matched = self.matched(profile, reading.facets)
        score = _MEANING * near + _WORDS * shared + _FACETS * matched
        if profile.statement.kind in _TELLING_KINDS.intersection(reading.facets.kinds):
            score += _SAME_KIND
        if profile.references.intersection(reading.favoured):
            score += _SAME_SOURCE
        if profile.statement.id in reading.earlier and matched >= _SPEAKS_OF_ALL:
            score += _SAME_STATEMENT
        return Ranked(profile, near, shared, matched, self._matches(profile, reading.facets), score)

    def _matches(self, profile: Profile, facets: Facets) -> int:
        found = [
            any(
                self._profiles.concepts[id_].is_specific and self._profiles.weight(id_, profile) >= SPECIAL * TEXT
                for id_ in facets.group(group)
            )
            for group in FACET_GROUPS
            if group != "drugs" or not facets.therapies
        ]
        sources = (profile.authors.intersection(facets.authors), profile.references.intersection(facets.references))
        return sum(found) + sum(1 for source in sources if source)

    def matched(self, profile: Profile, facets: Facets) -> float:
        """How much of what the question names the statement speaks of, 0 to 1."""
        total = got = 0.0
        for concept in facets.concepts:
            telling = self._telling_of(concept)
            total += telling
            got += telling * self._profiles.weight(concept, profile)
        for time in facets.times:
            total += 1.0
            got += 1.0 if time in profile.result_times(()) else 0.5 if time in profile.times else 0.0
        for named, own in ((facets.authors, profile.authors), (facets.references, profile.references)):
            total += _SOURCE if named else 0.0
            got += _SOURCE if own.intersection(named) else 0.0
        for number in facets.numbers:
            telling = self._telling_number(number)
            total += telling
            got += telling if number in profile.numbers else 0.0
        return got / total if total else 0.0

    def _telling_number(self, number: float) -> float:
        """A question that quotes a figure is about a statement that gives it; few give a rare one."""
        giving = sum(1 for profile in self._profiles.all if number in profile.numbers)
        return math.log((1 + len(self._profiles.all)) / (1 + giving)) if giving else _NO_FIGURE

    def _telling_of(self, concept: str) -> float:
        if concept not in self._telling:
            everyone = self._profiles.all
            speaking = sum(1 for profile in everyone if self._profiles.weight(concept, profile) > 0)
            self._telling[concept] = math.log((1 + len(everyone)) / (1 + speaking)) + 0.2
        return self._telling[concept]
