"""What is said of this patient, and what is only asked, supposed, or said of others."""

from __future__ import annotations

import pytest

from knowledge.nlu.extraction import FactExtractor


def asserted(extractor: FactExtractor, text: str, fact: str) -> list[bool]:
    return [mention.asserted for mention in extractor.extract(text) if mention.fact == fact]


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("不可切除，3cm，用SBRT还是消融？", "resectability"),
        ("不可切除 3枚 RAS野生 怎么治", "ras"),
        ("患者RAS突变，可以用西妥昔单抗吗？", "ras"),
        ("unresectable, RAS mutant. Would bevacizumab be better?", "ras"),
        ("My patient with RAS mutation, can he have cetuximab?", "ras"),
        ("Can my patient with RAS mutation have cetuximab?", "ras"),
        ("What would you do? RAS mutant, 3 lesions.", "ras"),
        ("FLR 42%, which is sufficient", "liver_reserve"),
        ("不可切除肝转移患者，3枚，最大2.5cm，怎么治？", "resectability"),
        ("有无肝外转移：无", "extrahepatic_disease"),
        ("could you look at this patient: RAS mutant", "ras"),
        ("RAS突变，如果BRAF也突变呢？", "ras"),
        ("father had lung cancer; the patient is RAS mutant", "ras"),
    ],
)
def test_said_of_the_patient(extractor: FactExtractor, text: str, fact: str) -> None:
    assert asserted(extractor, text, fact) == [True]


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("可切除吗？", "resectability"),
        ("RAS突变能用西妥昔吗", "ras"),
        ("RAS突变患者能用西妥昔单抗吗？", "ras"),
        ("对于RAS突变的患者，首选什么", "ras"),
        ("如果RAS突变，方案怎么变", "ras"),
        ("RAS突变的话呢", "ras"),
        ("Is SBRT useful in RAS mutants?", "ras"),
        ("What if RAS were mutant", "ras"),
        ("In patients with RAS mutation, is cetuximab of use?", "ras"),
        ("For a RAS mutant patient, which drug?", "ras"),
        ("suppose RAS is mutant", "ras"),
        ("would a RAS mutation change anything?", "ras"),
        ("RAS mutation and response rate", "ras"),
        ("TP53 mutation and SBRT", "tp53"),
    ],
)
def test_only_asked_or_supposed(extractor: FactExtractor, text: str, fact: str) -> None:
    assert asserted(extractor, text, fact) == [False]


@pytest.mark.parametrize(
    "text",
    [
        "父亲结肠癌，RAS突变",
        "家族史：母亲RAS突变肠癌",
        "her brother had RAS-mutant bowel cancer",
        "上一个患者RAS突变",
    ],
)
def test_nothing_is_taken_from_another_person(extractor: FactExtractor, text: str) -> None:
    assert not extractor.extract(text)
