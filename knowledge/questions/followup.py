"""Completes a question that goes on from the last one: `那5年呢?`, `and its complications?`."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from knowledge.loading import Knowledge
from knowledge.models.base import Lang
from knowledge.models.questions import Concept, Facets, Topic
from knowledge.questions.confidence import names_liver
from knowledge.questions.reading import Reading

_SHORT = 8
"""A question with no more content than this many pieces, and no subject, may lean on the last one."""

_BARE = 0
"""The same for a question that only says what sort of answer it wants ("who?", 谁做的)."""
_SUBJECT = ("therapies", "biomarkers", "drugs", "authors", "references", "populations")
_MAIN = ("therapies", "authors", "references")
Extent = Literal["all", "subject", "main"]
_MATTER = ("measures", "kinds", "aspects", "designs")


def leans(reading: Reading) -> bool:
    """Whether the question says by its words that it goes on from the last one."""
    return bool(reading.signals & {"pronoun", "same_study"}) or reading.goes_on


def could_lean(reading: Reading) -> bool:
    """Whether the question might go on from the last one: short, and without a subject of its own.

    It must ask for something that a finding can have: "who won the masters?" goes on from nothing.
    """
    if reading.facets.empty and (reading.strangers or not reading.signals or len(reading.content) > _BARE):
        return False
    whole = bool(reading.facets.populations) and names_liver(reading)  # "the share with synchronous liver metastases"
    return not whole and not reading.facets.has_subject and len(reading.content) <= _SHORT


def names_only_strange(reading: Reading) -> bool:
    """Whether all it asks after is something that the review never speaks of ("what about lutetium?")."""
    return bool(reading.strangers) and reading.facets.empty and reading.signals <= {"opener"}


def only_time(reading: Reading) -> bool:
    """Whether a question gives nothing but another time point ("and at 10 years?"): it has no answer of its own."""
    facets = reading.facets
    named = any(getattr(facets, name) for name in (*_SUBJECT, *_MATTER))
    return bool(facets.times) and not named and not reading.strangers


def complete(
    reading: Reading, topic: Topic, kb: Knowledge, concepts: dict[str, Concept], lang: Lang, extent: Extent = "all"
) -> Reading:
    """The question with what it leaves out taken from the last one: everything, its subject, or the main part of it."""
    own, last = reading.facets, topic.facets
    changes: dict[str, object] = {}
    new_subject = bool(own.therapies or own.authors or own.references or own.drugs)
    if not new_subject:
        taken_over = _MAIN if extent == "main" else _SUBJECT
        changes.update({name: getattr(last, name) for name in taken_over if not getattr(own, name)})
    if extent == "all" and not any(getattr(own, name) for name in _MATTER):
        changes.update({name: getattr(last, name) for name in _MATTER})
        if not own.times:
            changes["times"] = last.times
    if "same_study" in reading.signals:
        changes["references"] = kb.citations_of(topic.statements) or own.references
    facets: Facets = own.model_copy(update=changes)
    taken = [id_ for name in changes for id_ in getattr(facets, name) if id_ in concepts]
    words = " ".join(concepts[id_].name[lang] for id_ in taken)
    favoured = () if new_subject else kb.citations_of(topic.statements)
    earlier = () if any(getattr(own, name) for name in _SUBJECT) else topic.statements
    text = f"{words} {reading.text}".strip()
    spoken = {*facets.concepts, *last.concepts}
    absent = tuple(subject for subject in reading.absent if spoken.isdisjoint(subject.unless))
    return replace(
        reading, facets=facets, text=text, favoured=favoured, earlier=earlier, absent=absent, specific=True, bare=False
    )
