"""A case at a glance: options with what decides each, therapies that are none, what open facts would change."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from knowledge.consultation import contradictions
from knowledge.engine import evaluate
from knowledge.factspace import stretch
from knowledge.loading import Knowledge
from knowledge.models.facts import PatientFacts
from knowledge.models.overview import CaseOverview, OpenEffect, OpenFact, OptionView, RuledOut
from knowledge.models.results import MissingFact, RuleTrace, Truth
from knowledge.trace import trace


def overview(kb: Knowledge, facts: PatientFacts) -> CaseOverview:
    """What follows from the facts, and why, without words: the reader's language names everything."""
    found = evaluate(kb, facts)
    traces = {therapy: trace(kb, facts, therapy) for therapy in kb.therapies}
    offered = {option.id for option in found.options}
    known = facts.known()
    return CaseOverview(
        facts=known,
        options=tuple(
            OptionView(
                **option.model_dump(),
                because=tuple(fact for fact in deciding(traces[option.id], True) if fact in known),
                would_change=_changing(found.missing, option.id),
            )
            for option in found.options
        ),
        others=tuple(
            RuledOut(id=therapy, against=deciding(rules, False), open=deciding(rules, None))
            for therapy, rules in traces.items()
            if therapy not in offered
        ),
        missing=tuple(_open_fact(kb, entry) for entry in found.missing),
        contradictions=contradictions(kb, facts),
        mdt=kb.mdt,
        knowledge_version=found.knowledge_version,
    )


def deciding(rules: Sequence[RuleTrace], holds: Truth) -> tuple[str, ...]:
    """The facts that decide the rules with this truth, each once."""
    return tuple(dict.fromkeys(fact for rule in rules if rule.holds is holds for fact in rule.decided_by))


def _changing(missing: Iterable[MissingFact], therapy: str) -> tuple[str, ...]:
    """The open facts of which some value changes this therapy."""
    return tuple(
        entry.fact
        for entry in missing
        if any(therapy in (*e.adds, *e.removes, *e.restances, *e.cautions) for e in entry.effects)
    )


def _open_fact(kb: Knowledge, entry: MissingFact) -> OpenFact:
    number = not kb.facts[entry.fact].choices
    effects = (
        OpenEffect(**effect.model_dump(), span=stretch(kb, entry.fact, effect.value) if number else None)
        for effect in entry.effects
    )
    return OpenFact(fact=entry.fact, decisive=entry.decisive, effects=tuple(effects))
