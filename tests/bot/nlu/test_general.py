"""Which questions tell something of a patient, and which are on the findings of studies."""

from __future__ import annotations

import pytest

from bot.nlu.general import asks_in_general
from knowledge.nlu.extraction import FactExtractor

IN_GENERAL = (
    "TP53突变的肝转移放疗，局控率大概多少？",
    "化疗失败后用放射栓塞，中位PFS多长？",
    "初始不可切除的，哪些基因跟疗效有关？",
    "Synchronous liver mets: how often do they occur?",
    "KRAS-mutant metastases: how high is local control after SBRT?",
    "panitumumab in BRAF V600E disease, what response rate did they see?",
    "cabozantinib for BRAF V600E liver metastases, any data?",
    "In KRAS wild-type disease, what did Heinemann find?",
)
OF_A_PATIENT = (
    "不可切除，3cm，用SBRT还是消融？",
    "他KRAS突变，SBRT局控率多少？",
    "58岁，KRAS突变，OS多少？",
    "化疗进展，肝转移4枚，中位OS多少？",
    "Unresectable, 3 cm: SBRT or ablation?",
    "My patient is BRAF mutant, what response rate can we expect?",
    "KRAS mutant, 3 mets, what is 5-year survival?",
    "She progressed on FOLFOX, what PFS does radioembolisation give?",
    "unresectable, what would you do?",
    "患者RAS突变。TACE的生存期是多少？",
    "另外BRAF突变，TACE的中位生存期是多少？",
    "KRAS mutant. What is the 5-year survival after SRFA?",
)


def general(text: str) -> bool:
    mentions = FactExtractor.create().extract(text)
    facts = [{"entity": m.fact, "start": m.start, "end": m.end} for m in mentions if m.asserted]
    assert facts, "else this example shows nothing"
    return asks_in_general(text, facts)


@pytest.mark.parametrize("text", IN_GENERAL)
def test_a_question_on_studies_tells_nothing_of_a_patient(text: str) -> None:
    assert general(text)


@pytest.mark.parametrize("text", OF_A_PATIENT)
def test_a_question_beside_facts_leaves_them_told(text: str) -> None:
    assert not general(text)


def test_a_message_without_facts_is_none() -> None:
    assert not asks_in_general("5-year survival after SRFA?", [])
