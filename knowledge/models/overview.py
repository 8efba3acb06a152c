"""A case at a glance, as programs see it."""

from __future__ import annotations

from knowledge.models.base import Model
from knowledge.models.case import Contradiction
from knowledge.models.facts import FactValue
from knowledge.models.results import Effect, TherapyOption


class OptionView(TherapyOption):
    """An option with the known facts that its rules hold by, and the open facts that could change it."""

    because: tuple[str, ...]
    would_change: tuple[str, ...]


class RuledOut(Model):
    """A therapy that is no option: the known facts against it, and the unknown ones that leave it open."""

    id: str
    against: tuple[str, ...]
    open: tuple[str, ...]


class OpenEffect(Effect):
    """What a value would change; for a number, `span` names the stretch it stands for, e.g. `3–5`."""

    span: str | None = None


class OpenFact(Model):
    """An unknown fact that could change the options; `decisive` if it can change which there are or their stance."""

    fact: str
    decisive: bool
    effects: tuple[OpenEffect, ...]


class CaseOverview(Model):
    """What follows from the facts of a patient, and why.

    Attributes:
        facts: what is known.
        options: in the order in which they are shown.
        others: the remaining therapies.
        missing: the open facts, most decisive first.
        contradictions: facts that do not go together.
        mdt: the statements on multidisciplinary assessment that accompany every result.
    """

    facts: dict[str, FactValue]
    options: tuple[OptionView, ...]
    others: tuple[RuledOut, ...]
    missing: tuple[OpenFact, ...]
    contradictions: tuple[Contradiction, ...]
    mdt: tuple[str, ...]
    knowledge_version: str
