"""Bare answers to the question that was asked."""

from __future__ import annotations

import pytest

from knowledge.loading import Knowledge
from knowledge.nlu.answers import is_bare_answer, read_answer


@pytest.mark.parametrize(
    ("fact", "text", "value"),
    [
        ("lesion_count", "3", 3),
        ("lesion_count", "三个", 3),
        ("lesion_count", "大概3个", 3),
        ("lesion_count", "two", 2),
        ("lesion_count", "４枚。", 4),
        ("largest_lesion_cm", "2.5", 2.5),
        ("largest_lesion_cm", "25 mm", 2.5),
        ("largest_lesion_cm", "约3公分", 3.0),
        ("cea_ng_ml", "120", 120.0),
        ("meld", "8", 8.0),
        ("ras", "wt", "wild_type"),
        ("ras", "野生型", "wild_type"),
        ("ras", "突变", "mutant"),
        ("ras", "G12D", "mutant"),
        ("ras", "2", "mutant"),
        ("braf", "1.", "wild_type"),
        ("extrahepatic_disease", "没有", "none"),
        ("extrahepatic_disease", "no", "none"),
        ("extrahepatic_disease", "第二个", "lung_only"),
        ("local_therapy_failed", "没有", False),
        ("local_therapy_failed", "yes", True),
        ("surgical_risk", "高", "high"),
        ("liver_reserve", "够", "adequate"),
        ("resectability", "不能", "unresectable"),
        ("resectability", "Potentially resectable", "potentially_resectable"),
        ("resection_status", "no", "not_resected"),
        ("chemotherapy_status", "PD", "progressed"),
        ("onset", "同时性", "synchronous"),
        ("ugt1a1", "正常", "normal"),
        ("ctdna_after_chemotherapy", "阴性", "negative"),
    ],
)
def test_a_bare_answer(kb: Knowledge, fact: str, text: str, value: object) -> None:
    mention = read_answer(text, kb.facts[fact])
    assert mention is not None
    assert (mention.fact, mention.value, mention.status) == (fact, value, "known")
    assert is_bare_answer(text)


@pytest.mark.parametrize("text", ["跳过", "不清楚", "unknown", "skip", "don't know", "没查", "not tested", "不知道"])
@pytest.mark.parametrize("fact", ["ras", "lesion_count", "extrahepatic_disease"])
def test_unknown_is_an_answer(kb: Knowledge, fact: str, text: str) -> None:
    mention = read_answer(text, kb.facts[fact])
    assert mention is not None
    assert mention.status == "unknown"
    assert is_bare_answer(text)


def test_the_number_after_the_last_choice_means_unknown(kb: Knowledge) -> None:
    mention = read_answer("3", kb.facts["ras"])
    assert mention is not None
    assert mention.status == "unknown"
    assert read_answer("4", kb.facts["ras"]) is None


@pytest.mark.parametrize(
    ("fact", "text", "status"),
    [
        ("lesion_count", "0", "implausible"),
        ("lesion_count", "400", "implausible"),
        ("lesion_count", "-2", "implausible"),
        ("largest_lesion_cm", "90", "implausible"),
        ("lesion_count", ">5", "bound"),
        ("lesion_count", "3-4", "bound"),
    ],
)
def test_a_number_no_patient_has_is_no_value(kb: Knowledge, fact: str, text: str, status: str) -> None:
    mention = read_answer(text, kb.facts[fact])
    assert mention is not None
    assert mention.status == status


@pytest.mark.parametrize("text", ["", "   ", "What is SIRT?", "总结", "why do you ask", "你好", "🙂", "x" * 500])
def test_other_messages_are_no_answer(kb: Knowledge, text: str) -> None:
    assert read_answer(text, kb.facts["ras"]) is None
    assert not is_bare_answer(text)
