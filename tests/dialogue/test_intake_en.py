"""Whole conversations in English."""

from __future__ import annotations

from typing import Any

import pytest

TELEGRAPHIC = "unresectable CRLM, 2 lesions, largest 2.5 cm, no extrahepatic disease, RAS wild type"


def test_step_by_step(chat: Any) -> None:
    assert "multidisciplinary" in chat("Hi").text
    answer = chat("Start a new case")
    assert answer.kinds == ["question"]
    answer = chat("unresectable, two liver metastases")
    assert chat.facts == {"resectability": "unresectable", "lesion_count": 2}
    for _ in range(18):
        if not answer.asked:
            break
        answer = chat("unknown")
    assert answer.kinds == ["options"]
    assert answer["options"]["lang"] == "en"


def test_correction_and_question_in_the_middle(chat: Any) -> None:
    asked = chat(TELEGRAPHIC).asked
    answer = chat("What was 5-year survival after SRFA?")
    assert answer.kinds == ["answer", "question"]
    assert answer.asked == asked
    answer = chat("sorry, the largest is 3.5 cm")
    assert answer["facts"]["changed"] == {"largest_lesion_cm": 3.5}
    assert answer.asked


def test_why_do_you_ask(chat: Any) -> None:
    asked = chat(TELEGRAPHIC).asked
    answer = chat("why do you ask?")
    assert answer.kinds == ["answer", "question"]
    assert answer.asked == asked


def test_enough_and_resume(chat: Any) -> None:
    chat(TELEGRAPHIC)
    assert chat("enough, show me the options").kinds == ["options"]
    assert chat("no chemotherapy so far").kinds == ["facts", "options"], "options stay up to date, nothing is asked"
    assert chat("go on asking").asked


def test_after_the_options(chat: Any) -> None:
    chat(TELEGRAPHIC, "show me the options")
    assert chat("more").kinds == ["options"]
    assert chat("why ablation?").kinds == ["answer"]
    assert chat("why not surgery?").kinds == ["answer"]
    facts = chat.facts
    assert chat("what if RAS were mutant?").kinds == ["answer"]
    assert chat.facts == facts
    assert chat("compare TACE and HAIP").kinds == ["comparison"]
    assert chat("compare these options").kinds == ["comparison"]
    assert chat("show reference 14").kinds == ["reference"]
    assert chat("summary").kinds == ["summary"]
    assert chat("case so far").kinds == ["facts"]


def test_the_language_follows_the_user_and_can_be_set(chat: Any) -> None:
    assert chat("不可切除，2个病灶")["question"]["lang"] == "zh"
    assert chat("RAS wild type, no extrahepatic disease")["question"]["lang"] == "en"
    answer = chat("请用中文回答")
    assert answer.kinds == [None, "question"]
    assert answer["question"]["lang"] == "zh"
    assert chat("BRAF wild type as well")["facts"]["lang"] == "zh", "a chosen language stays"
    assert chat("English please")["question"]["lang"] == "en"


def test_a_language_and_another_wish_in_one_sentence(chat: Any) -> None:
    chat("3 liver mets, unresectable")
    assert chat("list the options in Chinese")["options"]["lang"] == "zh"
    assert chat("用英文总结一遍")["summary"]["lang"] == "en"
    assert chat("RAS wild type")["facts"]["lang"] == "en", "a chosen language stays"


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("could you sum him up for the tumour board?", "en"),
        ("a summary of this patient in Chinese please", "zh"),
        ("把这个病人总结一下", "zh"),
        ("换成英文再来一份病例小结", "en"),
    ],
)
def test_a_summary_in_other_words(chat: Any, text: str, lang: str) -> None:
    chat("3 liver mets, unresectable")
    assert chat(text)["summary"]["lang"] == lang


def test_a_summary_of_something_else_is_a_question(chat: Any) -> None:
    chat("3 liver mets, unresectable")
    assert "summary" not in chat("Summarise the evidence for SRFA").kinds


def test_forget_a_fact(chat: Any) -> None:
    chat(TELEGRAPHIC)
    assert chat("forget RAS")["facts"]["changed"] == {"ras": None}
    assert chat("forget RAS").asked


def test_questions_without_a_case(chat: Any) -> None:
    answer = chat("What is the 5-year survival after SRFA?")
    assert answer.kinds == [None, "answer"]
    assert not chat.asking
    assert chat("can RAS mutants be given cetuximab?").kinds == ["answer"]
    assert chat.facts == {}
