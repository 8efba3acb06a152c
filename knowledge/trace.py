"""Why a therapy is an option for a patient, or why it is not."""

from __future__ import annotations

from collections.abc import Iterator

from knowledge.conditions import Facts, holds
from knowledge.loading import Knowledge
from knowledge.models.facts import FACT_IDS, PatientFacts
from knowledge.models.results import RuleTrace
from knowledge.models.rules import AllOf, AnyOf, Condition, FactCondition, Named, Not, Unless


def trace(kb: Knowledge, facts: PatientFacts, therapy: str) -> tuple[RuleTrace, ...]:
    """The rules of a therapy and what decides each of them for these facts, in the order of the rule file."""
    known = facts.known()
    traces = []
    for rule in kb.rules:
        if rule.therapy == therapy:
            deciding = set(_deciding(rule.when, known))
            traces.append(
                RuleTrace(
                    rule=rule.id,
                    therapy=therapy,
                    stance=rule.stance,
                    holds=holds(rule.when, known),
                    decided_by=tuple(fact for fact in FACT_IDS if fact in deciding),
                )
            )
    return tuple(traces)


def _deciding(condition: Condition, known: Facts) -> Iterator[str]:
    """The facts that give a condition its truth: in a conjunction that fails, those of the failing parts."""
    truth = holds(condition, known)
    match condition:
        case FactCondition(fact=fact):
            yield fact
        case AllOf(all_=parts):
            yield from _of_parts(parts, known, truth, everything=truth is True)
        case AnyOf(any_=parts):
            yield from _of_parts(parts, known, truth, everything=truth is False)
        case Not(not_=part):
            yield from _deciding(part, known)
        case Unless(unless=part):
            if holds(part, known) is not None:
                yield from _deciding(part, known)
        case Named(named=name):
            raise ValueError(f"the condition `{name}` was not replaced by its definition")


def _of_parts(parts: tuple[Condition, ...], known: Facts, truth: bool | None, *, everything: bool) -> Iterator[str]:
    for part in parts:
        if everything or holds(part, known) is truth:
            yield from _deciding(part, known)
