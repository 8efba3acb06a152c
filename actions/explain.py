"""Why a therapy is an option or not, and what would be if a fact were different."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.answer import about, answer, find, show
from actions.say import say
from actions.turn import Turn
from knowledge.consultation import what_if
from knowledge.rendering import explain


class ActionWhyOption(Action):
    """Explains from the case why a therapy is offered or not; without a case it is a question on the review."""

    def name(self) -> str:
        return "action_why_option"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, _: Any) -> list[EventType]:
        turn = Turn.of(tracker)
        if not turn.case.facts.known():
            return answer(turn, dispatcher)
        if not turn.therapies:
            finding = find(turn)  # "how solid is that?", or a treatment that the review does not deal with
            if finding.reason == "not_in_review" or (finding.kind != "decline" and turn.slots.get("topic")):
                return show(turn, dispatcher, finding)
        say(dispatcher, explain.why(turn.kb, turn.case, turn.therapies, turn.lang))
        return [*(about(therapy) for therapy in turn.therapies[:1]), *turn.go_on()]


class ActionWhatIf(Action):
    """Shows what a supposed fact would change; the case stays as it is. Without a case it is a question."""

    def name(self) -> str:
        return "action_what_if"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, _: Any) -> list[EventType]:
        turn = Turn.of(tracker)
        if not turn.case.facts.known():
            return answer(turn, dispatcher)
        supposed = what_if(turn.case, turn.mentions)
        if not any(mention.status == "known" for mention in turn.mentions):
            finding = find(turn)
            if finding.kind != "decline":
                return show(turn, dispatcher, finding)
        say(dispatcher, explain.what_if(turn.kb, turn.case, supposed, turn.lang))
        return []
