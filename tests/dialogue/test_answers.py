"""Bare answers, and every quick reply, are understood as what they say."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from knowledge.loading import load_knowledge
from knowledge.models.facts import FACT_IDS
from knowledge.rendering.base import phrase

BARE = [
    ("lesion_count", "3", 3),
    ("lesion_count", "三个", 3),
    ("lesion_count", "两个", 2),
    ("lesion_count", "three", 3),
    ("lesion_count", "大概4个", 4),
    ("largest_lesion_cm", "2.5", 2.5),
    ("largest_lesion_cm", "25mm", 2.5),
    ("largest_lesion_cm", "3公分", 3.0),
    ("extrahepatic_disease", "没有", "none"),
    ("extrahepatic_disease", "no", "none"),
    ("extrahepatic_disease", "2", "lung_only"),
    ("extrahepatic_disease", "只有肺", "lung_only"),
    ("ras", "wt", "wild_type"),
    ("ras", "野生型", "wild_type"),
    ("ras", "突变", "mutant"),
    ("ras", "2", "mutant"),
    ("resectability", "3", "unresectable"),
    ("resectability", "不能", "unresectable"),
    ("surgical_risk", "高", "high"),
    ("surgical_risk", "能耐受", "acceptable"),
    ("liver_reserve", "足够", "adequate"),
    ("onset", "同时", "synchronous"),
    ("chemotherapy_status", "没做过", "none"),
    ("chemotherapy_status", "进展了", "progressed"),
    ("resection_status", "没有", "not_resected"),
    ("local_therapy_failed", "没有", False),
    ("local_therapy_failed", "yes", True),
    ("cea_ng_ml", "35.6", 35.6),
    ("meld", "8", 8.0),
    ("ctdna_after_chemotherapy", "阴性", "negative"),
    ("ugt1a1", "低", "reduced"),
]
UNKNOWN = ["不清楚", "不知道", "跳过", "没查", "unknown", "skip", "not sure", "待查"]


@pytest.fixture
def asked(chat: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Any]:
    """Makes the assistant ask for a fact, whichever it would ask for."""

    def ask(fact: str, first: str = "开始新病例") -> Any:
        monkeypatch.setattr("actions.turn.next_question", lambda *_: fact)
        answer = chat(first)
        assert answer.asked == fact
        monkeypatch.undo()
        return chat

    return ask


@pytest.mark.parametrize(("fact", "text", "value"), BARE)
def test_bare_answer(asked: Callable[[str], Any], fact: str, text: str, value: object) -> None:
    chat = asked(fact)
    answer = chat(text)
    assert answer["facts"]["changed"] == {fact: value}
    assert chat.facts == {fact: value}


@pytest.mark.parametrize("text", UNKNOWN)
def test_unknown(asked: Callable[[str], Any], text: str) -> None:
    chat = asked("braf")
    answer = chat(text)
    assert chat.tracker.get_slot("unknown_facts") == ["braf"]
    assert chat.facts == {}
    assert answer.asked != "braf"


def test_no_answer_is_not_taken_for_one(asked: Callable[[str], Any]) -> None:
    chat = asked("ras")
    answer = chat("7")
    assert answer.kinds == ["decline", "question"]
    assert answer.asked == "ras"
    assert chat.facts == {}


@pytest.mark.parametrize("fact", FACT_IDS)
@pytest.mark.parametrize("first", ["开始新病例", "Start a new case"])
def test_every_quick_reply_of_a_question(
    new_chat: Callable[[], Any], monkeypatch: pytest.MonkeyPatch, fact: str, first: str
) -> None:
    lang = "zh" if first == "开始新病例" else "en"
    definition = load_knowledge().facts[fact]
    values = {choice.label[lang]: choice.value for choice in definition.choices}
    for payload in _quick_replies(new_chat(), monkeypatch, fact, first):
        chat = new_chat()
        _quick_replies(chat, monkeypatch, fact, first)
        answer = chat(payload)
        if payload == phrase("base.unknown", lang):
            assert chat.tracker.get_slot("unknown_facts") == [fact]
        elif payload == phrase("base.why_asked", lang):
            assert answer.kinds[0] == "answer"
        elif payload == phrase("base.enough", lang):
            assert answer.kinds == ["options"]
        else:
            assert chat.facts == {fact: values.get(payload, payload if values else float(payload))}


def _quick_replies(chat: Any, monkeypatch: pytest.MonkeyPatch, fact: str, first: str) -> Iterator[str]:
    with monkeypatch.context() as patch:
        patch.setattr("actions.turn.next_question", lambda *_: fact)
        return chat(first).buttons


@pytest.mark.parametrize(
    ("key", "kinds"),
    [
        ("welcome.start_case", ["question"]),
        ("welcome.example_question", ["answer"]),
        ("welcome.help_button", [None]),
        ("base.more", ["options"]),
        ("base.summary", ["summary"]),
        ("base.new_patient", ["question"]),
        ("welcome.continue_case", ["facts", "question"]),
    ],
)
@pytest.mark.parametrize("greeting", ["你好", "hello"])
def test_every_other_quick_reply(chat: Any, greeting: str, key: str, kinds: list[str | None]) -> None:
    chat(greeting)
    assert chat(phrase(key, "zh" if greeting == "你好" else "en")).kinds == kinds


@pytest.mark.parametrize(
    "turns",
    [
        ["你好", "不可切除，2个病灶", "为什么问这个", "直接看方案", "更多", "总结", "今天天气怎么样", "xyzzy plugh"],
        [
            "hello",
            "unresectable, 2 lesions",
            "why do you ask",
            "show me the options",
            "more",
            "summary",
            "a joke please",
        ],
    ],
    ids=["zh", "en"],
)
def test_no_quick_reply_is_misunderstood(chat: Any, new_chat: Callable[[], Any], turns: list[str]) -> None:
    payloads = {payload for turn in turns for payload in chat(turn).buttons}
    assert len(payloads) > 8
    for payload in payloads:
        other = new_chat()
        other(turns[0], payload)
        assert other.intent != "nlu_fallback", payload
        assert len(payload.encode()) <= 64, payload
