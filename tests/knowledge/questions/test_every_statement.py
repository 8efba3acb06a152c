"""What must hold for every statement, reference, therapy and time point, not for samples."""

from __future__ import annotations

import itertools

import pytest

from knowledge.loading import Knowledge, load_knowledge
from knowledge.models.base import LANGUAGES, Lang
from knowledge.models.statements import Statement
from knowledge.questions import Questions
from knowledge.questions.vocabulary import load_vocabulary

STATEMENTS = [s for s in load_knowledge().statements.values() if s.kind != "editor_note"]
FIGURES = [s for s in STATEMENTS if s.results]
THERAPIES = list(load_knowledge().therapies)
TIMED = ("overall_survival", "disease_free_survival", "progression_free_survival")
OWN_FLOOR = 0.98
EVERY = 10
"""Each so-many-th wording of a statement is asked: there are some thirty in each language."""


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_questions_of_a_statement_lead_to_it(questions: Questions, lang: Lang) -> None:
    asked = [(text, s.id) for s in STATEMENTS for text in getattr(s.questions, lang)[::EVERY]]
    misses = [f"{id_}: {text}" for text, id_ in asked if id_ not in questions.ask(text, lang).statements]
    assert 1 - len(misses) / len(asked) >= OWN_FLOOR, "\n".join(misses)


@pytest.mark.parametrize("statement", FIGURES, ids=lambda s: s.id)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_figure_can_be_asked_for(kb: Knowledge, questions: Questions, statement: Statement, lang: Lang) -> None:
    names = {concept.id: concept.name[lang] for concept in load_vocabulary().concepts}
    for result in statement.results:
        source = f"[{statement.citations[0]}] " if statement.citations else ""
        subject = kb.therapies[statement.therapies[0]].short[lang] if statement.therapies else ""
        arm = result.arm[lang] if result.arm else (statement.short[lang] if not subject else "")
        asked = f"{source}{subject} {arm} {names[result.measure]}"
        given = [
            r
            for text in (f"{asked}?", f"{asked} {statement.short[lang]}?")
            for id_ in questions.ask(text, lang).statements
            for r in kb.statements[id_].results
        ]
        assert any(r.measure == result.measure and r.value == result.value for r in given), (asked, result)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("number", range(1, 30))
def test_every_reference_can_be_asked_for(questions: Questions, number: int, lang: Lang) -> None:
    chinese, english = (
        (f"文献{number}", f"第{number}号文献是哪篇？"),
        (f"reference {number}", f"[{number}]", f"Show me reference {number}."),
    )
    for text in chinese if lang == "zh" else english:
        finding = questions.ask(text, lang)
        assert (finding.kind, finding.citations) == ("reference", (number,))


@pytest.mark.parametrize("pair", itertools.combinations(THERAPIES, 2), ids=" and ".join)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_two_therapies_can_be_compared(
    kb: Knowledge, questions: Questions, pair: tuple[str, str], lang: Lang
) -> None:
    first, second = (kb.therapies[therapy].name[lang] for therapy in pair)
    finding = questions.ask(f"{first} 和 {second} 相比如何" if lang == "zh" else f"{first} versus {second}", lang)
    assert finding.kind == "comparison"
    assert set(pair) <= set(finding.therapies)
    for id_ in finding.statements:
        named = kb.statements[id_].therapies
        assert set(pair) & {*named, *(kb.therapies[therapy].parent for therapy in named)}, id_


@pytest.mark.parametrize("therapy", THERAPIES)
@pytest.mark.parametrize("measure", TIMED)
@pytest.mark.parametrize("years", [2, 4, 7, 10, 20])
def test_time_points_the_review_lacks_are_declined(
    kb: Knowledge, questions: Questions, therapy: str, measure: str, years: int
) -> None:
    names = {concept.id: concept.name for concept in load_vocabulary().concepts}
    for lang in LANGUAGES:
        subject, what = kb.therapies[therapy].name[lang], names[measure][lang]
        text = f"{subject} {years}年{what}是多少" if lang == "zh" else f"{years}-year {what} with {subject}"
        finding = questions.ask(text, lang)
        assert (finding.kind, finding.reason) == ("decline", "not_in_review"), (text, finding)


def test_the_time_points_there_are_get_named(questions: Questions) -> None:
    absent = questions.ask("SRFA 10年总生存率", "zh").absent
    assert absent is not None
    assert [name.en for name in absent.available] == ["1 year", "3 years", "5 years"]


def test_absent_subjects_occur_in_no_statement(kb: Knowledge, questions: Questions) -> None:
    """A subject the review does deal with must not be called absent: no statement may speak of one."""
    for statement in STATEMENTS:
        for lang in LANGUAGES:
            for text in (statement.text[lang], *getattr(statement.questions, lang)):
                assert not questions.absent_subjects(text), (statement.id, text)


def test_nearest_statements_exist(kb: Knowledge) -> None:
    named = {id_ for subject in load_vocabulary().absent for id_ in subject.nearest}
    assert named <= set(kb.statements)


def test_vocabulary_has_both_languages_and_no_loose_ends(kb: Knowledge) -> None:
    vocabulary = load_vocabulary()
    known = {concept.id for concept in vocabulary.concepts} | set(kb.therapies)
    signals = {signal.id for signal in vocabulary.signals}
    for entry in (*vocabulary.concepts, *vocabulary.signals, *vocabulary.absent):
        assert entry.terms.zh, entry.id
        assert entry.terms.en, entry.id
    for concept in vocabulary.concepts:
        assert set(concept.includes) <= known, concept.id
    for subject in vocabulary.absent:
        assert {*subject.only_with, *subject.unless} <= known | signals, subject.id
