"""Long answers in pieces."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.splitting import Measure, characters, split, utf8, utf16
from knowledge.loading import load_knowledge

WHOLE = [
    r"\[\d+\](?:\[\d+\])*",
    r"（\d[\d.]*/\d+）",
    r"〔[^〕]+〕",
    r"\d+(?:\.\d+)?(?:–\d+(?:\.\d+)?)? ?(?:%|cm|mm|Gy10|Gy)",
    r"P ?[=<] ?0\.\d+",
    r"10\.\d{4}/[\w./()-]+",
]
"""What must not be torn apart."""


def texts() -> list[str]:
    kb = load_knowledge()
    said = [getattr(statement.text, lang) for statement in kb.statements.values() for lang in ("zh", "en")]
    return ["\n".join(said), "".join(said), " ".join(said)]


def normal(text: str) -> str:
    return re.sub(r"\s+", "", text)


@pytest.mark.parametrize(("measure", "limit"), [(characters, 300), (utf8, 2048), (utf8, 200), (utf16, 120)])
@pytest.mark.parametrize("text", texts(), ids=["lines", "one line", "one paragraph"])
def test_statements_stay_whole_where_it_matters(text: str, measure: Measure, limit: int) -> None:
    pieces = split(text, limit, measure)
    assert len(pieces) > 5
    assert all(0 < measure(piece) <= limit for piece in pieces)
    assert normal("".join(pieces)) == normal(text)
    whole = [found.group() for pattern in WHOLE for found in re.finditer(pattern, text)]
    assert len(whole) > 50
    joined = "\x00".join(pieces)
    for pattern in WHOLE:
        assert len(re.findall(pattern, joined)) == len(re.findall(pattern, text)), pattern
    assert not [piece for piece in pieces[1:] if re.match(r"\[\d|（\d[\d.]*/|[，。；：、）％%]", piece)]


def test_it_ends_at_lines_where_it_can() -> None:
    text = "\n".join(f"{number}. a line of some length" for number in range(40))
    for piece in split(text, 200):
        assert all(line.endswith("length") for line in piece.splitlines())


def test_it_ends_at_sentences_where_lines_are_long() -> None:
    text = "前期消融后五年总生存率为64%，延迟消融为59%（P=0.49）[21]（3.3/2）。" * 30
    assert all(piece.endswith("。") for piece in split(text, 300, utf8))


def test_a_short_text_is_one_piece() -> None:
    assert split("short", 10) == ["short"]
    assert split("", 10) == []


@pytest.mark.parametrize("cluster", ["👩🏽‍⚕️", "⚠️", "é", "𠮷"])
@pytest.mark.parametrize("measure", [characters, utf8, utf16])
def test_characters_of_several_code_points_stay_whole(cluster: str, measure: Measure) -> None:
    for piece in split(cluster * 40, 41, measure):
        assert normal(piece).replace(cluster, "") == ""


def test_what_is_too_long_by_itself_is_cut_between_characters() -> None:
    pieces = split("x" * 5000, 2048, utf8)
    assert [len(piece) for piece in pieces] == [2048, 2048, 904]
    assert split("👩🏽‍⚕️", 1, characters)


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=400), st.integers(12, 80))
def test_nothing_is_lost_and_every_piece_fits(text: str, limit: int) -> None:
    for measure in (characters, utf8, utf16):
        pieces = split(text, limit, measure)
        assert normal("".join(pieces)) == normal(text)
        assert all(measure(piece) <= limit for piece in pieces)
        assert all(unicodedata.category(piece[0]) != "Cs" for piece in pieces)


def test_long_texts_are_split_in_no_time() -> None:
    import time

    began = time.perf_counter()
    split("肝转移 [1] 2.5 cm；" * 5000, 2048, utf8)
    split("a" * 50_000, 2048, utf8)
    assert time.perf_counter() - began < 5
