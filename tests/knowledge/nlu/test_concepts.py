"""What a message names."""

from __future__ import annotations

import pytest

from knowledge.nlu.concepts import find_concepts
from knowledge.nlu.language import detect


@pytest.mark.parametrize(
    ("text", "therapies"),
    [
        ("why SBRT and not ablation?", ("sbrt", "thermal_ablation")),
        ("比较TACE和HAIP", ("tace", "haip")),
        ("立体定向射频消融的并发症", ("stereotactic_rfa",)),
        ("FOLFOXIRI plus bevacizumab", ("folfoxiri_bevacizumab",)),
        ("adjuvant HAI after resection", ("adjuvant_hai", "hepatectomy")),
        ("90Y 阈值", ("y90_sirt",)),
        ("a surge of haitian hats", ()),
        ("chemoembolisation", ("tace",)),
    ],
)
def test_therapies_by_their_longest_name(text: str, therapies: tuple[str, ...]) -> None:
    assert find_concepts(text).therapies == therapies


@pytest.mark.parametrize(
    "text", ["文献14", "参考文献 [14]", "show reference 14", "ref 14", "citation 14", "第14篇文献", "[14]"]
)
def test_reference_numbers(text: str) -> None:
    assert find_concepts(text).references == (14,)


@pytest.mark.parametrize(
    ("text", "question", "hypothetical"),
    [
        ("不可切除，3枚", False, False),
        ("能用西妥昔单抗吗", True, False),
        ("Is it resectable?", True, False),
        ("patient who has 3 lesions", False, False),
        ("如果RAS突变呢", True, True),
        ("suppose RAS is mutant", False, True),
    ],
)
def test_asking_and_supposing(text: str, question: bool, hypothetical: bool) -> None:
    found = find_concepts(text)
    assert (found.question, found.hypothetical) == (question, hypothetical)


def test_named_facts_in_order() -> None:
    assert find_concepts("forget the CEA and RAS").facts == ("cea_ng_ml", "ras")


@pytest.mark.parametrize(
    ("text", "fallback", "expected"),
    [
        ("不可切除", None, "zh"),
        ("KRAS G12D 突变", "en", "zh"),
        ("hello", "zh", "en"),
        ("3", "zh", "zh"),
        ("PD", "zh", "zh"),
        ("", None, "en"),
    ],
)
def test_language(text: str, fallback: str | None, expected: str) -> None:
    assert detect(text, fallback) == expected  # type: ignore[arg-type]
