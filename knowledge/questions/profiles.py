"""What each statement speaks of, and how directly: the counterpart of what a question names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from knowledge.loading import Knowledge
from knowledge.models.questions import Concept, Facets
from knowledge.models.statements import Result, Statement, TimePoint
from knowledge.questions.reading import Reader
from knowledge.questions.tokens import cut

FIELD, TEXT, QUESTION = 1.0, 0.8, 0.5
"""How directly a statement speaks of a thing: in a field of its own, in its words, in a question for it."""
SPECIAL, GENERAL = 0.9, 0.4
"""What a special form counts for the general name asked for, and the other way round."""


@dataclass(frozen=True, eq=False)
class Profile:
    """What one statement speaks of.

    Attributes:
        statement: the statement.
        weights: for each concept how directly it is spoken of.
        words: pieces of its text and questions.
        times: time points of its results or its text.
        numbers: figures of its results or its text.
        authors, references: whose claim it is.
    """

    statement: Statement
    weights: Mapping[str, float]
    words: frozenset[str]
    times: frozenset[TimePoint]
    numbers: frozenset[float]
    authors: frozenset[str]
    references: frozenset[int]

    def result_times(self, measures: Iterable[str]) -> tuple[TimePoint, ...]:
        """The time points of its results on these measures, or of all results if none is given."""
        wanted = set(measures)
        times = (r.time for r in self.statement.results if r.time and (not wanted or r.measure in wanted))
        return tuple(dict.fromkeys(times))

    def spans(self, measures: Iterable[str], unit: str) -> set[float]:
        """The lengths of time among its results on these measures, such as a mean survival of 2.5 years."""
        wanted = set(measures)
        return {r.value for r in self.statement.results if r.unit == unit and r.value and r.measure in wanted}

    def has_figure(self, measures: Iterable[str], *, average: bool = False) -> bool:
        """Whether it gives a figure for one of these measures, or any but the size of a work if none is given.

        Args:
            measures: the measures that are asked for.
            average: whether the figure has to be a median or mean.
        """
        wanted = set(measures)
        return any(
            (result.measure in wanted if wanted else result.measure != "sample_size")
            and (not average or result.statistic in ("median", "mean"))
            for result in self.statement.results
        )


class Profiles:
    """The profiles of all statements except editor's notes, which only travel with theirs."""

    def __init__(self, kb: Knowledge, reader: Reader) -> None:
        """Read every statement once."""
        self.concepts: Mapping[str, Concept] = reader.concepts
        self._family = {id_: _closure(concept, reader.concepts) for id_, concept in reader.concepts.items()}
        self.all: tuple[Profile, ...] = tuple(
            _profile(statement, reader) for statement in kb.statements.values() if statement.kind != "editor_note"
        )
        self._therapies = frozenset(kb.therapies)
        self._weights: dict[str, dict[str, float]] = {}
        self._about: dict[tuple[str, bool], frozenset[str]] = {}

    def members(self, concept: str) -> frozenset[str]:
        """The concept and everything it is the general name of."""
        return self._family.get(concept, frozenset({concept}))

    def is_about(self, therapy: str, profile: Profile, *, exactly: bool = False) -> bool:
        """Whether the statement is on the therapy or a form of it, not merely mentions it.

        Unless `exactly`, what the therapy is a form of will do: what holds for ablation concerns stereotactic RFA.
        """
        return profile.statement.id in self.about(therapy, exactly=exactly)

    def about(self, therapy: str, *, exactly: bool = False) -> frozenset[str]:
        """The statements that are on a therapy, see `is_about`; found once."""
        if (therapy, exactly) not in self._about:
            found = (p.statement.id for p in self.all if self._is_about(therapy, p, exactly=exactly))
            self._about[therapy, exactly] = frozenset(found)
        return self._about[therapy, exactly]

    def _is_about(self, therapy: str, profile: Profile, *, exactly: bool) -> bool:
        own = profile.statement.therapies
        if therapy not in self._therapies and profile.weights.get(therapy, 0.0) >= TEXT:
            return True
        if self.members(therapy).intersection(own):
            return True
        return not exactly and any(therapy in self.members(id_) for id_ in own)

    def weight(self, concept: str, profile: Profile) -> float:
        """How directly the statement speaks of the concept: 0 not at all, 1 in a field of its own."""
        if concept not in self._weights:
            self._weights[concept] = {p.statement.id: self._weigh(concept, p) for p in self.all}
        return self._weights[concept][profile.statement.id]

    def _weigh(self, concept: str, profile: Profile) -> float:
        best = profile.weights.get(concept, 0.0)
        members = self.members(concept)
        for spoken, weight in profile.weights.items():
            if spoken == concept:
                continue
            if spoken in members:
                best = max(best, SPECIAL * weight)
            elif concept in self.members(spoken):
                best = max(best, GENERAL * weight)
        return best


def _closure(concept: Concept, concepts: Mapping[str, Concept]) -> frozenset[str]:
    found = {concept.id}
    for id_ in concept.includes:
        found |= _closure(concepts[id_], concepts)
    return frozenset(found)


def _profile(statement: Statement, reader: Reader) -> Profile:
    texts = (statement.text.zh, statement.text.en, statement.short.zh, statement.short.en)
    population = (statement.population.zh, statement.population.en) if statement.population else ()
    spoken = [reader.facets(text) for text in (*texts, *population)]
    topics = [reader.facets(topic.replace("_", " ")) for topic in statement.topics]
    questions = (*statement.questions.zh, *statement.questions.en)
    weights = {id_: QUESTION for text in questions for id_ in reader.concepts_of(text)}
    for facets in (*spoken, *topics):
        weights.update(dict.fromkeys(facets.concepts, TEXT))
    weights.update(dict.fromkeys(_field_concepts(statement, reader), FIELD))
    reader_names = [facets.authors for facets in (*spoken, *(reader.facets(a) for a in statement.authors))]
    named = {name for name, numbers in reader.authors.items() if set(numbers) & set(statement.citations)}
    return Profile(
        statement=statement,
        weights=weights,
        words=frozenset(piece for text in (*texts, *questions) for piece in cut(text)),
        times=frozenset(time for facets in spoken for time in facets.times)
        | {result.time for result in statement.results if result.time},
        numbers=frozenset(_figures(statement.results, spoken)),
        authors=frozenset(name for names in reader_names for name in names) | named,
        references=frozenset(statement.citations),
    )


def _field_concepts(statement: Statement, reader: Reader) -> Iterable[str]:
    yield from statement.therapies
    yield from statement.biomarkers
    yield from (result.measure for result in statement.results)
    yield from (name for name in (statement.kind, statement.design) if name in reader.concepts)
    yield from (topic for topic in statement.topics if topic in reader.concepts)
    if statement.n is not None:
        yield "sample_size"


def _figures(results: Iterable[Result], spoken: Iterable[Facets]) -> Iterable[float]:
    for result in results:
        yield from (value for value in (result.value, result.low, result.high) if value is not None)
        yield from (float(value) for value in result.count or ())
    for facets in spoken:
        yield from facets.numbers
        yield from (time.value for time in facets.times)
