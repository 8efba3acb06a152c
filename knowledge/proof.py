"""Properties of the rules, checked for every patient that can be described.

The space of facts is finite once numbers are cut at the rules' thresholds, and what holds for a therapy depends only
on the facts its rules and cautions look at. So each property of a therapy is checked in every combination of those
facts, each of which stands for all combinations of the others: exact, and quick enough to run with every check.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from knowledge.conditions import facts_of, holds
from knowledge.engine import Outcome, option_of, outcome, parts
from knowledge.factspace import size, values_of
from knowledge.loading import Knowledge
from knowledge.models.facts import FactValue
from knowledge.models.rules import AllOf, AnyOf, Condition, FactCondition, Named, Not, Unless

OFFERS = frozenset({"preferred", "option"})
WARNINGS = frozenset({"caution", "not_recommended"})
FIT = {"resectability": "resectable", "surgical_risk": "acceptable", "liver_reserve": "adequate"}
"""A patient for surgery; risk and reserve may also be unknown, then nothing speaks against it."""

Finding = tuple[bool, str]
"""Whether one comparison came out right, and the complaint if it did not."""


@dataclass(frozen=True)
class Proof:
    """What was checked and what failed.

    Attributes:
        states: how many states of all facts there are; every one is covered by some situation of each therapy.
        situations: how many combinations of the facts that matter to some therapy were visited.
        comparisons: how many single comparisons that took.
        failures: one line each; empty when every property holds.
    """

    states: int
    situations: int
    comparisons: int
    failures: tuple[str, ...]


class Table:
    """The outcome of one therapy in every combination of the facts it depends on, unknown included."""

    def __init__(self, kb: Knowledge, therapy: str) -> None:
        self.kb = kb
        self.therapy = therapy
        self.parts = parts(kb, therapy)
        self.facts = list(self.parts.all_facts)
        self.values = [(None, *values_of(kb, fact)) for fact in self.facts]
        self.outcomes = {key: outcome(kb, therapy, self.state(key)) for key in product(*self.values)}

    def with_value(self, key: tuple[FactValue | None, ...], position: int, value: FactValue | None) -> Outcome:
        """The outcome of a combination with another value at one position."""
        changed = list(key)
        changed[position] = value
        return self.outcomes[tuple(changed)]

    def state(self, key: tuple[FactValue | None, ...]) -> dict[str, FactValue]:
        """The known facts of a combination."""
        return {fact: value for fact, value in zip(self.facts, key, strict=True) if value is not None}


def prove(kb: Knowledge) -> Proof:
    """Checks every property over the whole fact space."""
    failures: list[str] = []
    situations = comparisons = 0
    for therapy in kb.therapies:
        table = Table(kb, therapy)
        situations += len(table.outcomes)
        for property_of in PROPERTIES:
            for right, complaint in property_of(table):
                comparisons += 1
                if not right:
                    failures.append(f"{therapy}: {property_of.__name__}: {complaint}")
    return Proof(size(kb), situations, comparisons, tuple(dict.fromkeys(failures)))


def stances_agree(table: Table) -> Iterator[Finding]:
    """No patient is offered a therapy by one rule and warned off it by another."""
    stance_of = {rule.id: rule.stance for rule in table.parts.rules}
    for key, found in table.outcomes.items():
        stances = {stance_of[rule] for rule in found.rules}
        yield not (stances & OFFERS and stances & WARNINGS), f"{sorted(stances)} in {table.state(key)}"


def rules_are_reachable(table: Table) -> Iterator[Finding]:
    """Every rule and every caution comes to bear on some patient."""
    rules = {rule for found in table.outcomes.values() for rule in found.rules}
    cautions = {caution for found in table.outcomes.values() for caution in found.cautions}
    for rule in table.parts.rules:
        yield rule.id in rules, f"the rule {rule.id} never holds"
    for caution in table.parts.cautions:
        yield caution.id in cautions, f"the caution {caution.id} is never shown"


def options_are_supported(table: Table) -> Iterator[Finding]:
    """Every option rests on statements about it and carries the citations of its rules."""
    rules = {rule.id: rule for rule in table.parts.rules}
    for found in set(table.outcomes.values()):
        if found.stance is None:
            continue
        option = option_of(table.kb, table.therapy, found)
        grounds = {key for rule in found.rules for key in rules[rule].grounds}
        yield bool(option and option.statements), f"{found.rules} rest on nothing"
        carried = set(option.citations) if option else set()
        yield carried >= set(table.kb.citations_of(grounds)), f"{found.rules} lost a citation"


def grounds_speak_of_the_therapy(table: Table) -> Iterator[Finding]:
    """A rule rests on at least one statement that is about its therapy or the therapy that it is a form of."""
    names = {table.therapy, table.kb.therapies[table.therapy].parent}
    for rule in table.parts.rules:
        about = [key for key in rule.grounds if names & set(table.kb.statements[key].therapies)]
        yield bool(about), f"no ground of {rule.id} is about it"


def no_anti_egfr_with_ras_mutation(table: Table) -> Iterator[Finding]:
    """Anti-EGFR treatment is never offered to a patient with a RAS mutation (review 5/2)."""
    if table.therapy == "cetuximab_chemotherapy":
        for key, found in table.outcomes.items():
            if table.state(key).get("ras") == "mutant":
                yield found.stance == "not_recommended", f"{found.stance} in {table.state(key)}"


def no_local_therapy_for_the_fit(table: Table) -> Iterator[Finding]:
    """Local treatment is for those whom surgery cannot help (review 3/1, 3.3/1)."""
    if table.kb.therapies[table.therapy].local:
        for key, found in table.outcomes.items():
            state = table.state(key)
            resectable = state.get("resectability", "resectable" if "resectability" not in table.facts else None)
            if resectable == "resectable" and all(state.get(fact) in (None, FIT[fact]) for fact in FIT):
                yield found.stance not in OFFERS, f"{found.stance} in {state}"


def cautions_stay(table: Table) -> Iterator[Finding]:
    """Knowing one more fact never removes a caution that does not depend on that fact."""
    needs = {caution.id: facts_of(caution.when) | table.parts.rule_facts for caution in table.parts.cautions}
    for key, found in table.outcomes.items():
        if not found.cautions:
            continue
        for position, fact in enumerate(table.facts):
            if key[position] is not None:
                continue
            for value in table.values[position][1:]:
                after = table.with_value(key, position, value).cautions
                lost = [c for c in found.cautions if c not in after and fact not in needs[c]]
                yield not lost, f"{fact} = {value} removes {lost} in {table.state(key)}"


def nothing_follows_from_the_unknown(table: Table) -> Iterator[Finding]:
    """A rule without "unless" that holds keeps holding, whatever else becomes known."""
    firm = {rule.id for rule in table.parts.rules if not _has_unless(rule.when)}
    for key, found in table.outcomes.items():
        for position, value in enumerate(key):
            if value is not None:
                unknown = table.with_value(key, position, None)
                lost = firm & set(unknown.rules) - set(found.rules)
                yield (
                    not lost,
                    f"{lost} held while {table.facts[position]} was unknown, not in {table.state(key)}",
                )


def conditions_agree(table: Table) -> Iterator[Finding]:
    """The outcome that the engine keeps is what the conditions of its rules say."""
    for key, found in table.outcomes.items():
        state = table.state(key)
        holding = tuple(rule.id for rule in table.parts.rules if holds(rule.when, state) is True)
        yield found.rules == holding, f"{found.rules} instead of {holding} in {state}"


PROPERTIES = (
    stances_agree,
    rules_are_reachable,
    options_are_supported,
    grounds_speak_of_the_therapy,
    no_anti_egfr_with_ras_mutation,
    no_local_therapy_for_the_fit,
    cautions_stay,
    nothing_follows_from_the_unknown,
    conditions_agree,
)


def _has_unless(condition: Condition) -> bool:
    match condition:
        case Unless():
            return True
        case AllOf(all_=inner) | AnyOf(any_=inner):
            return any(_has_unless(part) for part in inner)
        case Not(not_=part):
            return _has_unless(part)
        case FactCondition() | Named():
            return False
