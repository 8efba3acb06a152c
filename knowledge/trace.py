"""Why a therapy is an option for a patient, or why it is not."""

from __future__ import annotations

from collections.abc import Iterator

from knowledge.conditions import Facts, facts_of, holds
from knowledge.factspace import values_of
from knowledge.loading import Knowledge
from knowledge.models.facts import FACT_IDS, FactValue, PatientFacts
from knowledge.models.results import RuleTrace
from knowledge.models.rules import Condition


def trace(kb: Knowledge, facts: PatientFacts, therapy: str) -> tuple[RuleTrace, ...]:
    """The rules of a therapy and what decides each of them for these facts, in the order of the rule file."""
    known = facts.known()
    return tuple(
        RuleTrace(
            rule=rule.id,
            therapy=therapy,
            stance=rule.stance,
            holds=holds(rule.when, known),
            for_=tuple(_supporting(rule.when, known)),
            against=tuple(_opposing(kb, rule.when, known)),
            open=tuple(_open(rule.when, known)),
        )
        for rule in kb.rules
        if rule.therapy == therapy
    )


def _supporting(when: Condition, known: Facts) -> Iterator[str]:
    """Known facts without which the rule would not hold."""
    if holds(when, known) is not True:
        return
    for fact in _in_order(when):
        if fact in known and holds(when, _without(known, fact)) is not True:
            yield fact


def _opposing(kb: Knowledge, when: Condition, known: Facts) -> Iterator[str]:
    """Known facts that rule it out: unknown or with another value, the rule would not be ruled out.

    When several facts each rule it out by themselves, no single one would change the verdict: then all known
    facts count that rule it out when they stand alone.
    """
    if holds(when, known) is not False:
        return
    single = [
        fact
        for fact in _in_order(when)
        if fact in known
        and any(holds(when, other) is not False for other in _alternatives(kb, known, fact))
    ]
    yield from single or [
        fact for fact in _in_order(when) if fact in known and holds(when, {fact: known[fact]}) is False
    ]


def _open(when: Condition, known: Facts) -> Iterator[str]:
    """Unknown facts that leave the rule undecided."""
    if holds(when, known) is None:
        yield from (fact for fact in _in_order(when) if fact not in known)


def _alternatives(kb: Knowledge, known: Facts, fact: str) -> Iterator[dict[str, FactValue]]:
    yield _without(known, fact)
    for value in values_of(kb, fact):
        yield {**known, fact: value}


def _without(known: Facts, fact: str) -> dict[str, FactValue]:
    return {key: value for key, value in known.items() if key != fact}


def _in_order(when: Condition) -> list[str]:
    used = facts_of(when)
    return [fact for fact in FACT_IDS if fact in used]
