"""The pathway: every rule once, and the patient where the engine says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from knowledge.conditions import holds
from knowledge.engine import evaluate
from knowledge.loading import Knowledge, load_knowledge
from knowledge.models.base import LANGUAGES, Lang
from knowledge.models.facts import FACT_IDS, PatientFacts, literal_values
from knowledge.pictures import pathway
from knowledge.pictures.model import Circle, Picture, Rect, Text
from knowledge.pictures.steps import steps
from knowledge.pictures.svg import to_svg
from knowledge.rendering.base import phrase
from tests.knowledge.pictures.reading import Drawing

NUMBERS: dict[str, st.SearchStrategy[Any]] = {
    "lesion_count": st.integers(1, 200),
    "largest_lesion_cm": st.floats(0, 40, exclude_min=True),
    "local_therapy_failed": st.booleans(),
    "cea_ng_ml": st.floats(0, 200_000),
    "apri": st.floats(0, 100),
    "meld": st.floats(-20, 60),
}
anybody = st.fixed_dictionaries(
    {
        fact: st.none() | (NUMBERS[fact] if fact in NUMBERS else st.sampled_from(literal_values(fact)))
        for fact in FACT_IDS
    }
).map(PatientFacts.model_validate)


@dataclass(frozen=True)
class Frame:
    """A framed box of the drawing with its words."""

    state: str
    words: tuple[str, ...]
    ticked: bool


def frames(picture: Picture) -> list[Frame]:
    """The boxes from top to bottom; those of the legend, which hold no words of their own, are left out."""
    found = []
    for rect in (mark for mark in picture.marks if isinstance(mark, Rect) and mark.radius):
        inside = [
            mark
            for mark in picture.marks
            if isinstance(mark, Text | Circle)
            and rect.x < mark.x < rect.x + rect.width
            and rect.y < mark.y < rect.y + rect.height
        ]
        words = tuple(mark.text for mark in inside if isinstance(mark, Text) and mark.text != "?")
        state = "on" if rect.fill == "own" else "open" if rect.dashed else "off"
        if words:
            found.append(Frame(state, words, any(isinstance(mark, Circle) for mark in inside)))
    return found


def in_state(picture: Picture, state: str) -> set[str]:
    """The headings of the boxes in a state."""
    return {frame.words[0] for frame in frames(picture) if frame.state == state}


def place(**facts: object) -> Picture:
    return pathway.draw(load_knowledge(), "en", PatientFacts.model_validate(facts))


def test_every_rule_has_a_place(kb: Knowledge) -> None:
    found = [box.rule.id for step in steps(kb) for branch in step.branches for box in branch.boxes]
    assert sorted(found) == sorted(rule.id for rule in kb.rules)
    for step in steps(kb):
        for branch in step.branches:
            for box in branch.boxes:
                assert len(box.further) < 3


def test_steps_follow_the_facts(kb: Knowledge) -> None:
    first = [step.facts[0] for step in steps(kb)]
    assert first == sorted(first, key=FACT_IDS.index)
    assert first[0] == "resectability"


@pytest.mark.parametrize(
    ("facts", "on", "open_", "off"),
    [
        (
            {"resectability": "unresectable", "lesion_count": 2, "largest_lesion_cm": 2.5},
            {"Unresectable", "Systemic chemo", "Ablation", "TACE"},
            {"Progressed on", "RAS mutant"},
            {"Resectable", "Hepatectomy", "Neoadjuvant"},
        ),
        ({"resectability": "resectable"}, {"Resectable", "Hepatectomy", "Neoadjuvant"}, {"RAS mutant"}, {"TACE"}),
        ({"resectability": "potentially_resectable"}, {"Potentially", "Conversion"}, set(), {"Unresectable"}),
        (
            {"resection_status": "resected"},
            {"Resected, no", "Adjuvant HAI"},
            {"Resectable", "Unresectable", "Systemic chemo"},
            {"Recurred after", "SRFA"},
        ),
        (
            {"resectability": "resectable", "surgical_risk": "high", "resection_status": "recurred"},
            {"High surgical", "Ablation", "SRFA", "Recurred after"},
            set(),
            {"Resected, no", "Adjuvant HAI"},
        ),
        ({"ras": "mutant"}, {"RAS mutant", "Cetuximab +"}, {"Resectable", "Unresectable"}, set()),
        (
            {
                "resectability": "unresectable",
                "chemotherapy_status": "progressed",
                "extrahepatic_disease": "none",
                "ras": "wild_type",
                "braf": "mutant",
            },
            {"Progressed on", "HAIP", "TACE", "90Y SIRT", "BRAF mutant", "FOLFOXIRI + bev"},
            {"SBRT"},
            {"RAS mutant", "Lung"},
        ),
        ({}, set(), {"Resectable", "Potentially", "Unresectable", "RAS mutant", "BRAF mutant"}, set()),
    ],
)
def test_the_right_branch_is_lit(facts: dict[str, object], on: set[str], open_: set[str], off: set[str]) -> None:
    picture = place(**facts)
    assert in_state(picture, "on") >= on
    assert in_state(picture, "open") >= open_
    assert in_state(picture, "off") >= off
    assert not in_state(picture, "on") & off - {"SRFA", "Ablation", "Hepatectomy", "Conversion"}
    if not facts:
        assert not in_state(picture, "on")


def test_resectable_and_unresectable_patients_stand_on_different_branches() -> None:
    lit = [in_state(place(resectability=value), "on") for value in literal_values("resectability")]
    headings = [{"Resectable"}, {"Potentially"}, {"Unresectable"}]
    for found, own in zip(lit, headings, strict=True):
        assert found & set().union(*headings) == own


TWO_RULES_OF_ONE_THERAPY = PatientFacts(
    resectability="unresectable", surgical_risk="high", lesion_count=2, largest_lesion_cm=2.5
)


@settings(max_examples=80, deadline=None)
@example(facts=TWO_RULES_OF_ONE_THERAPY, lang="en")
@given(facts=anybody, lang=st.sampled_from(LANGUAGES))
def test_any_patient_stands_where_the_engine_says(facts: PatientFacts, lang: Lang) -> None:
    kb = load_knowledge()
    picture = pathway.draw(kb, lang, facts)
    Drawing(to_svg(picture))
    found = evaluate(kb, facts)
    stances = {o.id: phrase(f"base.{o.stance}", lang) for o in found.options}
    boxes = [box for step in steps(kb) for branch in step.branches for box in branch.boxes]
    states = {True: "on", None: "open", False: "off"}
    drawn = [frame for frame in frames(picture) if " · " in " ".join(frame.words)]
    assert len(drawn) == len(boxes)
    for box, frame, row in zip(boxes, drawn, picture.table.rows, strict=True):
        truth = holds(box.rule.when, facts.known())
        assert frame.state == states[truth]
        assert frame.ticked is (truth is True)
        assert kb.therapies[box.rule.therapy].name[lang] == row.cells[0]
        if truth:
            assert stances[box.rule.therapy] == row.cells[1]
            assert any(line.startswith(f"{row.cells[1]} · ") for line in frame.words)
    lit = {box.rule.therapy for box, frame in zip(boxes, drawn, strict=True) if frame.state == "on"}
    assert lit == set(stances)
    drawn_words = "".join(mark.text for mark in picture.marks if isinstance(mark, Text)).replace(" ", "")
    for entry in kb.contradictions:
        assert (entry.text[lang].replace(" ", "") in drawn_words) is (entry.id in found.contradictions)


def test_open_facts_are_named() -> None:
    (cetuximab,) = (
        frame
        for frame in frames(place(resectability="unresectable", braf="wild_type"))
        if frame.words[0] == "Cetuximab +" and frame.state == "open" and "Option" in " ".join(frame.words)
    )
    assert cetuximab.words[-1] == "open: RAS"


def test_without_a_patient_nothing_is_lit(kb: Knowledge) -> None:
    for lang in LANGUAGES:
        picture = pathway.draw(kb, lang)
        assert {frame.state for frame in frames(picture)} == {"off"}
        assert not any(isinstance(mark, Text) and mark.text == "?" for mark in picture.marks)
        assert len(picture.table.columns) == 4


def test_a_patient_of_whom_nothing_is_known_is_not_the_same_as_no_patient(kb: Knowledge) -> None:
    picture = pathway.draw(kb, "en", PatientFacts())
    assert "nothing is known yet" in picture.alt
    assert {frame.state for frame in frames(picture)} == {"open"}
