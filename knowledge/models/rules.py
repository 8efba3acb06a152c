"""Rules: which therapy follows from which facts, as conditions in three-valued logic."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from knowledge.models.base import Bilingual, Model
from knowledge.models.results import Stance

RuleId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]


class FactCondition(Model):
    """A test of one fact: unknown as long as the fact is unknown.

    Exactly one test, or a pair of bounds, is given: `is` (a value or several), `known: true`, or bounds.
    """

    fact: str
    is_: str | bool | tuple[str, ...] | None = Field(default=None, alias="is")
    known: Literal[True] | None = None
    at_least: float | None = None
    at_most: float | None = None
    above: float | None = None
    below: float | None = None

    @model_validator(mode="after")
    def _one_test(self) -> FactCondition:
        tests = (self.is_ is not None) + (self.known is not None) + bool(self.bounds)
        if tests != 1:
            raise ValueError("give exactly one of `is`, `known` or bounds")
        return self

    @property
    def bounds(self) -> dict[str, float]:
        """The numeric bounds that are given, by name."""
        named = {
            "at_least": self.at_least,
            "at_most": self.at_most,
            "above": self.above,
            "below": self.below,
        }
        return {name: bound for name, bound in named.items() if bound is not None}

    @property
    def allowed(self) -> tuple[str | bool, ...]:
        """The values that satisfy `is`; empty for other tests."""
        if self.is_ is None:
            return ()
        return self.is_ if isinstance(self.is_, tuple) else (self.is_,)


class AllOf(Model):
    """Every part holds."""

    all_: tuple[Condition, ...] = Field(alias="all", min_length=1)


class AnyOf(Model):
    """At least one part holds."""

    any_: tuple[Condition, ...] = Field(alias="any", min_length=1)


class Not(Model):
    """The part is known not to hold: unknown stays unknown."""

    not_: Condition = Field(alias="not")


class Unless(Model):
    """Holds unless the part is known to hold: "not known to be bad". Never unknown."""

    unless: Condition


class Named(Model):
    """A condition defined once in the rule file and used by name."""

    named: str


Condition = FactCondition | AllOf | AnyOf | Not | Unless | Named


def leaves(condition: Condition) -> Iterator[FactCondition]:
    """The tests of single facts in a condition, in order. Names must have been replaced before."""
    match condition:
        case FactCondition():
            yield condition
        case AllOf(all_=parts) | AnyOf(any_=parts):
            for part in parts:
                yield from leaves(part)
        case Not(not_=part) | Unless(unless=part):
            yield from leaves(part)
        case Named(named=name):
            raise ValueError(f"the condition `{name}` was not replaced by its definition")


class Rule(Model):
    """A therapy that follows for some patients.

    Attributes:
        id: stable name shown in results.
        therapy: the contract's therapy id.
        stance: what the review says of it for them.
        when: for whom.
        grounds: the statements it rests on, most important first.
    """

    id: RuleId
    therapy: str
    stance: Stance
    when: Condition
    grounds: tuple[str, ...] = Field(min_length=1)


class Caution(Model):
    """Statements to show with a therapy, to all its patients or, with `when`, to some.

    `stances` narrows it to a therapy that is given with one of these stances.
    """

    id: RuleId
    therapy: str
    when: Condition | None = None
    stances: tuple[Stance, ...] = ("preferred", "option", "caution")
    statements: tuple[str, ...] = Field(min_length=1)


class ContradictionRule(Model):
    """Facts that do not go together, and how to say so."""

    id: RuleId
    when: Condition
    text: Bilingual


class RuleBook(Model):
    """The file of rules."""

    conditions: dict[str, Condition] = Field(default_factory=dict)
    rules: tuple[Rule, ...] = Field(min_length=1)
    cautions: tuple[Caution, ...] = ()
    contradictions: tuple[ContradictionRule, ...] = ()
    mdt: tuple[str, ...] = Field(min_length=1)
    """Statements on multidisciplinary assessment: they accompany every result."""


for _model in (AllOf, AnyOf, Not, Unless, RuleBook, Rule, Caution, ContradictionRule):
    _model.model_rebuild()
