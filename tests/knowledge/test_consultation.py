"""What messages do to a case."""

from __future__ import annotations

import pytest

from knowledge.consultation import answer_unknown, apply_mentions, contradictions, what_if, withdraw
from knowledge.loading import Knowledge
from knowledge.models.case import Case
from knowledge.models.facts import PatientFacts
from knowledge.models.understanding import FactMention


def said(fact: str, value: object = None, **more: object) -> FactMention:
    return FactMention.model_validate(
        {"fact": fact, "value": value, "start": 0, "end": 1, "text": f"{fact}={value}", **more}
    )


def test_facts_are_set_with_the_words_they_came_from() -> None:
    update = apply_mentions(Case(), [said("lesion_count", 2), said("ras", "mutant")])
    assert update.case.facts == PatientFacts(lesion_count=2, ras="mutant")
    assert update.case.words == {"lesion_count": "lesion_count=2", "ras": "ras=mutant"}
    assert [(c.fact, c.old, c.new) for c in update.changes] == [("lesion_count", None, 2), ("ras", None, "mutant")]


def test_a_correction_tells_old_and_new() -> None:
    first = apply_mentions(Case(), [said("lesion_count", 2)]).case
    update = apply_mentions(first, [said("lesion_count", 3)])
    assert [(c.old, c.new) for c in update.changes] == [(2, 3)]


def test_the_same_value_again_changes_nothing() -> None:
    first = apply_mentions(Case(), [said("lesion_count", 2)]).case
    assert apply_mentions(first, [said("lesion_count", 2)]).changes == ()


@pytest.mark.parametrize("status", ["implausible", "bound", "conflict"])
def test_what_is_no_value_is_asked_about_and_the_old_value_stays(status: str) -> None:
    first = apply_mentions(Case(), [said("lesion_count", 2)]).case
    update = apply_mentions(first, [said("lesion_count", None, status=status)])
    assert update.case.facts.lesion_count == 2
    assert [(p.kind, p.mention.fact) for p in update.problems] == [(status, "lesion_count")]


def test_a_value_that_the_fact_does_not_allow_is_a_problem_and_not_a_crash() -> None:
    update = apply_mentions(Case(), [said("lesion_count", 400)])
    assert update.case.facts.lesion_count is None
    assert update.problems[0].kind == "implausible"


def test_what_is_not_asserted_does_not_count_except_as_a_supposition() -> None:
    mention = said("ras", "mutant", asserted=False)
    assert apply_mentions(Case(), [mention]).case == Case()
    assert what_if(Case(), [mention]).case.facts == PatientFacts(ras="mutant")


def test_pending_makes_a_fact_unknown_until_it_is_told() -> None:
    pending = apply_mentions(Case(facts=PatientFacts(ras="mutant")), [said("ras", None, status="unknown")])
    assert pending.case.facts.ras is None
    assert pending.case.unknown == ("ras",)
    told = apply_mentions(pending.case, [said("ras", "wild_type")])
    assert told.case.unknown == ()


def test_unknown_is_remembered_and_withdrawal_opens_a_fact_again() -> None:
    case = answer_unknown(Case(facts=PatientFacts(lesion_count=2)), "ras")
    assert case.unknown == ("ras",)
    update = withdraw(case, ["ras", "lesion_count"])
    assert update.case == Case()
    assert [(c.fact, c.new) for c in update.changes] == [("lesion_count", None)]


def test_contradictions_name_their_facts(kb: Knowledge) -> None:
    found = contradictions(kb, PatientFacts(resectability="resectable", surgical_risk="high", lesion_count=2))
    assert [(c.id, c.facts) for c in found] == [("resectable-high-risk", ("resectability", "surgical_risk"))]
    assert contradictions(kb, PatientFacts(resectability="resectable")) == ()
