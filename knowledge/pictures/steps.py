"""The rules as a pathway: which fact each of them begins with, and where a patient stands.

Nothing here is typed in a second time: a rule begins with the first thing it requires, rules that begin alike are one
branch, and branches on the same fact are one step. A new rule finds its place by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import reduce
from typing import NamedTuple

from knowledge.conditions import Facts, facts_of, holds
from knowledge.loading import Knowledge
from knowledge.models.base import Lang
from knowledge.models.facts import FACT_IDS
from knowledge.models.results import STANCES, Truth
from knowledge.models.rules import AllOf, AnyOf, Condition, FactCondition, Named, Not, Rule, Unless
from knowledge.pictures.figures import word
from knowledge.rendering.base import fact_text, joined, number_text


class Box(NamedTuple):
    """A rule, and what it requires beyond its branch."""

    rule: Rule
    further: tuple[Condition, ...]


class Branch(NamedTuple):
    """The rules that begin with the same condition."""

    condition: Condition
    boxes: tuple[Box, ...]

    def truth(self, known: Facts) -> Truth:
        """Whether the patient is on this branch; None while that is open."""
        return holds(self.condition, known)


class Step(NamedTuple):
    """The branches on the same facts."""

    facts: tuple[str, ...]
    branches: tuple[Branch, ...]


def steps(kb: Knowledge) -> tuple[Step, ...]:
    """Every rule once, in the order of the facts the rules begin with."""
    boxes: dict[Condition, list[Box]] = {}
    for rule in kb.rules:
        first, *further = _required(rule.when) or [rule.when]
        boxes.setdefault(first, []).append(Box(rule, tuple(further)))
    branches: dict[tuple[str, ...], list[Branch]] = {}
    for condition, found in boxes.items():
        facts = tuple(fact for fact in FACT_IDS if fact in facts_of(condition))
        found.sort(key=lambda box: (STANCES.index(box.rule.stance), list(kb.therapies).index(box.rule.therapy)))
        branches.setdefault(facts, []).append(Branch(condition, tuple(found)))
    return tuple(
        Step(facts, tuple(sorted(branches[facts], key=lambda branch: _order(kb, branch.condition))))
        for facts in sorted(branches, key=lambda facts: [FACT_IDS.index(fact) for fact in facts])
    )


def condition_text(kb: Knowledge, condition: Condition, lang: Lang) -> str:
    """A condition in the words of its facts, e.g. `lesions: ≤3` or `RAS wild type`."""
    match condition:
        case FactCondition():
            return _fact_text(kb, condition, lang)
        case AllOf(all_=parts):
            return joined((condition_text(kb, part, lang) for part in parts), lang)
        case AnyOf(any_=parts):
            return _either((condition_text(kb, part, lang) for part in parts), lang)
        case Not(not_=part):
            return word("pathway_not", lang, condition=condition_text(kb, part, lang))
        case Unless(unless=part):
            return word("pathway_unless", lang, condition=condition_text(kb, part, lang))
        case Named(named=name):
            raise ValueError(f"the condition `{name}` was not replaced by its definition")


def _fact_text(kb: Knowledge, condition: FactCondition, lang: Lang) -> str:
    definition = kb.facts[condition.fact]
    if condition.allowed:
        values = (fact_text(kb, condition.fact, value, lang) for value in condition.allowed)
        return _either(values, lang)
    if condition.known or definition.short is None:
        return word("pathway_known", lang, fact=definition.label[lang])
    low, high = condition.at_least, condition.at_most
    if low is not None and high is not None:
        return definition.short[lang].format(value=f"{number_text(low)}–{number_text(high)}")
    signs = {"at_least": "≥", "at_most": "≤", "above": ">", "below": "<"}
    bounds = (f"{signs[name]}{number_text(bound)}" for name, bound in condition.bounds.items())
    return definition.short[lang].format(value=joined(bounds, lang))


def _either(texts: Iterable[str], lang: Lang) -> str:
    return reduce(lambda left, right: word("pathway_or", lang, left=left, right=right), texts)


def _required(condition: Condition) -> list[Condition]:
    """What has to be known for a rule to hold; its exceptions are left out."""
    return list(_parts(condition))


def _parts(condition: Condition) -> Iterator[Condition]:
    match condition:
        case AllOf(all_=parts):
            for part in parts:
                yield from _parts(part)
        case Unless():
            return
        case _:
            yield condition


def _order(kb: Knowledge, condition: Condition) -> int:
    """Branches come in the order of the values of their fact."""
    if not isinstance(condition, FactCondition) or not condition.allowed:
        return 0
    values = [choice.value for choice in kb.facts[condition.fact].choices]
    return min(values.index(value) for value in condition.allowed)
