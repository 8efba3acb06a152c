"""Each action by itself: what it says and which events it returns."""

from __future__ import annotations

from typing import Any

import pytest
from made_up import fact

from actions.answer import ActionAnswer, ActionOutOfScope
from actions.case import ActionValidateSlotMappings
from actions.conversation import (
    ActionGoodbye,
    ActionGreet,
    ActionHelp,
    ActionNotUnderstood,
    ActionSetLanguage,
    ActionThanks,
)
from actions.explain import ActionWhatIf, ActionWhyOption
from actions.intake import ActionBeginIntake, ValidateIntakeForm
from actions.options import ActionMore, ActionShowOptions
from actions.question import ASK_ACTIONS, ActionWhyAsked
from actions.session import ActionSessionStart
from actions.summary import ActionShowFacts, ActionSummary
from knowledge.models.case import Case
from knowledge.models.facts import FACT_IDS

RAS = fact("ras", "mutant", "RAS突变")
KNOWN = {"resectability": "unresectable", "lesion_count": 2, "largest_lesion_cm": 2.0}


class TestFacts:
    """The one place where facts change."""

    def test_new(self, run: Any) -> None:
        outcome = run(ActionValidateSlotMappings(), entities=[RAS])
        assert outcome.slots == {"ras": "mutant", "fact_words": {"ras": "RAS突变"}}
        assert outcome.kinds == ["facts"]

    def test_the_same_again(self, run: Any) -> None:
        outcome = run(ActionValidateSlotMappings(), entities=[RAS], ras="mutant", fact_words={"ras": "RAS突变"})
        assert outcome.slots == {}
        assert outcome.messages == []

    def test_corrected(self, run: Any) -> None:
        outcome = run(ActionValidateSlotMappings(), entities=[RAS], ras="wild_type")
        assert outcome.slots["ras"] == "mutant"
        assert outcome.messages[0]["custom"]["changed"] == {"ras": "mutant"}

    @pytest.mark.parametrize("intent", ["ask", "what_if", "compare"])
    def test_supposed_or_asked_about(self, run: Any, intent: str) -> None:
        outcome = run(ActionValidateSlotMappings(), intent, entities=[{**RAS, "asserted": False}])
        assert outcome.slots == {}
        assert outcome.messages == []

    def test_a_supposition_changes_nothing_however_it_reads(self, run: Any) -> None:
        assert run(ActionValidateSlotMappings(), "what_if", entities=[RAS]).slots == {}

    @pytest.mark.parametrize("intent", ["ask", "summary", "greet", "why_option", "enough"])
    def test_volunteered_with_anything(self, run: Any, intent: str) -> None:
        assert run(ActionValidateSlotMappings(), intent, entities=[RAS]).slots["ras"] == "mutant"

    def test_impossible(self, run: Any) -> None:
        entity = fact("lesion_count", None, "400个", status="implausible")
        outcome = run(ActionValidateSlotMappings(), entities=[entity])
        assert outcome.slots == {"pending": "lesion_count"}
        assert "400个" in outcome.messages[0]["text"]

    def test_impossible_leaves_the_old_value(self, run: Any) -> None:
        entity = fact("lesion_count", None, "400个", status="implausible")
        assert run(ActionValidateSlotMappings(), entities=[entity], **KNOWN).slots == {}

    def test_a_number_in_the_place_of_a_known_one_needs_no_unit(self, run: Any) -> None:
        entity = fact("largest_lesion_cm", None, "biggest is 3.1", status="bound")
        known, text = {**KNOWN, "largest_lesion_cm": 2.5}, "sorry biggest is 3.1 not 2.5"
        said = run(ActionValidateSlotMappings(), text=text, entities=[entity], **known)
        assert said.slots["largest_lesion_cm"] == 3.1
        other = {**entity, "entity": "lesion_count"}
        assert run(ActionValidateSlotMappings(), text=text, entities=[other], **known).slots.get("lesion_count") is None

    def test_pending_result(self, run: Any) -> None:
        entity = fact("ras", None, "RAS待查", status="unknown")
        assert run(ActionValidateSlotMappings(), entities=[entity]).slots == {"unknown_facts": ["ras"]}

    def test_answer_to_the_question(self, run: Any) -> None:
        outcome = run(ActionValidateSlotMappings(), text="3", asking="lesion_count")
        assert outcome.slots["lesion_count"] == 3

    def test_no_question_no_answer(self, run: Any) -> None:
        assert run(ActionValidateSlotMappings(), text="3").slots == {}

    def test_unknown(self, run: Any) -> None:
        outcome = run(ActionValidateSlotMappings(), text="不清楚", asking="ras")
        assert outcome.slots == {"unknown_facts": ["ras"]}

    def test_withdrawn(self, run: Any) -> None:
        entity = {"entity": "fact", "value": "ras"}
        outcome = run(ActionValidateSlotMappings(), "withdraw", entities=[entity], ras="mutant")
        assert outcome.slots == {"ras": None}
        assert outcome.messages[0]["custom"]["changed"] == {"ras": None}

    def test_nothing_to_withdraw(self, run: Any) -> None:
        outcome = run(ActionValidateSlotMappings(), "withdraw", entities=[{"entity": "fact", "value": "ras"}])
        assert outcome.slots == {}
        assert outcome.kinds == ["facts"]

    def test_undo(self, run: Any) -> None:
        before = [
            {"event": "slot", "name": "ras", "value": "mutant"},
            {"event": "user", "text": "…"},
            {"event": "slot", "name": "braf", "value": "mutant"},
        ]
        outcome = run(ActionValidateSlotMappings(), "withdraw", before=before, ras="mutant", braf="mutant")
        assert outcome.slots == {"braf": None}

    def test_new_patient(self, run: Any) -> None:
        slots = {"asking_stopped": True, "shown": {"ras": "mutant"}, "previous_case": {"facts": {"ras": "mutant"}}}
        outcome = run(ActionValidateSlotMappings(), "new_patient", entities=[RAS], **KNOWN, **slots)
        assert outcome.slots == {
            **dict.fromkeys([*KNOWN, *slots]),
            "ras": "mutant",
            "fact_words": {"ras": "RAS突变"},
        }
        assert outcome.kinds == ["facts", "facts"]

    def test_read_only_once(self, run: Any) -> None:
        since = [{"event": "active_loop", "name": "intake_form"}]
        outcome = run(ActionValidateSlotMappings(), entities=[RAS], since=since)
        assert outcome.slots == {}
        assert outcome.messages == []

    @pytest.mark.parametrize(("slots", "language"), [({}, "en"), ({"language_chosen": True}, "zh")])
    def test_language(self, run: Any, slots: dict[str, Any], language: str) -> None:
        outcome = run(ActionValidateSlotMappings(), "ask", text="what is conversion therapy", **slots)
        assert outcome.slots.get("language", "zh") == language

    def test_language_that_is_not_named_is_the_other_one(self, run: Any) -> None:
        outcome = run(ActionValidateSlotMappings(), "set_language", text="换语言")
        assert outcome.slots == {"language": "en", "language_chosen": True}


class TestIntake:
    """What belongs to the intake, and what is asked next."""

    def test_an_answer_goes_on(self, run: Any) -> None:
        outcome = run(ValidateIntakeForm(), entities=[RAS], asking="ras", **KNOWN)
        assert outcome.names == []
        assert outcome.slots["requested_slot"] in FACT_IDS
        assert len(outcome.slots) > 1, "Rasa would reject the form"

    @pytest.mark.parametrize("intent", ["ask", "why_option", "greet", "summary", "nlu_fallback", "inform"])
    def test_anything_else_is_for_the_rules(self, run: Any, intent: str) -> None:
        assert run(ValidateIntakeForm(), intent, asking="ras").names == ["action_execution_rejected intake_form"]

    def test_unknown_is_an_answer(self, run: Any) -> None:
        since = [{"event": "slot", "name": "unknown_facts", "value": ["ras"]}]
        assert run(ValidateIntakeForm(), asking="ras", since=since, unknown_facts=["ras"], **KNOWN).names == []

    @pytest.mark.parametrize("intent", ["ask", "greet", "nlu_fallback"])
    def test_after_a_digression_the_same_question_stands(self, run: Any, intent: str) -> None:
        since = [{"event": "action", "name": "action_answer"}]
        outcome = run(ValidateIntakeForm(), intent, asking="meld", since=since)
        assert outcome.slots["requested_slot"] == "meld"

    def test_enough_ends_it(self, run: Any) -> None:
        outcome = run(ValidateIntakeForm(), "enough", asking="ras", asking_stopped=True)
        assert outcome.slots["requested_slot"] is None

    def test_a_problem_is_asked_about_first(self, run: Any) -> None:
        outcome = run(ValidateIntakeForm(), entities=[RAS], asking="ras", pending="cea_ng_ml")
        assert outcome.slots == {"pending": None, "requested_slot": "cea_ng_ml"}

    def test_begins_with_facts(self, run: Any) -> None:
        assert run(ActionBeginIntake(), entities=[RAS], ras="mutant").names == ["followup intake_form"]

    def test_begins_without_a_case(self, run: Any) -> None:
        assert run(ActionBeginIntake()).names == ["followup intake_form"]

    def test_an_answer_to_nothing(self, run: Any) -> None:
        outcome = run(ActionBeginIntake(), text="3", **KNOWN)
        assert outcome.names == []
        assert outcome.kinds == ["decline"]

    @pytest.mark.parametrize("action", ASK_ACTIONS)
    def test_every_fact_can_be_asked_for(self, run: Any, action: Any) -> None:
        outcome = run(action())
        assert outcome.messages[0]["custom"]["fact"] == action.fact
        assert outcome.messages[0]["buttons"]


class TestSession:
    """The start of a session."""

    def test_a_case_is_set_aside(self, run: Any) -> None:
        outcome = run(
            ActionSessionStart(), **KNOWN, unknown_facts=["ras"], asking_stopped=True, shown={"ras": "mutant"}
        )
        assert outcome.names == ["session_started None", "action action_listen"]
        assert set(outcome.slots) == {"language", "previous_case"}
        previous = Case.model_validate(outcome.slots["previous_case"])
        assert previous.facts.known() == KNOWN
        assert previous.unknown == ("ras",)

    def test_an_older_case_is_kept_until_it_is_dropped(self, run: Any) -> None:
        older = {"facts": {"ras": "mutant"}}
        assert run(ActionSessionStart(), previous_case=older).slots["previous_case"] == older

    def test_nothing_to_set_aside(self, run: Any) -> None:
        assert run(ActionSessionStart(), language=None).slots == {}


@pytest.mark.parametrize(
    ("action", "intent", "kinds"),
    [
        (ActionGreet(), "greet", [None]),
        (ActionHelp(), "help", [None]),
        (ActionThanks(), "thanks", [None]),
        (ActionGoodbye(), "goodbye", [None]),
        (ActionSetLanguage(), "set_language", [None]),
        (ActionOutOfScope(), "out_of_scope", ["decline"]),
        (ActionNotUnderstood(), "inform", ["decline"]),
        (ActionShowFacts(), "show_facts", ["facts"]),
        (ActionSummary(), "summary", ["summary"]),
        (ActionShowOptions(), "enough", ["options"]),
        (ActionMore(), "more", ["options"]),
        (ActionWhyOption(), "why_option", ["answer"]),
        (ActionWhatIf(), "what_if", ["answer"]),
        (ActionWhyAsked(), "ask_why_question", [None]),
    ],
)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_is_said(run: Any, action: Any, intent: str, kinds: list[str | None], lang: str) -> None:
    outcome = run(action, intent, language=lang, **KNOWN)
    assert outcome.kinds == kinds
    for message in outcome.messages:
        assert message["text"]
        assert "\n\n" not in message["text"]
        assert message["custom"].get("lang", lang) == lang
        assert all(button["title"] and not button["payload"].startswith("/") for button in message["buttons"])


def test_options_remember_what_they_were_for(run: Any) -> None:
    slots = run(ActionShowOptions(), **KNOWN).slots
    assert slots["shown"] == KNOWN
    assert slots["topic"]["facets"]["therapies"] == ["systemic_chemotherapy"]  # what a short question goes on from


def test_options_say_what_changed(run: Any) -> None:
    first = run(ActionShowOptions(), **KNOWN).messages[0]["text"]
    again = run(ActionShowOptions(), **KNOWN, shown=KNOWN).messages[0]["text"]
    changed = run(ActionShowOptions(), **{**KNOWN, "resectability": "resectable"}, shown=KNOWN).messages[0]["text"]
    assert first == again
    assert "与之前相比" in changed


@pytest.mark.parametrize("action", [ActionWhyOption(), ActionWhatIf()])
def test_without_a_case_an_explanation_is_a_question_on_the_review(run: Any, action: Any) -> None:
    outcome = run(action, "why_option", text="SRFA 的 5 年生存率是多少")
    assert outcome.kinds == ["answer"]
    assert outcome.slots["topic"]


@pytest.mark.parametrize(("lang", "text"), [("zh", "他能上免疫治疗吗"), ("en", "would immunotherapy suit her")])
def test_a_treatment_that_the_review_lacks_is_declined_beside_a_case_too(run: Any, lang: str, text: str) -> None:
    outcome = run(ActionWhyOption(), "why_option", text=text, language=lang, **KNOWN)
    assert outcome.kinds == ["decline"]
    assert outcome.messages[0]["custom"]["reason"] == "not_in_review"


def test_an_answer_remembers_its_topic(run: Any) -> None:
    outcome = run(ActionAnswer(), "ask", text="SRFA 的 5 年生存率是多少")
    topic = outcome.slots["topic"]
    assert run(ActionAnswer(), "ask", text="那 3 年呢", topic=topic).kinds == ["answer"]


def test_facts_in_a_question_start_the_intake_after_the_answer(run: Any) -> None:
    since = [{"event": "slot", "name": "ras", "value": "mutant"}]
    outcome = run(ActionAnswer(), "ask", text="什么是转化治疗", entities=[RAS], since=since, ras="mutant")
    assert outcome.names == ["followup intake_form"]
    outcome = run(
        ActionAnswer(), "ask", text="什么是转化治疗", entities=[RAS], since=since, ras="mutant", asking="braf"
    )
    assert outcome.names == []


def test_what_is_not_understood_is_looked_for_in_the_review(run: Any) -> None:
    outcome = run(ActionNotUnderstood(), "nlu_fallback", text="SRFA 的 5 年生存率是多少")
    assert outcome.kinds == ["answer"]
    assert run(ActionNotUnderstood(), "nlu_fallback", text="xyzzy").kinds == ["decline"]


def test_goodbye_leaves_the_intake(run: Any) -> None:
    outcome = run(ActionGoodbye(), "goodbye", asking="ras")
    assert outcome.names == ["active_loop None"]
    assert outcome.slots == {"requested_slot": None}
