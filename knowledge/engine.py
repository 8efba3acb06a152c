"""From facts to therapy options: which rules hold, what is still open, and what each open fact would change.

A therapy depends only on the facts its own rules and cautions look at, so its outcome is computed once for each
combination of those and kept. That makes a query cheap and the analysis of open facts exact: a fact is open for a
therapy if, in some completion of the other unknown facts, one of its values changes the outcome.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache, lru_cache
from itertools import product
from typing import NamedTuple

from knowledge.conditions import Facts, facts_of, holds
from knowledge.factspace import representative, values_of
from knowledge.loading import Knowledge
from knowledge.models.case import Case
from knowledge.models.facts import FACT_IDS, FactValue, PatientFacts
from knowledge.models.results import (
    STANCES,
    Difference,
    Effect,
    Evaluation,
    MissingFact,
    Stance,
    TherapyOption,
)
from knowledge.models.rules import Caution, Rule

State = tuple[tuple[str, FactValue], ...]
"""Known facts as a hashable value, in the order of the facts, numbers replaced by their representative."""

_STRONGEST: tuple[Stance, ...] = ("not_recommended", "caution", "preferred", "option")
"""Which stance is shown when several rules hold: a warning is never hidden by an offer."""


class Outcome(NamedTuple):
    """What holds for one therapy: its stance (None: not among the options), rules and cautions."""

    stance: Stance | None
    rules: tuple[str, ...]
    cautions: tuple[str, ...]


class Parts(NamedTuple):
    """What decides about one therapy."""

    rules: tuple[Rule, ...]
    cautions: tuple[Caution, ...]
    rule_facts: frozenset[str]
    all_facts: tuple[str, ...]
    """In the order of their definition, so that equal states are one entry of the caches."""


def evaluate(kb: Knowledge, facts: PatientFacts) -> Evaluation:
    """The options for these facts in a stable order, and the unknown facts that could change them.

    Options are ordered by stance, then as in the therapy file; missing facts from the most decisive to the least.
    """
    state = _state(kb, facts)
    return Evaluation(
        options=_options(kb, state),
        missing=_missing(kb, state),
        contradictions=tuple(entry.id for entry in kb.contradictions if holds(entry.when, dict(state))),
        knowledge_version=kb.version,
    )


def next_question(kb: Knowledge, case: Case) -> str | None:
    """The most decisive fact that is not known and was not declared unknown; None when no answer could change
    which options there are or their stance."""
    missing = _missing(kb, _state(kb, case.facts))
    return next((entry.fact for entry in missing if entry.decisive and entry.fact not in case.unknown), None)


def difference(before: Evaluation, after: Evaluation) -> Difference:
    """What changed between two results: options added, removed, and changed in stance, rules or statements."""
    old = {option.id: option for option in before.options}
    new = {option.id: option for option in after.options}
    return Difference(
        added=tuple(option for key, option in new.items() if key not in old),
        removed=tuple(option for key, option in old.items() if key not in new),
        changed=tuple((old[key], option) for key, option in new.items() if key in old and old[key] != option),
    )


def outcome(kb: Knowledge, therapy: str, state: Facts) -> Outcome:
    """What holds for one therapy, whatever else is known."""
    relevant = parts(kb, therapy).all_facts
    return _outcome(kb, therapy, tuple([(fact, state[fact]) for fact in relevant if fact in state]))


@cache
def parts(kb: Knowledge, therapy: str) -> Parts:
    """The rules and cautions of a therapy and the facts they look at."""
    rules = tuple(rule for rule in kb.rules if rule.therapy == therapy)
    cautions = tuple(caution for caution in kb.cautions if caution.therapy == therapy)
    rule_facts = frozenset().union(*(facts_of(rule.when) for rule in rules))
    caution_facts = frozenset().union(*(facts_of(caution.when) for caution in cautions))
    all_facts = tuple(fact for fact in FACT_IDS if fact in rule_facts | caution_facts)
    return Parts(rules, cautions, rule_facts, all_facts)


def _state(kb: Knowledge, facts: PatientFacts) -> State:
    return tuple((fact, representative(kb, fact, value)) for fact, value in facts.known().items())


@lru_cache(maxsize=100_000)
def _outcome(kb: Knowledge, therapy: str, state: State) -> Outcome:
    facts = dict(state)
    rules, cautions, *_ = parts(kb, therapy)
    holding = [rule for rule in rules if holds(rule.when, facts) is True]
    stances = {rule.stance for rule in holding}
    stance = next((s for s in _STRONGEST if s in stances), None)
    return Outcome(
        stance,
        tuple(rule.id for rule in holding),
        tuple(
            caution.id
            for caution in cautions
            if stance in caution.stances and (caution.when is None or holds(caution.when, facts) is True)
        ),
    )


@lru_cache(maxsize=4096)
def _options(kb: Knowledge, state: State) -> tuple[TherapyOption, ...]:
    facts = dict(state)
    options = [option for therapy in kb.therapies if (option := option_of(kb, therapy, outcome(kb, therapy, facts)))]
    return tuple(sorted(options, key=lambda option: STANCES.index(option.stance)))


@lru_cache(maxsize=20_000)
def option_of(kb: Knowledge, therapy: str, found: Outcome) -> TherapyOption | None:
    """The outcome with its statements; None when the therapy is not among the options."""
    if found.stance is None:
        return None
    rules, cautions, *_ = parts(kb, therapy)
    grounds = _unique(s for rule in rules if rule.id in found.rules for s in rule.grounds)
    warnings = _unique(s for caution in cautions if caution.id in found.cautions for s in caution.statements)
    statements = _unique((*grounds, *warnings))
    return TherapyOption(
        id=therapy,
        stance=found.stance,
        rules=found.rules,
        statements=statements,
        cautions=warnings,
        citations=kb.citations_of(statements),
    )


@lru_cache(maxsize=4096)
def _missing(kb: Knowledge, state: State) -> tuple[MissingFact, ...]:
    known = dict(state)
    entries = []
    for position, fact in enumerate(FACT_IDS):
        if fact in known:
            continue
        decisive, refining = _open(kb, fact, known)
        if not (decisive or refining):
            continue
        effects = tuple(_effect(kb, known, fact, value) for value in values_of(kb, fact))
        stances = sum(len(e.adds) + len(e.removes) + len(e.restances) for e in effects) / len(effects)
        details = sum(len(e.cautions) for e in effects) / len(effects)
        entry = MissingFact(fact=fact, decisive=decisive, effects=effects)
        entries.append(((not decisive, -stances, -details, position), entry))
    return tuple(entry for _, entry in sorted(entries, key=lambda pair: pair[0]))


def _open(kb: Knowledge, fact: str, known: Facts) -> tuple[bool, bool]:
    """Whether some value of `fact` can change a stance, and whether it can change anything at all."""
    decisive = refining = False
    for therapy in kb.therapies:
        _, _, rule_facts, all_facts = parts(kb, therapy)
        if fact in rule_facts:
            relevant = tuple((f, v) for f, v in known.items() if f in rule_facts)
            if _can_change_stance(kb, therapy, fact, relevant):
                decisive = True
        if fact in all_facts and not refining:
            now = _shown(kb, therapy, known)
            refining = any(_shown(kb, therapy, {**known, fact: value}) != now for value in values_of(kb, fact))
    return decisive, refining


@lru_cache(maxsize=20_000)
def _can_change_stance(kb: Knowledge, therapy: str, fact: str, known: State) -> bool:
    """Whether, for some completion of the other unknown facts, a value of `fact` changes the stance."""
    names = dict(known)
    others = sorted(parts(kb, therapy).rule_facts - names.keys() - {fact})
    for completion in product(*((None, *values_of(kb, other)) for other in others)):
        facts = {
            **names,
            **{name: value for name, value in zip(others, completion, strict=True) if value is not None},
        }
        before = outcome(kb, therapy, facts).stance
        if any(outcome(kb, therapy, {**facts, fact: value}).stance != before for value in values_of(kb, fact)):
            return True
    return False


def _effect(kb: Knowledge, known: Facts, fact: str, value: FactValue) -> Effect:
    """What becomes of the options when `fact` turns out to be `value`."""
    adds, removes, restances, cautions = [], [], [], []
    after_facts = {**known, fact: value}
    for therapy in kb.therapies:
        if fact not in parts(kb, therapy).all_facts:
            continue
        before, after = _shown(kb, therapy, known), _shown(kb, therapy, after_facts)
        if before == after:
            continue
        if before is None:
            adds.append(therapy)
        elif after is None:
            removes.append(therapy)
        elif before[0] != after[0]:
            restances.append(therapy)
        else:
            cautions.append(therapy)
    return Effect(
        value=value,
        adds=tuple(adds),
        removes=tuple(removes),
        restances=tuple(restances),
        cautions=tuple(cautions),
    )


def _shown(kb: Knowledge, therapy: str, facts: Facts) -> tuple[Stance, tuple[str, ...]] | None:
    """What a reader sees of a therapy: its stance and statements; None when it is not among the options."""
    option = option_of(kb, therapy, outcome(kb, therapy, facts))
    return (option.stance, option.statements) if option else None


def _unique(items: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(items))
