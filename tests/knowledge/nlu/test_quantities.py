"""Numbers, ranges, limits and units as people write them."""

from __future__ import annotations

import pytest

from knowledge.nlu.pipeline import lexicon_vocabulary
from knowledge.nlu.quantities import Quantity, quantities


def read(text: str) -> list[Quantity]:
    return list(quantities(lexicon_vocabulary().read(text)))


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("3枚", 3, "count"),
        ("两个", 2, "count"),
        ("十二枚", 12, "count"),
        ("二十个", 20, "count"),
        ("廿一个", 21, "count"),
        ("一百零五处", 105, "count"),
        ("就俩", 2, "count"),
        ("2.8cm", 2.8, "cm"),
        ("2-cm", 2, "cm"),
        ("三点五厘米", 3.5, "cm"),
        ("两厘米半", 2.5, "cm"),
        ("半厘米", 0.5, "cm"),
        ("3公分", 3, "cm"),
        ("35 mm", 35, "mm"),
        ("twenty-one", 21, None),
        ("three", 3, None),
        ("a dozen", 12, None),
        ("1,200 ng/mL", 1200, "ng_ml"),
        ("约3cm左右", 3, "cm"),
        ("about 3 cm", 3, "cm"),
        ("3.2×2.1cm", 3.2, "cm"),
        ("2.1 cm x 3.2 cm", 3.2, "cm"),
        ("3个月", 3, "other"),
        ("一年半", 1.5, "other"),
    ],
)
def test_a_number(text: str, value: float, unit: str | None) -> None:
    found = read(text)
    assert [(q.value, q.unit) for q in found] == [(value, unit)]


@pytest.mark.parametrize(
    ("text", "low", "high", "strict"),
    [
        ("3-4枚", 3, 4, False),
        ("3–4枚", 3, 4, False),
        ("3~4个", 3, 4, False),
        ("3至4枚", 3, 4, False),
        ("3、4个", 3, 4, False),
        ("三四个", 3, 4, False),
        ("3 to 4 lesions", 3, 4, False),
        ("between 3 and 4 cm", 3, 4, False),
        ("3 or 4", 3, 4, False),
        ("至少4个", 4, None, False),
        ("at least 4", 4, None, False),
        ("超过5个", 5, None, True),
        (">5", 5, None, True),
        (">=5", 5, None, False),
        ("more than about 5", 5, None, True),
        ("十几个", 11, 19, False),
        ("十余个", 10, None, False),
        ("3cm以上", 3, None, False),
        ("<3cm", None, 3, True),
        ("不到3cm", None, 3, True),
        ("up to 3 cm", None, 3, False),
        ("no more than three", None, 3, False),
        ("3 cm or less", None, 3, False),
    ],
)
def test_a_limit_or_a_range(text: str, low: float | None, high: float | None, strict: bool) -> None:
    found = read(text)
    assert [(q.low, q.high, q.strict) for q in found] == [(low, high, strict)]


@pytest.mark.parametrize("text", ["G12D", "S8", "第2", "T3", "CA19-9", "seg 5 and 8", "x10^9", "PIK3CA", "mFOLFOX6"])
def test_a_number_that_is_part_of_a_name(text: str) -> None:
    found = [q for q in read(text) if q.value != 10]
    assert all(q.glued for q in found)


@pytest.mark.parametrize("text", ["一线化疗", "TP53", "90Y", "UGT1A1", "5-FU", "下一个", "一起"])
def test_no_number_inside_a_word(text: str) -> None:
    assert not read(text)


def test_a_list_shares_its_unit() -> None:
    assert [(q.value, q.unit) for q in read("3.1、2.4、1.8cm")] == [(3.1, "cm"), (2.4, "cm"), (1.8, "cm")]
    assert [(q.value, q.unit) for q in read("3.1, 2.4 and 1.8 cm")] == [(3.1, "cm"), (2.4, "cm"), (1.8, "cm")]
    assert [q.unit for q in read("x4, largest 3.2 cm")] == [None, "cm"]


def test_a_minus_sign_is_not_a_dash() -> None:
    assert [q.negative for q in read("最大径：-3cm")] == [True]
    assert [q.negative for q in read("2-3cm")] == [False]
    assert [q.negative for q in read("病灶\n-3枚")] == [False]
