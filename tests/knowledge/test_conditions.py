"""Three-valued logic of conditions."""

from __future__ import annotations

import pytest
from pydantic import TypeAdapter, ValidationError

from knowledge.conditions import facts_of, holds, open_facts
from knowledge.models.rules import Condition, FactCondition

UNRESECTABLE = {"fact": "resectability", "is": "unresectable"}
FEW = {"fact": "lesion_count", "at_most": 3}
SMALL = {"fact": "largest_lesion_cm", "below": 3}


def condition(data: dict) -> Condition:
    return TypeAdapter(Condition).validate_python(data)


@pytest.mark.parametrize(
    ("data", "facts", "expected"),
    [
        (UNRESECTABLE, {}, None),
        (UNRESECTABLE, {"resectability": "unresectable"}, True),
        (UNRESECTABLE, {"resectability": "resectable"}, False),
        ({"fact": "chemotherapy_status", "is": ["none", "responding"]}, {"chemotherapy_status": "none"}, True),
        ({"fact": "local_therapy_failed", "is": True}, {"local_therapy_failed": False}, False),
        (FEW, {"lesion_count": 3}, True),
        (FEW, {"lesion_count": 4}, False),
        (SMALL, {"largest_lesion_cm": 3.0}, False),
        ({"fact": "largest_lesion_cm", "at_least": 3, "at_most": 5}, {"largest_lesion_cm": 5.0}, True),
        ({"fact": "largest_lesion_cm", "at_least": 3, "at_most": 5}, {"largest_lesion_cm": 5.1}, False),
        ({"fact": "lesion_count", "above": 3}, {"lesion_count": 3}, False),
        ({"fact": "cea_ng_ml", "known": True}, {"cea_ng_ml": 0.0}, True),
        ({"fact": "cea_ng_ml", "known": True}, {}, None),
        # an unknown part decides a conjunction only when nothing is false, a disjunction only when nothing is true
        ({"all": [UNRESECTABLE, FEW]}, {"lesion_count": 9}, False),
        ({"all": [UNRESECTABLE, FEW]}, {"lesion_count": 2}, None),
        ({"any": [UNRESECTABLE, FEW]}, {"lesion_count": 2}, True),
        ({"any": [UNRESECTABLE, FEW]}, {"lesion_count": 9}, None),
        ({"not": FEW}, {}, None),
        ({"not": FEW}, {"lesion_count": 9}, True),
        # "not known to be" is the one test that the unknown passes
        ({"unless": FEW}, {}, True),
        ({"unless": FEW}, {"lesion_count": 2}, False),
        ({"unless": FEW}, {"lesion_count": 9}, True),
    ],
)
def test_truth(data: dict, facts: dict, expected: bool | None) -> None:
    assert holds(condition(data), facts) is expected


def test_a_condition_names_the_facts_it_looks_at() -> None:
    nested = condition({"all": [UNRESECTABLE, {"unless": {"any": [FEW, {"not": SMALL}]}}]})
    assert facts_of(nested) == {"resectability", "lesion_count", "largest_lesion_cm"}
    assert facts_of(None) == frozenset()


@pytest.mark.parametrize(
    ("data", "facts", "expected"),
    [
        (FEW, {}, {"lesion_count"}),
        (FEW, {"lesion_count": 9}, set()),
        ({"all": [UNRESECTABLE, FEW]}, {"lesion_count": 9}, set()),
        ({"all": [UNRESECTABLE, FEW]}, {"lesion_count": 2}, {"resectability"}),
        ({"any": [UNRESECTABLE, FEW]}, {"lesion_count": 2}, set()),
        ({"any": [UNRESECTABLE, FEW]}, {"lesion_count": 9}, {"resectability"}),
        ({"not": FEW}, {}, {"lesion_count"}),
        # "unless" has an answer already, but another may come
        ({"unless": FEW}, {}, {"lesion_count"}),
        ({"all": [SMALL, {"not": {"unless": FEW}}]}, {}, {"largest_lesion_cm", "lesion_count"}),
        ({"all": [SMALL, {"unless": FEW}]}, {"lesion_count": 2}, set()),
    ],
)
def test_the_facts_a_condition_may_still_depend_on(data: dict, facts: dict, expected: set) -> None:
    assert open_facts(condition(data), facts) == expected


@pytest.mark.parametrize(
    "data",
    [
        {"fact": "lesion_count"},
        {"fact": "lesion_count", "is": "few", "known": True},
        {"fact": "lesion_count", "known": True, "below": 3},
        {"fact": "lesion_count", "under": 3},
    ],
)
def test_a_test_without_exactly_one_question_is_refused(data: dict) -> None:
    with pytest.raises(ValidationError):
        FactCondition.model_validate(data)


def test_a_name_that_was_not_replaced_is_an_error() -> None:
    with pytest.raises(ValueError, match="surgical_candidate"):
        holds(condition({"named": "surgical_candidate"}), {})
    with pytest.raises(ValueError, match="surgical_candidate"):
        open_facts(condition({"named": "surgical_candidate"}), {})
