"""What the engine answers."""

from __future__ import annotations

from typing import Literal

from knowledge.models.base import CitationNumber, Model
from knowledge.models.facts import FactValue

Stance = Literal["preferred", "option", "caution", "not_recommended"]
STANCES: tuple[Stance, ...] = ("preferred", "option", "caution", "not_recommended")

Truth = bool | None
"""Three-valued truth: `None` is unknown."""


class TherapyOption(Model):
    """One therapy for this patient.

    Attributes:
        id: the therapy.
        stance: what the review says of it for such a patient.
        rules: the rules that hold, in the order of the rule file.
        statements: what supports it: the grounds of those rules, then the cautions.
        cautions: those among `statements` that warn.
        citations: the reference numbers of `statements`, ascending.
    """

    id: str
    stance: Stance
    rules: tuple[str, ...]
    statements: tuple[str, ...]
    cautions: tuple[str, ...] = ()
    citations: tuple[CitationNumber, ...] = ()


class Effect(Model):
    """What one value of an unknown fact would change."""

    value: FactValue
    adds: tuple[str, ...] = ()
    removes: tuple[str, ...] = ()
    restances: tuple[str, ...] = ()
    cautions: tuple[str, ...] = ()
    """Therapies whose stance stays but whose cautions or grounds change."""


class MissingFact(Model):
    """An unknown fact whose value would change the options.

    `decisive` says whether it can change which options there are or their stance (alone or together with other
    open facts), not only their cautions.
    """

    fact: str
    decisive: bool
    effects: tuple[Effect, ...]


class Evaluation(Model):
    """The options for a patient and what is still open, most decisive first."""

    options: tuple[TherapyOption, ...]
    missing: tuple[MissingFact, ...]
    contradictions: tuple[str, ...] = ()
    knowledge_version: str


class RuleTrace(Model):
    """Whether a rule holds for a patient, and the facts that decide it.

    `decided_by` are the known facts that make it hold or fail, or the unknown ones that leave it open.
    """

    rule: str
    therapy: str
    stance: Stance
    holds: Truth
    decided_by: tuple[str, ...]


class Difference(Model):
    """How two results differ."""

    added: tuple[TherapyOption, ...] = ()
    removed: tuple[TherapyOption, ...] = ()
    changed: tuple[tuple[TherapyOption, TherapyOption], ...] = ()
    """Pairs (before, after) with another stance, other rules or other cautions."""

    @property
    def empty(self) -> bool:
        """Whether nothing differs."""
        return not (self.added or self.removed or self.changed)
