"""From facts to options: the table of clinical situations, what is missing, and what-if."""

from __future__ import annotations

import random
from dataclasses import replace
from itertools import product

import pytest

from knowledge.engine import difference, evaluate, next_question, outcome, parts
from knowledge.factspace import representative, stretch, values_of
from knowledge.loading import Knowledge
from knowledge.models.case import Case
from knowledge.models.facts import FACT_IDS, FactValue, PatientFacts
from knowledge.models.results import Evaluation


def stances(kb: Knowledge, **facts: object) -> dict[str, str]:
    return {option.id: option.stance for option in evaluate(kb, PatientFacts.model_validate(facts)).options}


UNRESECTABLE = {"resectability": "unresectable"}
PROGRESSED = {"chemotherapy_status": "progressed", "extrahepatic_disease": "none"}


@pytest.mark.parametrize(
    ("facts", "therapy", "stance"),
    [
        ({"resectability": "resectable"}, "hepatectomy", "preferred"),
        ({"resectability": "resectable", "surgical_risk": "high"}, "hepatectomy", "caution"),
        ({"resectability": "resectable", "liver_reserve": "inadequate"}, "hepatectomy", "caution"),
        ({"resectability": "resectable"}, "neoadjuvant_chemotherapy", "option"),
        ({"resectability": "potentially_resectable"}, "conversion_therapy", "preferred"),
        ({**UNRESECTABLE, "chemotherapy_status": "none"}, "conversion_therapy", "option"),
        ({**UNRESECTABLE, "chemotherapy_status": "responding"}, "conversion_therapy", "option"),
        ({**UNRESECTABLE, "chemotherapy_status": "progressed"}, "conversion_therapy", None),
        (UNRESECTABLE, "conversion_therapy", None),
        (UNRESECTABLE, "systemic_chemotherapy", "preferred"),
        ({**UNRESECTABLE, "ras": "wild_type", "braf": "wild_type"}, "cetuximab_chemotherapy", "option"),
        ({**UNRESECTABLE, "ras": "wild_type"}, "cetuximab_chemotherapy", None),
        ({"ras": "mutant"}, "cetuximab_chemotherapy", "not_recommended"),
        (UNRESECTABLE, "bevacizumab_chemotherapy", "option"),
        ({**UNRESECTABLE, "ras": "mutant"}, "bevacizumab_chemotherapy", "option"),
        ({**UNRESECTABLE, "braf": "mutant"}, "folfoxiri_bevacizumab", "option"),
        ({"chemotherapy_status": "responding"}, "maintenance_capecitabine_bevacizumab", "option"),
        ({**UNRESECTABLE, "lesion_count": 3, "largest_lesion_cm": 2.9}, "thermal_ablation", "preferred"),
        ({**UNRESECTABLE, "lesion_count": 4, "largest_lesion_cm": 2.9}, "thermal_ablation", None),
        ({**UNRESECTABLE, "lesion_count": 3, "largest_lesion_cm": 3}, "thermal_ablation", "option"),
        ({**UNRESECTABLE, "largest_lesion_cm": 5}, "sbrt", "option"),
        ({**UNRESECTABLE, "largest_lesion_cm": 5.1}, "sbrt", None),
        ({"surgical_risk": "high"}, "thermal_ablation", "option"),
        ({"liver_reserve": "inadequate"}, "thermal_ablation", "option"),
        ({"resection_status": "recurred"}, "stereotactic_rfa", "option"),
        ({**UNRESECTABLE, "local_therapy_failed": True}, "sbrt", "option"),
        ({"surgical_risk": "high", "local_therapy_failed": True}, "sbrt", "option"),
        ({"local_therapy_failed": True}, "sbrt", None),
        (UNRESECTABLE, "tace", "option"),
        ({**UNRESECTABLE, "chemotherapy_status": "none"}, "haip", "option"),
        ({"resectability": "potentially_resectable", "chemotherapy_status": "none"}, "haip", "option"),
        (PROGRESSED, "haip", "option"),
        (PROGRESSED, "tace", "option"),
        (PROGRESSED, "y90_sirt", "option"),
        ({"extrahepatic_disease": "lung_only"}, "y90_sirt", "option"),
        ({"resection_status": "resected"}, "adjuvant_hai", "option"),
        ({"resection_status": "resected", "ras": "mutant"}, "adjuvant_hai", "option"),
    ],
)
def test_clinical_table(kb: Knowledge, facts: dict, therapy: str, stance: str | None) -> None:
    assert stances(kb, **facts).get(therapy) == stance


def test_nothing_follows_from_nothing(kb: Knowledge) -> None:
    assert stances(kb) == {}


@pytest.mark.parametrize(
    ("facts", "therapy", "statement"),
    [
        ({"resectability": "resectable", "onset": "synchronous"}, "hepatectomy", "synchronous-timing-disputed"),
        (
            {"resectability": "resectable", "onset": "synchronous", "lesion_count": 4},
            "hepatectomy",
            "synchronous-prognosis-cea-count",
        ),
        (
            {"resectability": "resectable", "ctdna_after_chemotherapy": "negative"},
            "hepatectomy",
            "ctdna-negative-favourable",
        ),
        ({"resectability": "resectable"}, "neoadjuvant_chemotherapy", "neoadjuvant-duration"),
        ({"resectability": "potentially_resectable"}, "conversion_therapy", "conversion-liver-injury"),
        ({**UNRESECTABLE, "ugt1a1": "reduced"}, "systemic_chemotherapy", "ugt1a1-irinotecan"),
        ({**UNRESECTABLE, "largest_lesion_cm": 4, "tp53": "mutant"}, "sbrt", "sbrt-ras-tp53"),
        (PROGRESSED, "y90_sirt", "sirt-threshold-139"),
        ({"resection_status": "resected"}, "adjuvant_hai", "adjuvant-hai-limits"),
        (UNRESECTABLE, "bevacizumab_chemotherapy", "cetuximab-longer-survival-kras"),
    ],
)
def test_cautions_come_with_their_option(kb: Knowledge, facts: dict, therapy: str, statement: str) -> None:
    found = evaluate(kb, PatientFacts.model_validate(facts))
    option = next(option for option in found.options if option.id == therapy)
    assert statement in option.cautions
    assert set(option.citations) == set(kb.citations_of(option.statements))


def test_a_fact_that_does_not_apply_brings_no_caution(kb: Knowledge) -> None:
    found = evaluate(kb, PatientFacts(resectability="resectable", onset="metachronous", lesion_count=9))
    assert "synchronous-prognosis-cea-count" not in found.options[0].statements


def test_options_are_ordered_by_stance_and_always_the_same(kb: Knowledge) -> None:
    facts = PatientFacts(resectability="unresectable", ras="mutant", lesion_count=2, largest_lesion_cm=2)
    first = evaluate(kb, facts)
    order = ["preferred", "option", "caution", "not_recommended"]
    positions = [order.index(option.stance) for option in first.options]
    assert positions == sorted(positions)
    assert first.options[-1].id == "cetuximab_chemotherapy"
    assert evaluate(kb, facts).model_dump_json() == first.model_dump_json()


def test_contradictory_facts_are_named_and_both_kept(kb: Knowledge) -> None:
    found = evaluate(kb, PatientFacts(resectability="resectable", liver_reserve="inadequate"))
    assert found.contradictions == ("resectable-inadequate-reserve",)


def test_what_decides_most_is_asked_first(kb: Knowledge) -> None:
    assert next_question(kb, Case()) == "resectability"
    unresectable = Case(facts=PatientFacts(resectability="unresectable"))
    assert next_question(kb, unresectable) == "chemotherapy_status"
    skipped = unresectable.model_copy(update={"unknown": ("chemotherapy_status",)})
    assert next_question(kb, skipped) not in {None, "chemotherapy_status"}


def test_a_size_that_decides_nothing_is_not_asked(kb: Knowledge) -> None:
    """Beyond 5 cm the review has no local treatment by size, so the number of lesions cannot matter any more."""
    missing = {m.fact for m in evaluate(kb, PatientFacts(resectability="unresectable", largest_lesion_cm=8)).missing}
    assert "lesion_count" not in missing


def random_facts(rng: random.Random, kb: Knowledge, share: float) -> PatientFacts:
    chosen = {f: rng.choice(values_of(kb, f)) for f in FACT_IDS if rng.random() < share}
    return PatientFacts.model_validate(chosen)


def option_stances(found: Evaluation) -> dict[str, str]:
    return {option.id: option.stance for option in found.options}


def test_when_nothing_is_asked_no_answer_could_have_changed_the_options(kb: Knowledge) -> None:
    rng = random.Random(2026)
    settled = 0
    for _ in range(400):
        facts = random_facts(rng, kb, 0.75)
        found = evaluate(kb, facts)
        if any(m.decisive for m in found.missing):
            continue
        settled += 1
        for _ in range(20):
            completed = {**random_facts(rng, kb, 0.8).known(), **facts.known()}
            assert option_stances(evaluate(kb, PatientFacts.model_validate(completed))) == option_stances(found)
    assert settled > 20


def test_what_is_asked_can_change_the_options(kb: Knowledge) -> None:
    """Every decisive fact changes a stance in some completion of the others."""
    rng = random.Random(7)
    for _ in range(60):
        facts = random_facts(rng, kb, 0.6)
        for entry in evaluate(kb, facts).missing:
            if not entry.decisive:
                continue
            others = [f for f in FACT_IDS if f not in facts.known() and f != entry.fact]
            assert any(_changes(kb, facts, entry.fact, others, rng) for _ in range(3000)), (facts, entry.fact)


def _changes(kb: Knowledge, facts: PatientFacts, fact: str, others: list[str], rng: random.Random) -> bool:
    completion = {f: rng.choice(values_of(kb, f)) for f in others if rng.random() < 0.7}
    base = facts.with_facts(completion)
    before = option_stances(evaluate(kb, base))
    return any(option_stances(evaluate(kb, base.with_facts({fact: v}))) != before for v in values_of(kb, fact))


def test_decisive_is_what_changes_a_stance_in_some_completion(kb: Knowledge) -> None:
    """The engine passes over completions that cannot matter; here each is tried, for one therapy after another."""
    rng = random.Random(5)
    for therapy in kb.therapies:
        alone = replace(kb, therapies={therapy: kb.therapies[therapy]})
        ruled = parts(kb, therapy).rule_facts
        for _ in range(6):
            facts = random_facts(rng, kb, 0.5)
            decisive = {entry.fact for entry in evaluate(alone, facts).missing if entry.decisive}
            assert decisive == {f for f in ruled - facts.known().keys() if _decides(kb, therapy, facts, f)}


def _decides(kb: Knowledge, therapy: str, facts: PatientFacts, fact: str) -> bool:
    others = parts(kb, therapy).rule_facts - facts.known().keys() - {fact}
    for values in product(*((None, *values_of(kb, other)) for other in others)):
        completed = {f: v for f, v in zip(others, values, strict=True) if v is not None}
        known = {f: representative(kb, f, v) for f, v in facts.known().items()} | completed
        if len({outcome(kb, therapy, known | more).stance for more in ({}, *_each(kb, fact))}) > 1:
            return True
    return False


def _each(kb: Knowledge, fact: str) -> list[dict[str, FactValue]]:
    return [{fact: value} for value in values_of(kb, fact)]


def test_questions_come_to_an_end(kb: Knowledge) -> None:
    rng = random.Random(11)
    longest = 0
    for _ in range(100):
        case, asked = Case(), 0
        while fact := next_question(kb, case):
            asked += 1
            if rng.random() < 0.25:
                case = case.model_copy(update={"unknown": (*case.unknown, fact)})
            else:
                facts = case.facts.with_facts({fact: rng.choice(values_of(kb, fact))})
                case = case.model_copy(update={"facts": facts})
        longest = max(longest, asked)
    assert longest <= len(FACT_IDS)


def test_the_difference_of_two_results(kb: Knowledge) -> None:
    before = evaluate(kb, PatientFacts(resectability="unresectable", lesion_count=2, largest_lesion_cm=2.5))
    after = evaluate(kb, PatientFacts(resectability="unresectable", lesion_count=2, largest_lesion_cm=4, ras="mutant"))
    changes = difference(before, after)
    assert {option.id for option in changes.added} == {"sbrt", "cetuximab_chemotherapy"}
    assert changes.removed == ()
    assert ("preferred", "option") in [(old.stance, new.stance) for old, new in changes.changed]
    assert difference(before, before).empty


def test_numbers_are_cut_where_the_rules_cut_them(kb: Knowledge) -> None:
    assert [stretch(kb, "largest_lesion_cm", v) for v in values_of(kb, "largest_lesion_cm")] == ["< 3", "3–5", "> 5"]
    assert [stretch(kb, "lesion_count", v) for v in values_of(kb, "lesion_count")] == ["≤ 3", "> 3"]
    assert stretch(kb, "cea_ng_ml", 7.0) == ""
    assert representative(kb, "lesion_count", 57) == representative(kb, "lesion_count", 4)
