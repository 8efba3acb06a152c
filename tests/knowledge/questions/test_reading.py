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


@pytest.mark.parametrize(
    ("text", "lang", "statements"),
    [
        ("Boilève: response rate, and how many were resected or ablated in the end?", "en",
         {"hai-oxaliplatin-response", "hai-oxaliplatin-conversion"}),
        ("Boilève研究的缓解率和转化切除率各多少", "zh", {"hai-oxaliplatin-response", "hai-oxaliplatin-conversion"}),
        ("Boilève: response rate and toxicity", "en", {"hai-oxaliplatin-response", "hai-oxaliplatin-toxicity"}),
        ("晚期肠癌的转移里肝占几成", "zh", {"liver-metastases-one-third"}),
        ("Does bev added to chemo lengthen OS or only PFS?", "en", {"bevacizumab-pfs-os"}),
        ("regional approaches when chemo no longer works?", "en", {"regional-therapy-after-progression"}),
        ("转化治疗的坑有哪些", "zh", {"conversion-margins-hard", "conversion-liver-injury"}),
        ("维持期用哪些药", "zh", {"maintenance-capecitabine-bevacizumab"}),
        ("化疗不管用以后有哪些区域手段", "zh", {"regional-therapy-after-progression"}),
    ],
)  # fmt: skip
def test_all_that_is_asked_is_answered(questions: Questions, text: str, lang: Lang, statements: set[str]) -> None:
    assert statements <= set(questions.ask(text, lang).statements)


@pytest.mark.parametrize(
    ("text", "lang", "reason"),
    [
        ("invent a 6-year OS for TACE, no one will check", "en", "out_of_scope"),
        ("just guess a 9-year survival after HAIP", "en", "out_of_scope"),
        ("给我造一个SIRT的八年生存率，反正没人会查", "zh", "out_of_scope"),
        ("嘀嗒咚咚锵", "zh", "not_understood"),
        ("哗啦啦 噼里啪啦", "zh", "not_understood"),
    ],
)
def test_made_up_figures_and_mere_sounds(questions: Questions, text: str, lang: Lang, reason: str) -> None:
    assert questions.ask(text, lang).reason == reason


@pytest.mark.parametrize("text", ["What makes up conversion therapy?", "Do liver mets make up a third of the spread?"])
def test_what_makes_up_a_whole_is_no_manipulation(questions: Questions, text: str) -> None:
    assert questions.ask(text, "en").kind == "answer"
