"""The space of facts, made finite: numbers are cut where some condition tells them apart.

Two values of a fact that no condition distinguishes lead to the same result, so one stands for both. That makes
it possible to ask what every value would change, and to check properties over all patients instead of a sample.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache, lru_cache
from itertools import pairwise

from knowledge.conditions import holds
from knowledge.loading import Knowledge
from knowledge.models.facts import FACT_IDS, FactValue, PatientFacts, literal_values
from knowledge.models.rules import Condition, FactCondition, leaves


@cache
def values_of(kb: Knowledge, fact: str) -> tuple[FactValue, ...]:
    """The values worth telling apart: all words of a fact, or one number for each stretch between thresholds."""
    words = literal_values(fact)
    if words:
        return words
    if fact == "local_therapy_failed":
        return (False, True)
    seen: dict[tuple[bool | None, ...], FactValue] = {}
    for number in _candidates(kb, fact):
        seen.setdefault(_signature(kb, fact, number), number)
    return tuple(seen.values())


@lru_cache(maxsize=4096)
def representative(kb: Knowledge, fact: str, value: FactValue) -> FactValue:
    """The value of `values_of` that no condition can tell from `value`."""
    if isinstance(value, bool | str):
        return value
    wanted = _signature(kb, fact, value)
    return next(other for other in values_of(kb, fact) if _signature(kb, fact, other) == wanted)


def stretch(kb: Knowledge, fact: str, value: FactValue) -> str:
    """The numbers that no condition tells from `value`, e.g. `< 3`, `3–5`, `> 5`; empty if that is all of them."""
    numbers = [float(number) for number in _candidates(kb, fact)]
    cuts = _cuts(kb, fact)
    wanted = _signature(kb, fact, value)
    same = [number for number in numbers if _signature(kb, fact, number) == wanted]
    low, high = same[0], same[-1]
    if low == numbers[0] and high == numbers[-1]:
        return ""
    if low == numbers[0]:
        return f"≤ {high:g}" if high in cuts else f"< {min(cut for cut in cuts if cut > high):g}"
    if high == numbers[-1]:
        return f"≥ {low:g}" if low in cuts else f"> {max(cut for cut in cuts if cut < low):g}"
    return f"{low:g}–{high:g}"


def size(kb: Knowledge, facts: Iterable[str] = FACT_IDS) -> int:
    """How many states these facts have, unknown included."""
    product = 1
    for fact in facts:
        product *= len(values_of(kb, fact)) + 1
    return product


@cache
def _tests(kb: Knowledge, fact: str) -> tuple[FactCondition, ...]:
    """Every test of this fact in any rule, caution or contradiction."""
    conditions: list[Condition] = [rule.when for rule in kb.rules]
    conditions += [caution.when for caution in kb.cautions if caution.when is not None]
    conditions += [entry.when for entry in kb.contradictions]
    return tuple(dict.fromkeys(leaf for when in conditions for leaf in leaves(when) if leaf.fact == fact))


def _signature(kb: Knowledge, fact: str, value: FactValue) -> tuple[bool | None, ...]:
    return tuple(holds(test, {fact: value}) for test in _tests(kb, fact))


def _cuts(kb: Knowledge, fact: str) -> list[float]:
    """The thresholds of a number in all conditions, ascending."""
    return sorted({bound for test in _tests(kb, fact) for bound in test.bounds.values()})


def _candidates(kb: Knowledge, fact: str) -> list[FactValue]:
    """Numbers on, between, below and above all thresholds, within what the fact allows."""
    cuts = _cuts(kb, fact)
    if not cuts:
        return [1]
    steps = [cuts[0] / 2, *cuts, cuts[-1] + 1]
    steps += [(low + high) / 2 for low, high in pairwise(cuts)]
    if fact == "lesion_count":
        steps = [step for cut in cuts for step in (cut - 1, cut, cut + 1)]
    valid = sorted({step for step in steps if step > 0})
    return [_typed(fact, step) for step in valid]


def _typed(fact: str, number: float) -> FactValue:
    """The number as the type of its fact (a count is an integer)."""
    value: FactValue = getattr(PatientFacts.model_validate({fact: number}), fact)
    return value
