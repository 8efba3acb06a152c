"""Whole conversations in Chinese."""

from __future__ import annotations

from typing import Any

TELEGRAPHIC = "直肠癌肝转移，不可切除，3枚，最大2.8cm，KRAS野生型，BRAF野生型，肝外无转移"


def test_one_telegraphic_sentence_starts_the_intake(chat: Any) -> None:
    answer = chat(TELEGRAPHIC)
    assert answer.kinds == [None, "facts", "question"]
    assert "MDT" in answer.messages[0]["text"]
    assert chat.facts == {
        "resectability": "unresectable",
        "lesion_count": 3,
        "largest_lesion_cm": 2.8,
        "extrahepatic_disease": "none",
        "ras": "wild_type",
        "braf": "wild_type",
    }
    assert answer["facts"]["changed"] == chat.facts


def test_the_intake_ends_with_options(chat: Any) -> None:
    answer = chat(TELEGRAPHIC)
    asked = []
    while answer.asked:
        asked.append(answer.asked)
        answer = chat("不清楚")
    assert len(asked) == len(set(asked)), "nothing is asked twice"
    assert answer.kinds == ["options"]
    assert answer["options"]["facts"] == chat.facts
    assert not chat.asking


def test_greeting_first(chat: Any) -> None:
    answer = chat("你好")
    assert answer.kinds == [None]
    assert "MDT" in answer.text
    assert not chat.asking
    answer = chat("开始录入病例")
    assert answer.kinds == ["question"]


def test_a_question_in_the_middle_is_answered_and_the_intake_goes_on(chat: Any) -> None:
    asked = chat(TELEGRAPHIC).asked
    answer = chat("SRFA 的 5 年生存率是多少？")
    assert answer.kinds == ["answer", "question"]
    assert answer.asked == asked
    assert 22 in answer["answer"]["citations"]


def test_a_question_with_facts_is_answered_and_its_facts_are_kept(chat: Any) -> None:
    chat("不可切除，2个病灶")
    answer = chat("另外BRAF突变，TACE的中位生存期是多少？")
    assert answer.kinds[0] == "facts"
    assert answer.kinds[1] in ("answer", "decline")
    assert answer.asked
    assert chat.facts["braf"] == "mutant"


def test_a_question_with_facts_starts_the_intake(chat: Any) -> None:
    answer = chat("患者不可切除，2个病灶，最大2cm。SRFA的5年生存率是多少？")
    assert answer.kinds == [None, "facts", "answer", "question"]
    assert chat.asking


def test_why_do_you_ask(chat: Any) -> None:
    asked = chat(TELEGRAPHIC).asked
    answer = chat("为什么问这个")
    assert answer.kinds == ["answer", "question"]
    assert answer.asked == asked


def test_correction(chat: Any) -> None:
    chat(TELEGRAPHIC)
    answer = chat("更正，最大3.5cm")
    assert answer["facts"]["changed"] == {"largest_lesion_cm": 3.5}
    assert "2.8" in answer.text
    assert "3.5" in answer.text
    assert answer.asked


def test_withdrawal(chat: Any) -> None:
    chat(TELEGRAPHIC)
    answer = chat("撤回RAS")
    assert answer["facts"]["changed"] == {"ras": None}
    assert "ras" not in chat.facts
    assert answer.asked


def test_undo_takes_back_what_was_said_last(chat: Any) -> None:
    chat("不可切除，2个病灶")
    chat("RAS突变")
    assert chat("撤回刚才的回答")["facts"]["changed"] == {"ras": None}
    assert chat.facts == {"resectability": "unresectable", "lesion_count": 2}


def test_unknown_is_not_asked_again(chat: Any) -> None:
    first = chat(TELEGRAPHIC).asked
    answer = chat("不清楚")
    assert answer.kinds[-1] in ("question", "options")
    assert answer.asked != first
    assert first not in chat.facts


def test_enough(chat: Any) -> None:
    chat(TELEGRAPHIC)
    answer = chat("够了，直接看方案")
    assert answer.kinds == ["options"]
    assert not chat.asking
    answer = chat("继续提问")
    assert answer.asked


def test_facts_after_the_options_update_them(chat: Any) -> None:
    chat(TELEGRAPHIC, "直接看方案")
    answer = chat("更正：RAS突变")
    assert answer.kinds == ["facts", "options"]
    assert answer["options"]["facts"]["ras"] == "mutant"
    assert "与之前相比" in answer.text


def test_after_the_options(chat: Any) -> None:
    chat(TELEGRAPHIC, "直接看方案")
    assert chat("更多").kinds == ["options"]
    assert chat("为什么热消融").kinds == ["answer"]
    assert chat("为什么不用西妥昔单抗").kinds == ["answer"]
    facts = chat.facts
    assert chat("如果RAS突变呢？").kinds == ["answer"]
    assert chat.facts == facts
    assert chat("比较消融和SBRT").kinds == ["comparison"]
    assert chat("比较这几个方案").kinds == ["comparison"]
    assert chat("文献14").kinds == ["reference"]
    summary = chat("总结")
    assert summary.kinds == ["summary"]
    assert "MDT" in summary.text
    assert chat("目前的情况").kinds == ["facts"]


def test_new_patient_starts_clean(chat: Any) -> None:
    chat(TELEGRAPHIC, "直接看方案")
    answer = chat("新患者")
    assert answer.kinds == ["facts", "question"]
    assert chat.facts == {}
    answer = chat("新患者，可切除，1个病灶")
    assert chat.facts == {"resectability": "resectable", "lesion_count": 1}
    slots = chat.tracker.current_slot_values()
    assert not slots["previous_case"]
    assert not slots["shown"]


def test_a_contradiction_is_named_and_both_facts_stay(chat: Any) -> None:
    answer = chat("可切除，肝储备不足")
    assert "矛盾" in answer.text
    assert chat.facts["resectability"] == "resectable"
    assert chat.facts["liver_reserve"] == "inadequate"


def test_goodbye_ends_without_a_question(chat: Any) -> None:
    chat(TELEGRAPHIC)
    assert chat("再见").kinds == [None]
    assert not chat.asking
    assert chat("化疗后进展").asked or not chat.asking
    assert chat.facts["chemotherapy_status"] == "progressed"
