"""Facts in messages, as different people write them."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from knowledge.loading import Knowledge
from knowledge.models.understanding import FactMention
from knowledge.nlu.extraction import FactExtractor

MESSAGES = yaml.safe_load(Path(__file__).with_name("messages.yaml").read_text(encoding="utf-8"))
FLOOR = 0.78
"""Share of independently written messages that must be read without any error; a floor, not the aim."""


@pytest.fixture(scope="module")
def extractor() -> FactExtractor:
    return FactExtractor.create()


def facts(mentions: tuple[FactMention, ...]) -> dict[str, object]:
    return {m.fact: m.value for m in mentions if m.asserted and m.status == "known"}


CASES = [
    (
        "直肠癌肝转移，不可切除，3枚，最大2.8cm，KRAS G12D，BRAF野生型，一线FOLFOX后PD，肝外无转移",
        {
            "resectability": "unresectable",
            "lesion_count": 3,
            "largest_lesion_cm": 2.8,
            "ras": "mutant",
            "braf": "wild_type",
            "chemotherapy_status": "progressed",
            "extrahepatic_disease": "none",
        },
    ),
    (
        "Colon ca with synchronous liver mets x4, largest 45 mm, unresectable, KRAS/NRAS/BRAF wt, no EHD",
        {
            "onset": "synchronous",
            "lesion_count": 4,
            "largest_lesion_cm": 4.5,
            "resectability": "unresectable",
            "ras": "wild_type",
            "braf": "wild_type",
            "extrahepatic_disease": "none",
        },
    ),
    ("不可切除，3cm，用SBRT还是消融？", {"resectability": "unresectable", "largest_lesion_cm": 3.0}),
    ("KRAS突变患者能用西妥昔单抗吗？", {}),
    ("what if RAS were mutant?", {}),
    ("家族史：父亲肝转移5枚", {}),
    ("计划下周做TACE", {}),
    ("one patient with liver mets", {}),
    ("有一个肝转移的患者", {}),
    ("初始不可切除，转化后可切除", {"resectability": "resectable"}),
    ("not resectable, remnant liver too small", {"resectability": "unresectable", "liver_reserve": "inadequate"}),
    ("原发灶5cm，肝转移2枚，最大20mm", {"lesion_count": 2, "largest_lesion_cm": 2.0}),
    (
        "肝轉移３個，２．５公分，不可切除",
        {"lesion_count": 3, "largest_lesion_cm": 2.5, "resectability": "unresectable"},
    ),
    ("4.5cm缩小到2.8cm", {"largest_lesion_cm": 2.8}),
    ("左叶2枚右叶1枚", {"lesion_count": 3}),
    ("乙状结肠癌术后2年，肝单发转移", {"onset": "metachronous", "lesion_count": 1}),
    ("肝切除术后1年复发，2枚", {"resection_status": "recurred", "lesion_count": 2}),
    (
        "s/p right hepatectomy, now two new liver lesions, frail",
        {"resection_status": "recurred", "lesion_count": 2, "surgical_risk": "high"},
    ),
    ("消融后复发", {"local_therapy_failed": True}),
    ("化疗6周期后疾病稳定", {"chemotherapy_status": "responding"}),
    ("未检出RAS/BRAF突变", {"ras": "wild_type", "braf": "wild_type"}),
    ("KRAS wild type but NRAS Q61K", {"ras": "mutant"}),
    ("UGT1A1 *28/*28", {"ugt1a1": "reduced"}),
    ("AST 45 U/L，正常上限40，血小板 150", {"apri": 0.75}),
    ("CEA 12 µg/L, CA19-9 30", {"cea_ng_ml": 12.0}),
    ("no evidence of extrahepatic disease", {"extrahepatic_disease": "none"}),
    ("无腹膜转移", {}),
    ("liver and lung mets only", {"extrahepatic_disease": "lung_only"}),
    ("不对，是4个", {"lesion_count": 4}),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_facts_of_a_message(extractor: FactExtractor, text: str, expected: dict[str, object]) -> None:
    assert facts(extractor.extract(text)) == expected


@pytest.mark.parametrize(
    ("text", "fact", "status"),
    [
        ("RAS待查", "ras", "unknown"),
        ("KRAS pending", "ras", "unknown"),
        ("CEA normal", "cea_ng_ml", "unknown"),
        ("肝转移400个", "lesion_count", "implausible"),
        ("最大90cm", "largest_lesion_cm", "implausible"),
        ("0个病灶", "lesion_count", "implausible"),
        ("至少4枚", "lesion_count", "bound"),
        ("3–4枚", "lesion_count", "bound"),
        ("all lesions <3cm", "largest_lesion_cm", "bound"),
        ("3 liver metastases measuring 3.1, 2.4, 1.8 and 1.2 cm", "lesion_count", "conflict"),
    ],
)
def test_what_is_no_value_is_not_taken_for_one(extractor: FactExtractor, text: str, fact: str, status: str) -> None:
    assert [(m.fact, m.status) for m in extractor.extract(text) if m.fact == fact] == [(fact, status)]


def test_words_are_quoted_as_typed(extractor: FactExtractor) -> None:
    text = "患者：肝轉移３個，不可切除"
    for mention in extractor.extract(text):
        assert text[mention.start : mention.end] == mention.text
    assert {m.text for m in extractor.extract(text)} == {"３個", "不可切除"}


def test_every_choice_of_every_question_is_read_as_what_it_says(extractor: FactExtractor, kb: Knowledge) -> None:
    """Buttons send their title, also when the question is no longer open."""
    for fact in kb.facts.values():
        for choice in fact.choices:
            for title in (choice.label.zh, choice.label.en):
                assert facts(extractor.extract(title)) == {fact.id: choice.value}, title


def read_right(extractor: FactExtractor, entry: dict) -> bool:
    mentions = [m for m in extractor.extract(entry["text"]) if m.asserted]
    asked = {m.fact for m in mentions if m.status in ("bound", "implausible", "conflict")}
    unknown = {m.fact for m in mentions if m.status == "unknown"}
    return (
        facts(tuple(mentions)) == entry.get("facts", {})
        and asked == set(entry.get("ask", ()))
        and unknown >= set(entry.get("unknown", ()))
    )


def test_independently_written_messages(extractor: FactExtractor, capsys: pytest.CaptureFixture[str]) -> None:
    wrong = [entry for entry in MESSAGES if not read_right(extractor, entry)]
    share = 1 - len(wrong) / len(MESSAGES)
    with capsys.disabled():
        print(f"\n{len(MESSAGES)} independently written messages, {share:.1%} read without any error")
    assert len(MESSAGES) > 100
    assert share >= FLOOR, [entry["text"] for entry in wrong]


def written(number: int, form: str) -> str:
    chinese = "零一二三四五六七八九十"
    return {"digits": str(number), "wide": chr(0xFF10 + number) if number < 10 else "１０", "chinese": chinese[number]}[
        form
    ]


@given(
    number=st.integers(1, 10),
    form=st.sampled_from(["digits", "wide", "chinese"]),
    frame=st.sampled_from(
        ["肝转移{}枚", "患者不可切除，肝内{}个病灶，RAS待查", "共{}处肝转移灶", "发现肝转移灶{}个。"]
    ),
)
def test_numerals_mean_the_same_in_every_script(extractor: FactExtractor, number: int, form: str, frame: str) -> None:
    assert facts(extractor.extract(frame.format(written(number, form))))["lesion_count"] == number


@given(
    millimetres=st.integers(1, 390),
    unit=st.sampled_from(["mm", " mm", "毫米"]),
    frame=st.sampled_from(["最大{}", "largest {}", "the biggest liver lesion is {}", "肝转移，最大径约{}，不可切除"]),
)
def test_units_are_converted(extractor: FactExtractor, millimetres: int, unit: str, frame: str) -> None:
    found = facts(extractor.extract(frame.format(f"{millimetres}{unit}")))
    assert found["largest_lesion_cm"] == pytest.approx(millimetres / 10)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.text(max_size=400))
def test_no_text_is_too_strange(extractor: FactExtractor, text: str) -> None:
    for mention in extractor.extract(text):
        assert text[mention.start : mention.end] == mention.text


@pytest.mark.parametrize(
    "piece", ["肝转移3枚，", "no ", "1,", "3x", "(((", "RAS/", "最大", "\u202e", "🩺", "from 3 to "]
)
def test_the_time_grows_with_the_length_and_not_faster(extractor: FactExtractor, piece: str) -> None:
    from time import perf_counter

    def seconds(times: int) -> float:
        text = piece * times
        best = 1e9
        for _ in range(3):
            start = perf_counter()
            extractor.extract(text)
            best = min(best, perf_counter() - start)
        return best

    short, long = 4000 // len(piece) // 8, 4000 // len(piece)
    assert seconds(long) < 40 * seconds(short) + 0.05
