"""The case of one patient as a conversation builds it up."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from knowledge.models.base import Bilingual, Model
from knowledge.models.facts import FactValue, PatientFacts
from knowledge.models.understanding import FactMention


class Case(Model):
    """What is known so far.

    Attributes:
        facts: the facts with a value.
        unknown: facts that were asked for or spoken of and are not known ("pending", "skip").
        words: for each fact the words it was taken from.
    """

    facts: PatientFacts = Field(default_factory=PatientFacts)
    unknown: tuple[str, ...] = ()
    words: dict[str, str] = Field(default_factory=dict)


class FactChange(Model):
    """A fact that was set, corrected or withdrawn; None is unknown."""

    fact: str
    old: FactValue | None
    new: FactValue | None


class Problem(Model):
    """Something a message said that cannot be taken as a fact and has to be asked about."""

    kind: Literal["implausible", "bound", "conflict"]
    mention: FactMention


class Contradiction(Model):
    """Two known facts that do not go together; both are kept and the clinician is told."""

    id: str
    facts: tuple[str, ...]
    text: Bilingual


class CaseUpdate(Model):
    """A case after a message, what the message changed, and what has to be asked about."""

    case: Case
    changes: tuple[FactChange, ...] = ()
    problems: tuple[Problem, ...] = ()
