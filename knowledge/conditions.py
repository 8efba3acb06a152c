"""Three-valued logic: a condition over facts holds, does not hold, or is undecided (`None`)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from knowledge.models.facts import FactValue
from knowledge.models.results import Truth
from knowledge.models.rules import AllOf, AnyOf, Condition, FactCondition, Named, Not, Unless, leaves

Facts = Mapping[str, FactValue]
"""The known facts; a fact that is not in it is unknown."""


def holds(condition: Condition, facts: Facts) -> Truth:
    """Whether the condition holds for these facts; `None` while that depends on unknown facts.

    Kleene's logic, and one operator of its own: `unless` asks whether something is *known* to hold and
    therefore always has an answer.
    """
    match condition:
        case FactCondition():
            return _fact_holds(condition, facts)
        case AllOf(all_=parts):
            return _joined(parts, facts, False)
        case AnyOf(any_=parts):
            return _joined(parts, facts, True)
        case Not(not_=part):
            truth = holds(part, facts)
            return None if truth is None else not truth
        case Unless(unless=part):
            return holds(part, facts) is not True
        case Named(named=name):
            raise ValueError(f"the condition `{name}` was not replaced by its definition")


def _joined(parts: Iterable[Condition], facts: Facts, settles: bool) -> Truth:
    """The truth of several conditions together, which one that is `settles` decides by itself."""
    undecided = False
    for part in parts:
        truth = holds(part, facts)
        if truth is settles:
            return settles
        undecided = undecided or truth is None
    return None if undecided else not settles


def facts_of(condition: Condition | None) -> frozenset[str]:
    """The facts a condition looks at; none for no condition."""
    return frozenset(leaf.fact for leaf in leaves(condition)) if condition is not None else frozenset()


def open_facts(condition: Condition, facts: Facts) -> frozenset[str]:
    """The unknown facts that the truth of the condition may still depend on; none once it is settled for good."""
    match condition:
        case FactCondition(fact=fact):
            return frozenset() if fact in facts else frozenset((fact,))
        case AllOf(all_=parts):
            return _open_in(parts, facts, False)
        case AnyOf(any_=parts):
            return _open_in(parts, facts, True)
        case Not(not_=part) | Unless(unless=part):
            return open_facts(part, facts)
        case Named(named=name):
            raise ValueError(f"the condition `{name}` was not replaced by its definition")


def _open_in(parts: Iterable[Condition], facts: Facts, settles: bool) -> frozenset[str]:
    """The open facts of several conditions together, none if one that is `settles` decides for good."""
    found: frozenset[str] = frozenset()
    for part in parts:
        still = open_facts(part, facts)
        if not still and holds(part, facts) is settles:
            return frozenset()
        found |= still
    return found


def _fact_holds(condition: FactCondition, facts: Facts) -> Truth:
    value = facts.get(condition.fact)
    if value is None:
        return None
    if condition.known:
        return True
    if condition.allowed:
        return value in condition.allowed
    number = float(value)
    return (
        (condition.at_least is None or number >= condition.at_least)
        and (condition.at_most is None or number <= condition.at_most)
        and (condition.above is None or number > condition.above)
        and (condition.below is None or number < condition.below)
    )
