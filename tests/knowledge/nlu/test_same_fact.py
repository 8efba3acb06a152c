"""A fact is the same in whatever sentence, script, unit or numerals it is written."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from knowledge.models.base import LANGUAGES
from knowledge.models.facts import FACT_IDS
from knowledge.nlu.extraction import FactExtractor
from knowledge.nlu.scripts import simplified_characters
from tests.evaluation.abilities import known_facts as facts

Said = tuple[str, str, object]
"""A phrase, the fact it tells, and the fact's value."""

CHINESE: list[Said] = [
    ("评估为不可切除", "resectability", "unresectable"),
    ("外科认为可以切除", "resectability", "resectable"),
    ("潜在可切除", "resectability", "potentially_resectable"),
    ("不能耐受手术", "surgical_risk", "high"),
    ("手术风险可以接受", "surgical_risk", "acceptable"),
    ("剩余肝体积不足", "liver_reserve", "inadequate"),
    ("残肝体积足够", "liver_reserve", "adequate"),
    ("同时性肝转移", "onset", "synchronous"),
    ("异时性肝转移", "onset", "metachronous"),
    ("肝转移灶3枚", "lesion_count", 3),
    ("肝内有两个病灶", "lesion_count", 2),
    ("最大病灶2.5cm", "largest_lesion_cm", 2.5),
    ("最大径35毫米", "largest_lesion_cm", 3.5),
    ("无肝外转移", "extrahepatic_disease", "none"),
    ("肝外仅有肺转移", "extrahepatic_disease", "lung_only"),
    ("一线化疗后进展", "chemotherapy_status", "progressed"),
    ("尚未化疗", "chemotherapy_status", "none"),
    ("化疗6周期后疾病稳定", "chemotherapy_status", "responding"),
    ("未做过肝切除", "resection_status", "not_resected"),
    ("肝切除术后肝内复发", "resection_status", "recurred"),
    ("消融后局部复发", "local_therapy_failed", True),
    ("没有局部治疗失败", "local_therapy_failed", False),
    ("KRAS G12D突变", "ras", "mutant"),
    ("RAS野生型", "ras", "wild_type"),
    ("BRAF V600E突变", "braf", "mutant"),
    ("BRAF野生型", "braf", "wild_type"),
    ("TP53突变", "tp53", "mutant"),
    ("TP53野生型", "tp53", "wild_type"),
    ("UGT1A1正常", "ugt1a1", "normal"),
    ("UGT1A1 *28/*28", "ugt1a1", "reduced"),
    ("CEA 35 ng/mL", "cea_ng_ml", 35.0),
    ("CEA为12.6μg/L", "cea_ng_ml", 12.6),
    ("术前化疗后ctDNA阴性", "ctdna_after_chemotherapy", "negative"),
    ("化疗后ctDNA仍阳性", "ctdna_after_chemotherapy", "positive"),
    ("APRI 0.6", "apri", 0.6),
    ("APRI为1.2", "apri", 1.2),
    ("MELD评分8分", "meld", 8.0),
    ("MELD 12", "meld", 12.0),
]

ENGLISH: list[Said] = [
    ("unresectable", "resectability", "unresectable"),
    ("deemed resectable by the surgeons", "resectability", "resectable"),
    ("potentially resectable", "resectability", "potentially_resectable"),
    ("too frail for surgery", "surgical_risk", "high"),
    ("fit for surgery", "surgical_risk", "acceptable"),
    ("liver remnant too small", "liver_reserve", "inadequate"),
    ("adequate liver remnant", "liver_reserve", "adequate"),
    ("synchronous liver metastases", "onset", "synchronous"),
    ("metachronous liver mets", "onset", "metachronous"),
    ("three liver metastases", "lesion_count", 3),
    ("2 liver lesions", "lesion_count", 2),
    ("largest lesion 2.5 cm", "largest_lesion_cm", 2.5),
    ("biggest 35 mm", "largest_lesion_cm", 3.5),
    ("no extrahepatic disease", "extrahepatic_disease", "none"),
    ("peritoneal metastases", "extrahepatic_disease", "other"),
    ("progressed on FOLFOX", "chemotherapy_status", "progressed"),
    ("no chemotherapy so far", "chemotherapy_status", "none"),
    ("stable disease on FOLFIRI", "chemotherapy_status", "responding"),
    ("never had a hepatectomy", "resection_status", "not_resected"),
    ("recurred in the liver after hepatectomy", "resection_status", "recurred"),
    ("local recurrence after ablation", "local_therapy_failed", True),
    ("no failed local treatment", "local_therapy_failed", False),
    ("KRAS G12D", "ras", "mutant"),
    ("RAS wild type", "ras", "wild_type"),
    ("BRAF V600E", "braf", "mutant"),
    ("BRAF wt", "braf", "wild_type"),
    ("TP53 mutated", "tp53", "mutant"),
    ("TP53 wild type", "tp53", "wild_type"),
    ("UGT1A1 normal", "ugt1a1", "normal"),
    ("UGT1A1 *28/*28", "ugt1a1", "reduced"),
    ("CEA 35 ng/mL", "cea_ng_ml", 35.0),
    ("CEA of 12.6 ug/L", "cea_ng_ml", 12.6),
    ("ctDNA negative after preoperative chemotherapy", "ctdna_after_chemotherapy", "negative"),
    ("ctDNA still positive after chemotherapy", "ctdna_after_chemotherapy", "positive"),
    ("APRI 0.6", "apri", 0.6),
    ("APRI of 1.2", "apri", 1.2),
    ("MELD score 8", "meld", 8.0),
    ("MELD 12", "meld", 12.0),
]

CHINESE_FRAMES = [
    "{}",
    "患者{}。",
    "62岁女性，{}，请问下一步怎么治疗？",
    "病情：{}；CT 2024年复查",
    "1. 结肠癌肝转移\n2. {}",
    "您好，想咨询一个病人：{}",
    "补充一下，{}",
    "{}，谢谢",
    "A 62-year-old woman, {}.",
]

ENGLISH_FRAMES = [
    "{}",
    "A 62-year-old woman, {}.",
    "Hi, {} - what are the options?",
    "(1) {}",
    "CRLM; {}; please advise",
    "Patient details: {}",
    "One more thing: {}",
    "{}, thanks",
    "62岁女性，{}，请问下一步怎么治疗？",
]

TRADITIONAL = str.maketrans({simple: old for old, simple in simplified_characters().items() if len(simple) == 1})
WIDE = str.maketrans({chr(code): chr(code + 0xFEE0) for code in range(0x21, 0x7F)})

SCRIPTS: dict[str, Callable[[str], str]] = {
    "as it is": str,
    "traditional": lambda text: text.translate(TRADITIONAL),
    "full width": lambda text: text.translate(WIDE),
    "upper case": str.upper,
}

quietly = settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=150)


def test_every_fact_is_told_in_two_ways_in_each_language() -> None:
    for lang, phrases in zip(LANGUAGES, (CHINESE, ENGLISH), strict=True):
        for fact in FACT_IDS:
            assert len([told for _, told, _ in phrases if told == fact]) >= 2, (lang, fact)


@quietly
@given(said=st.sampled_from(CHINESE), frame=st.sampled_from(CHINESE_FRAMES), script=st.sampled_from(sorted(SCRIPTS)))
def test_chinese_in_every_frame_and_script(extractor: FactExtractor, said: Said, frame: str, script: str) -> None:
    words, fact, value = said
    assert facts(extractor.extract(SCRIPTS[script](frame.format(words)))).get(fact) == value


@quietly
@given(said=st.sampled_from(ENGLISH), frame=st.sampled_from(ENGLISH_FRAMES), script=st.sampled_from(sorted(SCRIPTS)))
def test_english_in_every_frame_and_script(extractor: FactExtractor, said: Said, frame: str, script: str) -> None:
    words, fact, value = said
    assert facts(extractor.extract(SCRIPTS[script](frame.format(words)))).get(fact) == value


UNITS = {"mm": 1, " mm": 1, "毫米": 1, "cm": 10, " cm": 10, "厘米": 10, "公分": 10, "CM": 10, "ｃｍ": 10}
"""Ways to write a unit of length, in millimetres."""

DECIMALS: dict[str, Callable[[float], str]] = {
    "shortest": lambda number: f"{number:g}",
    "one place": lambda number: f"{number:.1f}",
    "two places": lambda number: f"{number:.2f}",
    "full width": lambda number: f"{number:g}".translate(WIDE),
}

SIZE_FRAMES = ["最大{}", "largest {}", "the biggest liver lesion is {}", "肝转移，最大径约{}，不可切除"]


@quietly
@given(
    millimetres=st.integers(1, 390),
    unit=st.sampled_from(sorted(UNITS)),
    decimals=st.sampled_from(sorted(DECIMALS)),
    frame=st.sampled_from(SIZE_FRAMES),
)
def test_a_size_is_the_same_in_every_unit(
    extractor: FactExtractor, millimetres: int, unit: str, decimals: str, frame: str
) -> None:
    text = frame.format(DECIMALS[decimals](millimetres / UNITS[unit]) + unit)
    assert facts(extractor.extract(text)).get("largest_lesion_cm") == pytest.approx(millimetres / 10)


CHINESE_COUNTS = ["肝转移{}枚", "患者不可切除，肝内{}个病灶，RAS待查", "共{}处肝转移灶", "发现肝转移灶{}个。"]
ENGLISH_COUNTS = ["{} liver metastases", "unresectable, {} liver lesions, RAS pending", "There are {} liver mets."]
ENGLISH_WORDS = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
    "twenty",
]


def chinese_numeral(number: int, two: str = "二") -> str:
    """A number up to 99 in Chinese characters; before a measure word a lone two is 两."""
    digits = "零一二三四五六七八九"
    if number == 2:
        return two
    tens, ones = divmod(number, 10)
    return f"{digits[tens] if tens > 1 else ''}{'十' if tens else ''}{digits[ones] if ones or not tens else ''}"


NUMERALS: dict[str, Callable[[int], str]] = {
    "digits": str,
    "full width": lambda number: str(number).translate(WIDE),
    "chinese": chinese_numeral,
    "chinese with 两": lambda number: chinese_numeral(number, "两"),
}


@quietly
@given(number=st.integers(1, 99), form=st.sampled_from(sorted(NUMERALS)), frame=st.sampled_from(CHINESE_COUNTS))
def test_a_count_is_the_same_in_every_numeral_system(
    extractor: FactExtractor, number: int, form: str, frame: str
) -> None:
    assert facts(extractor.extract(frame.format(NUMERALS[form](number)))).get("lesion_count") == number


@quietly
@given(number=st.integers(2, 20), frame=st.sampled_from(ENGLISH_COUNTS), capital=st.booleans())
def test_a_count_is_the_same_in_english_words(extractor: FactExtractor, number: int, frame: str, capital: bool) -> None:
    word = ENGLISH_WORDS[number].capitalize() if capital else ENGLISH_WORDS[number]
    for written in (word, str(number)):
        assert facts(extractor.extract(frame.format(written))).get("lesion_count") == number
