"""Why and why not."""

from __future__ import annotations

from knowledge.loading import Knowledge
from knowledge.models.facts import PatientFacts
from knowledge.trace import trace


def test_the_facts_that_make_a_rule_hold_fail_or_stay_open(kb: Knowledge) -> None:
    facts = PatientFacts(resectability="unresectable", lesion_count=2, largest_lesion_cm=2.5)
    rules = {entry.rule: entry for entry in trace(kb, facts, "thermal_ablation")}
    assert rules["ablation-few-small"].holds is True
    assert rules["ablation-few-small"].decided_by == ("resectability", "lesion_count", "largest_lesion_cm")
    assert rules["ablation-medium-size"].holds is False
    assert rules["ablation-medium-size"].decided_by == ("largest_lesion_cm",)
    assert rules["ablation-not-operable"].holds is None
    assert rules["ablation-not-operable"].decided_by == ("surgical_risk", "liver_reserve")


def test_a_known_exception_is_the_reason_against(kb: Knowledge) -> None:
    facts = PatientFacts(resectability="resectable", resection_status="resected")
    (preferred, _) = trace(kb, facts, "hepatectomy")
    assert preferred.holds is False
    assert preferred.decided_by == ("resection_status",)
