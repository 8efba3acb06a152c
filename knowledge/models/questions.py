"""What a free question names, what is found for it, and the vocabulary that is used to read it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import Field

from knowledge.models.base import Bilingual, CitationNumber, Model
from knowledge.models.messages import DeclineReason
from knowledge.models.statements import StatementId, TimePoint
from knowledge.models.therapies import Aliases

FacetGroup = Literal["therapies", "measures", "biomarkers", "drugs", "kinds", "designs", "populations", "aspects"]
FACET_GROUPS: tuple[FacetGroup, ...] = (
    "therapies", "measures", "biomarkers", "drugs", "kinds", "designs", "populations", "aspects"
)  # fmt: skip

_REQUIRED_GROUPS = frozenset({"therapies", "measures", "biomarkers", "drugs", "aspects"})

Intent = Literal[
    "number",
    "length",
    "average",
    "regimen",
    "p_value",
    "compare",
    "list",
    "who",
    "bibliography",
    "content",
    "opener",
    "pronoun",
    "same_study",
    "manipulation",
    "chat",
]
FindingKind = Literal["answer", "comparison", "reference", "decline"]
MissingPart = Literal["subject", "time", "measure", "author", "reference", "cited", "combination", "figure", "nothing"]


class Concept(Model):
    """Something a question can name.

    Attributes:
        id: a contract id, a value of the statement models, or a name of its own.
        group: the facet it belongs to.
        terms: the words for it; the first of each language is its name where an answer speaks of it.
        includes: concepts it is the general name of: a question for it is also answered by these.
        implies: therapies that are meant where it is named and no therapy is.
        required: whether a statement must speak of it to answer; by default the group decides.
        specific: whether only medicine speaks of it; by default so if it is required.
    """

    id: str
    group: FacetGroup
    terms: Aliases
    includes: tuple[str, ...] = ()
    implies: tuple[str, ...] = ()
    required: bool | None = None
    specific: bool | None = None

    @property
    def is_required(self) -> bool:
        """Whether only statements that speak of it can answer a question that names it."""
        return self.group in _REQUIRED_GROUPS if self.required is None else self.required

    @property
    def is_specific(self) -> bool:
        """Whether only medicine speaks of it: "repeat" or "limitation" can be about anything."""
        return (self.is_required or self.group == "populations") if self.specific is None else self.specific

    @property
    def name(self) -> Bilingual:
        """What an answer calls it."""
        return Bilingual(zh=self.terms.zh[0], en=self.terms.en[0])


class Signal(Model):
    """Words that tell what sort of question it is, not what it is about."""

    id: Intent
    terms: Aliases


class AbsentSubject(Model):
    """A subject that the review does not deal with.

    Attributes:
        name: the subject in words that complete "the review does not cover …".
        reason: `not_in_review` for questions on this disease, `out_of_scope` for any other matter.
        terms: the words for it.
        only_with: ids of concepts or signals one of which must be named too, for terms that mean nothing alone.
        unless: ids of concepts that make the term harmless ("dose" of a microsphere is covered).
        alone: whether the words show by themselves that the question is on this disease; if not, it has to be named.
        needs: what must be named beside it, or it is out of scope: the `disease`, or anything the review deals with.
        nearest: statements on the nearest subject that is covered.
    """

    id: str
    name: Bilingual
    reason: DeclineReason = "not_in_review"
    terms: Aliases
    only_with: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    alone: bool = True
    needs: Literal["disease"] | None = None
    nearest: tuple[StatementId, ...] = ()


class Messages(Model):
    """Example messages in each language."""

    zh: tuple[str, ...]
    en: tuple[str, ...]

    @property
    def all(self) -> tuple[str, ...]:
        """Those of both languages."""
        return (*self.zh, *self.en)


class Examples(Model):
    """Messages that no statement answers, by what they are about.

    Attributes:
        subject: medicine of this disease.
        elsewhere: anything else.
        manipulation: attempts to lead the assistant away from its source.
    """

    subject: Messages
    elsewhere: Messages
    manipulation: Messages


class Vocabulary(Model):
    """All words that questions are read with."""

    concepts: tuple[Concept, ...]
    signals: tuple[Signal, ...]
    absent: tuple[AbsentSubject, ...]
    ordinary: Aliases
    """Words that say nothing about the subject of a question."""


class Facets(Model):
    """What a question, or a statement, names.

    `references` are numbers of the review's list, `numbers` the figures quoted in a question.
    """

    therapies: tuple[str, ...] = ()
    measures: tuple[str, ...] = ()
    biomarkers: tuple[str, ...] = ()
    drugs: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    designs: tuple[str, ...] = ()
    populations: tuple[str, ...] = ()
    aspects: tuple[str, ...] = ()
    times: tuple[TimePoint, ...] = ()
    authors: tuple[str, ...] = ()
    references: tuple[int, ...] = ()
    numbers: tuple[float, ...] = ()

    def group(self, name: FacetGroup) -> tuple[str, ...]:
        """The concepts of one facet."""
        value: tuple[str, ...] = getattr(self, name)
        return value

    @property
    def concepts(self) -> tuple[str, ...]:
        """The concepts of all facets, without repetition."""
        return tuple(dict.fromkeys(id_ for name in FACET_GROUPS for id_ in self.group(name)))

    @property
    def has_subject(self) -> bool:
        """Whether it says what it is about, so that it can be answered without an earlier question."""
        return bool(self.therapies or self.authors or self.references or self.biomarkers or self.drugs)

    @property
    def empty(self) -> bool:
        """Whether nothing at all was named."""
        return not (self.concepts or self.times or self.authors or self.references or self.numbers)


class Topic(Model):
    """What the last question was about: completes a follow-up such as "and at 5 years?"."""

    facets: Facets = Field(default_factory=Facets)
    statements: tuple[StatementId, ...] = ()


class Absence(Model):
    """What a question names that the review lacks.

    Attributes:
        part: which part of the question has no answer.
        named: it, in words.
        available: what the review has instead, in words; may be empty.
    """

    part: MissingPart
    named: tuple[Bilingual, ...] = ()
    available: tuple[Bilingual, ...] = ()


class Finding(Model):
    """What the review answers to a question.

    Attributes:
        kind: what sort of reply it is.
        statements: ids in order of relevance, what was asked for first; editor's notes are not listed.
        citations: the reference numbers of `statements`, ascending, or those asked for (`reference`).
        therapies: those the question names, or those compared.
        asked: for a comparison, the measures it was limited to (empty: everything).
        reason: why it is declined; None unless `decline`.
        near: nearest statements where it is declined; their subject may be named, not their content.
        absent: what is lacking; None unless something in particular is.
        topic: to be given back with the next question.
    """

    kind: FindingKind
    statements: tuple[StatementId, ...] = ()
    citations: tuple[CitationNumber, ...] = ()
    therapies: tuple[str, ...] = ()
    reason: DeclineReason | None = None
    near: tuple[StatementId, ...] = ()
    absent: Absence | None = None
    topic: Annotated[Topic, Field(default_factory=Topic)]

    @classmethod
    def declined(
        cls,
        reason: DeclineReason,
        near: Sequence[str] = (),
        absent: Absence | None = None,
        topic: Topic | None = None,
    ) -> Finding:
        """That the review has no answer, and why."""
        return cls(kind="decline", reason=reason, near=tuple(near), absent=absent, topic=topic or Topic())
