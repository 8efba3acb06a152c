"""A conversation that is taken up again after its session has ended."""

from __future__ import annotations

from typing import Any

import pytest

CASE = "不可切除，2个病灶，RAS野生型"


@pytest.fixture
def later(chat: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The conversation an hour and more after a case was told."""
    chat(CASE)
    monkeypatch.setattr(chat.agent.processor, "_has_session_expired", lambda _: True)

    def say(*texts: str) -> Any:
        answer = chat(texts[0])
        monkeypatch.undo()
        return chat(*texts[1:]) if texts[1:] else answer

    return say


def test_nothing_is_carried_over_in_silence(chat: Any, later: Any) -> None:
    answer = later("你好")
    assert answer.kinds == [None]
    assert "RAS 野生型" in answer.text
    assert "MDT" in answer.text
    assert chat.facts == {}
    assert not chat.asking


def test_the_earlier_case_goes_on_when_asked_for(chat: Any, later: Any) -> None:
    answer = later("你好", "继续上次病例")
    assert chat.facts == {"resectability": "unresectable", "lesion_count": 2, "ras": "wild_type"}
    assert answer.kinds == ["facts", "question"]
    assert not chat.tracker.get_slot("previous_case")


@pytest.mark.parametrize("text", ["继续", "接着上次的病例", "continue"])
def test_continue_means_the_case_that_was_asked_about(chat: Any, later: Any, text: str) -> None:
    later("你好", text)
    assert chat.facts == {"resectability": "unresectable", "lesion_count": 2, "ras": "wild_type"}


def test_a_new_patient_drops_the_earlier_case(chat: Any, later: Any) -> None:
    later("你好", "新患者")
    assert chat.facts == {}
    assert not chat.tracker.get_slot("previous_case")
    assert chat.asking


def test_facts_of_a_new_session_belong_to_a_new_case(chat: Any, later: Any) -> None:
    answer = later("可切除，1个病灶")
    assert chat.facts == {"resectability": "resectable", "lesion_count": 1}
    assert "RAS 野生型" in answer.messages[0]["text"]
    assert answer.asked


def test_a_new_session_starts_with_the_disclaimer(chat: Any, later: Any) -> None:
    chat("新患者")
    assert "MDT" in later("什么是转化治疗").messages[0]["text"]
