"""Slips in long words of the lexicon."""

from __future__ import annotations

import pytest

from knowledge.nlu.spelling import Spelling

VOCABULARY = ("unresectable", "resectable", "metastases", "synchronous", "lesion", "short")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("unresctable", "unresectable"),
        ("resectabel", "resectable"),
        ("metastasis", "metastases"),
        ("metastaases", "metastases"),
        ("synchronus", "synchronous"),
        ("zynchronous", None),
        ("shorrt", None),
        ("nresectable", None),
        ("x" * 40, None),
        ("", None),
    ],
)
def test_one_slip_is_put_right(typed: str, meant: str | None) -> None:
    assert Spelling(VOCABULARY).correct(typed) == meant
