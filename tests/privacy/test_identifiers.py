"""What identifies a person is removed, and nothing clinical is."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from bot.privacy.entrance import take_in
from bot.privacy.identifiers import PLACEHOLDERS, find, remove
from knowledge.nlu.extraction import FactExtractor
from tests.privacy.clinical import texts
from tests.privacy.recall import LAST, LATER, NOTES, measure, notes

KNOWN = {
    *("Harlow", "03/04/1958", "771204", "Osei", "Doyle", "Byrne", "Singh", "1958", "208315", "123456"),
    *("T.", "D", "Wu", "smith", "赵某", "陈", "王某", "孙某", "李", "张某", "黄某"),
}
"""Identifiers that really stand in the clinical sets, because people write so."""


@pytest.mark.parametrize(("file", "fewest"), [(NOTES, 240), (LATER, 65), (LAST, 50)])
def test_every_identifier_of_the_notes_is_removed_and_nothing_else(file: Path, fewest: int) -> None:
    tally = measure(file)
    assert sum(tally.marked.values()) >= fewest
    assert tally.missed == []
    assert tally.lost == []


def test_no_clinical_text_is_changed() -> None:
    checked, removed = 0, set()
    for file, text in texts():
        checked += 1
        for found in find(text):
            words = text[found.start : found.end]
            assert words in KNOWN, f"{found.kind} {words!r} in {text!r} ({file})"
            removed.add(words)
    assert checked > 20_000
    assert removed == KNOWN


STAYS = """
KRAS G12D, 3.5cm, [14], 90Y, CEA 1250, 139 Gy, 3.1 x 2.2 cm, 14.5%, TP53, P=0.02, HR 0.73 (0.57-0.95)
2023年5月切除，2022-05-03手术，s/p 5/2022，65岁，2021年生存分析，5 年生存率 64%
病灶 12 15 22 8 9 33 41 mm；0.8、1.2、2.9 cm；1234 5678 9012
NCT01234567, PMID 12345678, doi 10.1016/j.ejca.2019.01.003
Mohamad and colleagues; Fong score 3; Dr. Fong's score; Child-Pugh A; Milan criteria; Professor Adler
请教医生 肝转移 3枚 怎么办。医生：不可切除，3枚，怎么治
结果来自对照组；组织来自病灶区；住院期间发现肝门区3组淋巴结阳性
患者高龄，单发，左肝，黄疸；患者曾行肝切除，全身化疗后复发；病人高血压；患者严重，马上手术
患者何时手术，何种方案；患者任何方案均可；患者因于外院行TACE，联系电话未留
父亲高血压，母亲康健，家属要求积极治疗；患者，男，65岁；高龄，男；单发，女
张力大，雷替曲塞，石蜡切片，段切除，林奇综合征，江苏研究，马上
hospital no evidence of disease; case no 14; record no 3; patient number 5 of 12; MRS 2; MR liver
Contact Interventional Radiology. Re: Liver Board, 3 mets. Sigmoid Adenocarcinoma, 65M
Patient Selection, 3 lesions. The patient has Unresectable Disease. Patient: Colon Cancer, 3 mets
Name the drug; trial name: CELIM; my number of lesions is 3; the authors address recurrence at 5 years
RAS+/BRAF- 2+3+4; +2 cm; +/- 5 mm; segments 2, 3, 4, 5, 6, 7, 8; AST 45, ULN 40, PLT 180
""".strip().splitlines()


@pytest.mark.parametrize("text", STAYS)
def test_what_only_looks_like_an_identifier_stays(text: str) -> None:
    assert remove(text) == (text, ())


@pytest.mark.parametrize(
    ("text", "expected", "kinds"),
    [
        ("患者张三，男，KRAS G12D", "患者[姓名]，男，KRAS G12D", ("name",)),
        ("Mr Smith, MRN 4482913, 2 mets", "Mr [name], MRN [record number], 2 mets", ("name", "record_number")),
        ("手机１３８０１３８０１３８，2枚", "手机[电话]，2枚", ("phone",)),
        ("13\u200b8123\u200b45678，2枚", "[电话]，2枚", ("phone",)),
        ("a@b.example, 2 mets", "[e-mail], 2 mets", ("email",)),
        ("王女士，2枚", "[姓名]女士，2枚", ("name",)),
    ],
)
def test_a_placeholder_in_the_language_of_the_message_stays(text: str, expected: str, kinds: tuple[str, ...]) -> None:
    assert remove(text) == (expected, kinds)


@pytest.mark.parametrize(
    ("number", "is_one"),
    [
        ("11010519491231002X", True),
        ("110105 19491231 002x", True),
        ("1 1 0 1 0 5 1 9 4 9 1 2 3 1 0 0 2 X", True),
        ("110105194912310021", True),  # a slip in the check digit: all else is a person's
        ("1 1 0 1 0 5 1 9 4 9 1 2 3 1 0 0 2 1", False),  # digits in a row that only look alike
        ("110105194913310028", False),  # nobody is born in a thirteenth month
        ("8110105194912310020", False),
    ],
)
def test_identity_numbers_are_checked(number: str, is_one: bool) -> None:
    assert bool(find(f"no. {number}, 2 lesions")) is is_one


def test_removing_twice_is_removing_once() -> None:
    for file in (NOTES, LATER, LAST):
        for note in notes(file):
            once = remove(note.text)
            assert remove(once.text) == once
            assert once.kinds


def test_facts_are_read_from_what_is_left_as_if_nothing_had_been_there() -> None:
    extract = FactExtractor.create().extract
    clinical = {
        "zh": "不可切除，肝转移3枚，最大2.8cm，KRAS G12D，BRAF野生型，化疗后进展，无肝外转移",
        "en": "unresectable, 3 liver metastases, largest 2.8 cm, KRAS G12D, BRAF wild type, progressed on FOLFOX",
    }
    person = {
        "zh": "患者王建国，男，身份证11010519491231002X，住院号00345678，电话13812345678，"
        "家住上海市张杨路500号，1949年12月31日出生。",
        "en": "Mr John Smith, DOB 12/03/1958, MRN 00345678, phone +44 20 7946 0958, lives at 35 Elm Road. ",
    }
    for lang, text in clinical.items():
        told = {(fact.fact, fact.value, fact.status) for fact in extract(text)}
        left = remove(person[lang] + text)
        assert len(left.kinds) >= 5
        assert {(fact.fact, fact.value, fact.status) for fact in extract(left.text)} == told


UNITS = (
    *(
        "1 ",
        "a@",
        "@a.",
        "患者",
        "住院号1",
        "-",
        "北京市",
        "路1号",
        "Mr A",
        "Name: ",
        "patient A",
        "138 ",
        "+1 2 ",
        "A'",
    ),
    *("姓名:", "姓名:王", "出生1", "1958年", "1-1-", "阿·", "某", "王", "家住王", "(0", "12 Aa ", "Aa Aa,", "1 Jan "),
    *(" ", "\u200b"),
)


def test_the_time_grows_no_faster_than_the_text() -> None:
    def seconds(text: str) -> float:
        return min(_timed(text) for _ in range(2))

    for unit in UNITS:
        short, long = (seconds((unit * size)[:size]) for size in (1_000, 4_000))
        assert long < max(8 * short, 0.03), f"{unit!r}: {short:.3f} s, four times as long: {long:.3f} s"


def _timed(text: str) -> float:
    began = time.process_time()
    remove(text)
    return time.process_time() - began


def test_no_half_of_an_identifier_is_left_where_a_text_is_cut() -> None:
    for length in range(19_930, 20_010, 5):
        left = take_in("." * length + " 手机13812345678，2枚").text
        assert "138" not in left, length


def test_every_placeholder_is_known_as_such_in_both_languages() -> None:
    for kind, words in PLACEHOLDERS.items():
        for word in words.values():
            assert remove(f"a {word} b").kinds == (kind,)
