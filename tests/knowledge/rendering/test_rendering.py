"""Messages: text that suffices alone, in the order a clinician reads it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from string import Formatter
from typing import Any

import pytest

from knowledge.consultation import apply_mentions, what_if
from knowledge.engine import evaluate
from knowledge.loading import Knowledge
from knowledge.models.base import LANGUAGES, Lang
from knowledge.models.case import Case, CaseUpdate
from knowledge.models.facts import FACT_IDS, PatientFacts
from knowledge.models.messages import Reply
from knowledge.models.understanding import FactMention
from knowledge.rendering import decline, explain, facts, options, question, summary, welcome
from knowledge.rendering.base import _phrases, note_lines, phrase, statement_line

CASE = Case(
    facts=PatientFacts(
        resectability="unresectable",
        lesion_count=2,
        largest_lesion_cm=4,
        ras="mutant",
        chemotherapy_status="progressed",
        extrahepatic_disease="none",
    )
)
TODAY = date(2026, 1, 31)


def replies(kb: Knowledge, lang: Lang) -> Iterator[Reply]:
    """One of every kind."""
    yield from (welcome.greeting(lang), welcome.help_text(lang), welcome.disclaimer(lang), welcome.goodbye(lang))
    yield from (welcome.returning(kb, CASE, lang), welcome.continued(kb, CASE, lang), welcome.new_patient(kb, lang))
    for fact in FACT_IDS:
        yield question.ask(kb, Case(), fact, lang)
        yield question.why_asked(kb, Case(), fact, lang)
    yield from (options.show(kb, CASE, lang), options.more(kb, CASE, lang), options.show(kb, Case(), lang))
    yield from (summary.show(kb, CASE, lang, TODAY), facts.case_so_far(kb, CASE, lang))
    yield explain.why(kb, CASE, list(kb.therapies), lang)
    wild = [
        FactMention(fact=gene, value="wild_type", start=0, end=1, text="x", asserted=False) for gene in ("ras", "braf")
    ]
    yield explain.what_if(kb, CASE, what_if(CASE, wild), lang)
    yield from (
        decline.not_understood(kb, lang),
        decline.failed(kb, lang, "x"),
        decline.unavailable(kb, lang, "x"),
        decline.out_of_scope(kb, lang),
    )


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_message_is_empty_or_has_a_blank_line(kb: Knowledge, lang: Lang) -> None:
    """A blank line would make Rasa split the message in two."""
    for reply in replies(kb, lang):
        assert reply.text.strip()
        assert "\n\n" not in reply.text
        assert "text" not in (reply.payload() or {})


@pytest.mark.parametrize("lang", LANGUAGES)
def test_each_language_is_spoken_alone(kb: Knowledge, lang: Lang) -> None:
    for reply in replies(kb, lang):
        chinese = re.findall(r"[\u4e00-\u9fff]", reply.text)
        if lang == "en":
            assert set(chinese) <= set("中文")
        else:
            assert chinese


def test_phrases_have_the_same_placeholders_in_both_languages() -> None:
    for key, text in _phrases().items():
        names = [{name for _, name, _, _ in Formatter().parse(text[lang]) if name} for lang in LANGUAGES]
        assert names[0] == names[1], key


def test_a_phrase_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(KeyError):
        phrase("base.nonsense", "en")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_buttons_fit_the_smallest_platform_and_say_what_they_do(kb: Knowledge, lang: Lang) -> None:
    for reply in replies(kb, lang):
        for button in reply.buttons:
            assert len(button.payload.encode()) <= 64
            assert not button.payload.startswith("/")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_options_begin_with_the_answer_and_warn_before_the_option(kb: Knowledge, lang: Lang) -> None:
    reply = options.show(kb, CASE, lang)
    rows = reply.text.split("\n")
    assert rows[0].startswith(phrase("base.preferred", lang))
    assert phrase("base.not_recommended", lang) in rows[0]
    sbrt = kb.therapies["sbrt"].short[lang]
    warning = next(i for i, row in enumerate(rows) if row.startswith(f"⚠ {sbrt}"))
    option = next(i for i, row in enumerate(rows) if row.startswith((f"【可选】{sbrt}", f"[Option] {sbrt}")))
    assert warning < option
    assert len(rows) <= 40


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_editors_note_travels_with_its_statement(kb: Knowledge, lang: Lang) -> None:
    """Wherever a statement with a note is shown, the note is shown too; more shows it in full."""
    full = options.more(kb, CASE, lang).text
    short = options.show(kb, CASE, lang).text
    shown = 0
    for statement in kb.statements.values():
        if statement.kind == "editor_note":
            continue
        for note in kb.notes_for([statement.id]):
            for text, line in ((full, statement.text[lang]), (short, statement.short[lang])):
                if line.rstrip("。.") in text:
                    shown += 1
                    assert note.id in text
            if statement.text[lang].rstrip("。.") in full:
                assert note.text[lang] in full
    assert shown > 3
    assert note_lines(kb, ["mwa-sbrt-trial"], lang)[0].startswith(("编者注 N3", "Editor's note N3"))


def test_citations_and_place_follow_the_statement(kb: Knowledge) -> None:
    line = statement_line(kb, "srfa-overall-survival", "en")
    assert "[22] (3.3/3)" in line
    assert "N4" in line or not kb.notes_for(["srfa-overall-survival"])


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_option_in_full_names_its_citations(kb: Knowledge, lang: Lang) -> None:
    text = options.more(kb, CASE, lang).text
    for option in evaluate(kb, CASE.facts).options:
        assert all(f"[{number}]" in text for number in option.citations)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_disclaimer_opens_a_conversation_and_closes_a_summary(kb: Knowledge, lang: Lang) -> None:
    said = phrase("base.disclaimer", lang)
    assert said in welcome.greeting(lang).text
    assert said in welcome.disclaimer(lang).text
    assert summary.show(kb, CASE, lang, TODAY).text.endswith(said)
    assert TODAY.isoformat() in summary.show(kb, CASE, lang, TODAY).text


def test_a_question_lists_numbered_answers_and_unknown(kb: Knowledge) -> None:
    rows = question.ask(kb, Case(), "ras", "en").text.split("\n")
    assert rows[1:4] == ["1. RAS wild type", "2. RAS mutant", "3. Unknown"]


def test_why_do_you_ask_tells_what_each_answer_would_change(kb: Knowledge) -> None:
    case = Case(facts=PatientFacts(resectability="unresectable", lesion_count=2))
    text = question.why_asked(kb, case, "largest_lesion_cm", "en").text
    assert "Largest lesion < 3: " in text
    assert "Largest lesion 3–5: " in text
    ras = question.why_asked(kb, case, "ras", "en").text
    assert "(Not recommended)" in ras


def changed(case: Case, **facts: object) -> CaseUpdate:
    mentions = [
        FactMention.model_validate({"fact": f, "value": v, "start": 0, "end": 1, "text": "x"}) for f, v in facts.items()
    ]
    return apply_mentions(case, mentions)


def test_a_correction_is_shown_as_old_and_new(kb: Knowledge) -> None:
    reply = facts.case_changed(kb, changed(CASE, lesion_count=3), "en")
    assert reply.text == "Corrected: lesions: 2 → lesions: 3"
    assert reply.payload() == {
        "kind": "facts",
        "lang": "en",
        "knowledge_version": kb.version,
        "facts": {**CASE.facts.known(), "lesion_count": 3},
        "changed": {"lesion_count": 3},
        "words": {"lesion_count": "x"},
    }


def test_a_contradiction_is_named_when_it_arises(kb: Knowledge) -> None:
    reply = facts.case_changed(kb, changed(Case(), resectability="resectable", liver_reserve="inadequate"), "en")
    assert "⚠ Contradiction" in reply.text


def test_an_impossible_value_is_quoted_and_not_taken(kb: Knowledge) -> None:
    mention = FactMention(fact="lesion_count", status="implausible", start=0, end=5, text="400 枚")
    reply = facts.case_changed(kb, apply_mentions(Case(), [mention]), "zh")
    assert "“400 枚”" in reply.text
    assert reply.payload() is not None
    assert reply.payload()["facts"] == {}  # type: ignore[index]


@pytest.mark.parametrize(
    ("mention", "said"),
    [
        ({"text": "biggest is 3.1"}, "exact value with its unit"),
        ({"text": "under 5 cm", "high": 5}, "only a range"),
    ],
)
def test_a_range_and_a_number_without_a_unit_are_asked_about_each_in_its_way(
    kb: Knowledge, mention: dict[str, Any], said: str
) -> None:
    read = FactMention(fact="largest_lesion_cm", status="bound", start=0, end=5, **mention)
    assert said in facts.case_changed(kb, apply_mentions(Case(), [read]), "en").text


@pytest.mark.parametrize(("lang", "said"), [("zh", "请说明整体情况"), ("en", "how it is as a whole")])
def test_a_fact_with_choices_is_not_asked_for_in_units(kb: Knowledge, lang: Lang, said: str) -> None:
    read = FactMention(fact="extrahepatic_disease", status="bound", start=0, end=5, text="lungs")
    reply = facts.case_changed(kb, apply_mentions(Case(), [read]), lang)
    assert said in reply.text
    assert "“lungs”" in reply.text or '"lungs"' in reply.text


def test_new_options_say_what_changed(kb: Knowledge) -> None:
    before = CASE.facts.with_facts({"ras": None})
    reply = options.show(kb, CASE, "en", previous=before)
    assert "Compared with before: added Cetuximab + chemo (Not recommended)" in reply.text
    payload = reply.payload()
    assert payload is not None
    assert payload["change"] in reply.text.split("\n")
    assert options.show(kb, CASE, "en").payload()["change"] is None  # type: ignore[index]


def test_why_not_names_the_fact_that_speaks_against_it(kb: Knowledge) -> None:
    text = explain.why(kb, CASE, ["hepatectomy"], "en").text
    assert "not among the options" in text
    assert "unresectable" in text


@pytest.mark.parametrize(("lang", "said"), [("zh", "“x”只给出了范围"), ("en", "gives only a range")])
def test_a_range_cannot_be_supposed_and_is_asked_about(kb: Knowledge, lang: Lang, said: str) -> None:
    size = FactMention(fact="largest_lesion_cm", status="bound", low=3.0, start=0, end=1, text="x", asserted=False)
    gene = FactMention(fact="ras", value="wild_type", start=0, end=1, text="y", asserted=False)
    assert said in explain.what_if(kb, CASE, what_if(CASE, [size]), lang).text
    both = explain.what_if(kb, CASE, what_if(CASE, [size, gene]), lang).text.splitlines()
    assert "RAS" in both[0]
    assert said in both[-1]


def test_a_supposition_leaves_the_case_alone(kb: Knowledge) -> None:
    mention = FactMention(fact="ras", value="wild_type", start=0, end=1, text="x", asserted=False)
    reply = explain.what_if(kb, CASE, what_if(CASE, [mention]), "en")
    assert reply.text.startswith("If RAS wild type (supposed, the case is not changed): ")
    assert CASE.facts.ras == "mutant"
