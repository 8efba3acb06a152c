"""From facts to therapy options: which rules hold, what is still open, and what each open fact would change.

A therapy depends only on the facts its own rules and cautions look at, so its outcome is computed once for each
combination of those and kept, and so is what its open facts would change: a patient never seen before is for most
therapies like another. That makes a query cheap and the analysis of open facts exact: a fact is open for a therapy if,
in some completion of the other unknown facts, one of its values changes the outcome.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache, lru_cache
from typing import Literal, NamedTuple

from knowledge.conditions import Facts, facts_of, holds, open_facts
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

Situation = tuple[FactValue | None, ...]
"""What is known of the facts that one therapy looks at, in their order; `None` is unknown."""

Shown = tuple[Stance, tuple[str, ...]]
"""What a reader sees of a therapy that is among the options: its stance and statements."""

Rank = tuple[bool, float, float, int]
"""The order of missing facts: decisive ones first, then those that change most, then in the order of the facts."""

Kind = Literal["adds", "removes", "restances", "cautions"]
"""What a value changes about a therapy, as `Effect` has it."""

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


class Change(NamedTuple):
    """What an unknown fact can change about one therapy."""

    fact: str
    decisive: bool
    kinds: tuple[Kind | None, ...]
    """For each value of the fact, what it changes by itself (None: nothing)."""


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
    return _outcome(kb, therapy, _situation(kb, therapy, state))


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


def _situation(kb: Knowledge, therapy: str, state: Facts) -> Situation:
    return tuple([state.get(fact) for fact in parts(kb, therapy).all_facts])


def _known(kb: Knowledge, therapy: str, situation: Situation) -> Facts:
    pairs = zip(parts(kb, therapy).all_facts, situation, strict=True)
    return {fact: value for fact, value in pairs if value is not None}


@lru_cache(maxsize=100_000)
def _outcome(kb: Knowledge, therapy: str, situation: Situation) -> Outcome:
    facts = _known(kb, therapy, situation)
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
    found: dict[str, list[tuple[str, Change]]] = {}
    for therapy in kb.therapies:
        for change in _changes(kb, therapy, _situation(kb, therapy, known)):
            found.setdefault(change.fact, []).append((therapy, change))
    ranked = sorted(_ranked(kb, fact, tuple(changes)) for fact, changes in found.items())
    return tuple([entry for _, entry in ranked])


@lru_cache(maxsize=20_000)
def _ranked(kb: Knowledge, fact: str, changes: tuple[tuple[str, Change], ...]) -> tuple[Rank, MissingFact]:
    """An unknown fact with all that it can change, and where it stands among the others.

    It is kept because few combinations of changes come up, however many patients there are.
    """
    decisive = any(change.decisive for _, change in changes)
    effects = tuple(_effect(changes, number, value) for number, value in enumerate(values_of(kb, fact)))
    stances = sum(len(e.adds) + len(e.removes) + len(e.restances) for e in effects) / len(effects)
    details = sum(len(e.cautions) for e in effects) / len(effects)
    rank = (not decisive, -stances, -details, FACT_IDS.index(fact))
    return rank, MissingFact(fact=fact, decisive=decisive, effects=effects)


@lru_cache(maxsize=20_000)
def _changes(kb: Knowledge, therapy: str, situation: Situation) -> tuple[Change, ...]:
    """What the unknown facts can change about a therapy.

    A fact that only cautions look at changes nothing about a therapy that is not among the options. Such facts are left
    out where only the stance is asked for, so that situations that differ in nothing else share an answer.
    """
    _, _, rule_facts, all_facts = parts(kb, therapy)
    now = _shown(kb, therapy, situation)
    ruled = tuple([value if fact in rule_facts else None for fact, value in zip(all_facts, situation, strict=True)])
    undecided = _undecided(kb, therapy, ruled)
    changes = []
    for position, fact in enumerate(all_facts):
        if situation[position] is None and (now or fact in undecided):
            after = [_shown(kb, therapy, _with(situation, position, value)) for value in values_of(kb, fact)]
            kinds = tuple([_kind(now, shown) for shown in after])
            decisive = _can_change_stance(kb, therapy, position, ruled)
            if decisive or any(kinds):
                changes.append(Change(fact, decisive, kinds))
    return tuple(changes)


@lru_cache(maxsize=20_000)
def _can_change_stance(kb: Knowledge, therapy: str, position: int, situation: Situation) -> bool:
    """Whether a value of the fact at this position changes the stance, now or when more is known.

    More becomes known one fact at a time, so that what is found for a situation serves all that lead to it. Facts that
    no rule depends on any more are passed over: most of the completions differ only in them.
    """
    facts = parts(kb, therapy).all_facts
    undecided = _undecided(kb, therapy, situation)
    if facts[position] not in undecided:
        return False
    before = _outcome(kb, therapy, situation).stance
    after = (_with(situation, position, value) for value in values_of(kb, facts[position]))
    if any(_outcome(kb, therapy, changed).stance != before for changed in after):
        return True
    return any(
        _can_change_stance(kb, therapy, position, _with(situation, other, value))
        for other, fact in enumerate(facts)
        if other != position and fact in undecided
        for value in values_of(kb, fact)
    )


@lru_cache(maxsize=20_000)
def _undecided(kb: Knowledge, therapy: str, situation: Situation) -> frozenset[str]:
    """The unknown facts that some rule of the therapy may still depend on."""
    facts = _known(kb, therapy, situation)
    return frozenset().union(*(open_facts(rule.when, facts) for rule in parts(kb, therapy).rules))


def _with(situation: Situation, position: int, value: FactValue) -> Situation:
    return (*situation[:position], value, *situation[position + 1 :])


def _kind(before: Shown | None, after: Shown | None) -> Kind | None:
    if before == after:
        return None
    if before is None:
        return "adds"
    if after is None:
        return "removes"
    return "restances" if before[0] != after[0] else "cautions"


def _effect(changes: tuple[tuple[str, Change], ...], number: int, value: FactValue) -> Effect:
    """What becomes of the options when the fact of these changes turns out to be `value`, the one of this number."""
    therapies: dict[Kind, list[str]] = {"adds": [], "removes": [], "restances": [], "cautions": []}
    for therapy, change in changes:
        kind = change.kinds[number]
        if kind:
            therapies[kind].append(therapy)
    return Effect(
        value=value,
        adds=tuple(therapies["adds"]),
        removes=tuple(therapies["removes"]),
        restances=tuple(therapies["restances"]),
        cautions=tuple(therapies["cautions"]),
    )


def _shown(kb: Knowledge, therapy: str, situation: Situation) -> Shown | None:
    option = option_of(kb, therapy, _outcome(kb, therapy, situation))
    return (option.stance, option.statements) if option else None


def _unique(items: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(items))
