"""One way of writing, and the way back to the text as it was typed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.nlu.text import normalise


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("３枚，２．５ｃｍ", "3枚,2.5cm"),
        ("肝轉移灶無法切除", "肝转移灶无法切除"),
        ("naïve", "naive"),
        ("µg/L μg/L ㎍", "ug/L ug/L ug"),
        ("3–4", "3-4"),
        ("3—4", "3-4"),
        ("small—all resectable", "small;all resectable"),
        ("210×10⁹/L", "210×10^9/L"),
        ("②3枚", "(2)3枚"),
        ("⒈3枚", "1. 3枚"),
        ("㎝ ㎜", "cm mm"),
        ("a\u200bb\ufeffc\u202ed\x07", "abcd"),
        ("a \t\u3000 b", "a b"),
        ("a \r\n b", "a\n\nb"),
        ("≧3 ⩽4 〜", "≥3 ≤4 ~"),
    ],
)
def test_ways_of_writing_meet(typed: str, plain: str) -> None:
    assert normalise(typed).text == plain


def test_a_span_leads_back_to_what_was_typed() -> None:
    typed = "患者\u200b：肝轉移３個"
    source = normalise(typed)
    start = source.text.index("3")
    assert typed[slice(*source.span(start, start + 2))] == "３個"


@given(st.text(max_size=300))
def test_every_character_has_a_place(typed: str) -> None:
    source = normalise(typed)
    for index in range(len(source.text)):
        start, end = source.span(index, index + 1)
        assert 0 <= start < end <= len(typed)
    assert source.span(len(source.text), len(source.text)) == (len(typed), len(typed))


@given(st.text(max_size=300))
def test_what_is_plain_stays_as_it_is(typed: str) -> None:
    plain = normalise(typed).text
    assert normalise(plain).text == plain
