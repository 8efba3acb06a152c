"""Facts in messages, as different people write them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from knowledge.loading import Knowledge
from knowledge.models.facts import is_value
from knowledge.nlu.extraction import FactExtractor
from knowledge.nlu.lexicon import load_lexicon
from tests.evaluation.abilities import known_facts as facts
from tests.yaml_files import read_yaml

COLLECTIONS = sorted(Path(__file__).with_name("messages").glob("*.yaml"))
MESSAGES = [entry for file in COLLECTIONS for entry in read_yaml(file)]


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
    ("直肠癌肝转移，骨和肺都正常，肝上4个灶", {"lesion_count": 4}),
    ("直肠癌根治后18个月随访CT见肝内2处转移", {"onset": "metachronous", "lesion_count": 2}),
    ("升结肠癌，肝转移同期检出，7个", {"onset": "synchronous", "lesion_count": 7}),
    ("系统治疗一次都没给", {"chemotherapy_status": "none"}),
    ("上周CT最大4.2cm，今天B超是45mm", {"largest_lesion_cm": 4.5}),
    ("她母亲得过肝癌，有2个灶，她目前最大3.1cm", {"largest_lesion_cm": 3.1}),
    ("论坛上有人说TACE失败了，肝转移3枚", {}),
    ("肝转移2枚，腹膜正常，肺有转移", {"lesion_count": 2, "extrahepatic_disease": "lung_only"}),
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


def test_there_are_messages() -> None:
    assert len(MESSAGES) > 400


@pytest.mark.parametrize("entry", MESSAGES, ids=lambda entry: entry["text"][:40])
def test_messages_of_clinicians(extractor: FactExtractor, entry: dict) -> None:
    mentions = [m for m in extractor.extract(entry["text"]) if m.asserted]
    assert facts(tuple(mentions)) == entry.get("facts", {})
    asked = {m.fact for m in mentions if m.status in ("bound", "implausible", "conflict")}
    assert asked == set(entry.get("ask", ()))
    assert {m.fact for m in mentions if m.status == "unknown"} >= set(entry.get("unknown", ()))
    for mention in mentions:
        assert entry["text"][mention.start : mention.end] == mention.text


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.text(max_size=400))
def test_no_text_is_too_strange(extractor: FactExtractor, text: str) -> None:
    for mention in extractor.extract(text):
        assert text[mention.start : mention.end] == mention.text


@pytest.mark.parametrize(
    "piece",
    [
        "肝转移3枚，",
        "no ",
        "1,",
        "3x",
        "(((",
        "RAS/",
        "最大",
        "\u202e",
        "🩺",
        "from 3 to ",
        "右叶4，",
        "5 now, ",
        "says 4, ",
        "to 4 ",
        "2-32x或",
    ],
)
def test_the_time_grows_with_the_length_and_not_faster(extractor: FactExtractor, piece: str) -> None:
    from time import thread_time

    def seconds(times: int) -> float:
        text = "3 liver lesions, " + piece * times
        best = 1e9
        for _ in range(3):
            start = thread_time()
            extractor.extract(text)
            best = min(best, thread_time() - start)
        return best

    short, long = 4000 // len(piece) // 8, 4000 // len(piece)
    assert seconds(long) < 40 * seconds(short) + 0.05


MARKS = "，。？；：、()-/ \n"
WORDS = sorted({word for entry in load_lexicon().entries.values() for word in entry.all})


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=300)
@given(
    st.lists(
        st.one_of(st.sampled_from(WORDS), st.sampled_from([*MARKS, "3", "12", "2.5", "cm"])),
        max_size=40,
    )
)
def test_no_heap_of_words_is_too_strange(extractor: FactExtractor, pieces: list[str]) -> None:
    text = " ".join(pieces)
    for mention in extractor.extract(text):
        assert text[mention.start : mention.end] == mention.text
        assert (mention.value is None) == (mention.status != "known")
        assert mention.value is None or is_value(mention.fact, mention.value)
