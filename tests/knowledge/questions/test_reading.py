"""Reading a question: whatever is typed is read, and numbers mean what they stand for."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.loading import load_knowledge
from knowledge.models.base import Lang
from knowledge.questions import Questions
from knowledge.questions.figures import reference_numbers, time_points
from knowledge.questions.reading import Reader
from knowledge.questions.tokens import cut
from knowledge.questions.vocabulary import load_vocabulary

READER = Reader(load_knowledge(), load_vocabulary())


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("文献14", (14,)),
        ("参考文献 [14] 讲了什么", (14,)),
        ("第十四号文献", (14,)),
        ("文献二十一", (21,)),
        ("reference no. 22", (22,)),
        ("[21][22]", (21, 22)),
        ("n = 14", ()),
        ("文献2023年", ()),
    ],
)
def test_reference_numbers(text: str, numbers: tuple[int, ...]) -> None:
    assert reference_numbers(text) == numbers


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("5年生存率", [(5, "year")]),
        ("五年生存率", [(5, "year")]),
        ("1、3、5年", [(1, "year"), (3, "year"), (5, "year")]),
        ("1-, 3- and 5-year OS", [(1, "year"), (3, "year"), (5, "year")]),
        ("2到3个月", [(2, "month"), (3, "month")]),
        ("超过5年", []),
        ("more than two years", []),
        ("90Y", []),
    ],
)
def test_time_points(text: str, times: list[tuple[float, str]]) -> None:
    taken = {0, 1} if text == "90Y" else set()
    found, _ = time_points(cut(text), taken)
    assert [(time.value, time.unit) for time in found] == times


@pytest.mark.parametrize(
    ("text", "therapy"),
    [
        ("钇-90", "y90_sirt"),
        ("90-Y", "y90_sirt"),
        ("化療栓塞", "tace"),
        ("chemoembolization", "tace"),
        ("chemoembolisation", "tace"),
        ("SRFA", "stereotactic_rfa"),
        ("立体定向射频消融", "stereotactic_rfa"),
        ("射频消融", "thermal_ablation"),
    ],
)
def test_spellings_of_therapies(text: str, therapy: str) -> None:
    assert READER.read(text).facets.therapies == (therapy,)


def test_unknown_authors_are_seen() -> None:
    assert READER.read("What did Adam et al. report?").strange_authors == ("Adam",)
    assert not READER.read("What did Schullian et al. report?").strange_authors


@settings(max_examples=200, deadline=None)
@given(text=st.text(max_size=200), lang=st.sampled_from(["zh", "en"]))
def test_anything_that_can_be_typed_gets_a_finding(questions: Questions, text: str, lang: Lang) -> None:
    finding = questions.ask(text, lang)
    assert (finding.kind == "decline") == (finding.reason is not None)
    assert bool(finding.statements) == (finding.kind in {"answer", "comparison"})


@settings(max_examples=100, deadline=None)
@given(spaces=st.lists(st.sampled_from([" ", "  ", "\u3000", ""]), min_size=4, max_size=4))
def test_spaces_do_not_matter(questions: Questions, spaces: list[str]) -> None:
    parts = ["SRFA", "后", "5年", "总生存率？"]
    text = "".join(a + b for a, b in zip(parts, spaces, strict=True))
    assert questions.ask(text, "zh").statements == ("srfa-overall-survival",)
