"""The intake: which fact is asked for next, and when asking ends."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActionExecutionRejected, EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.answer import find, show
from actions.say import say
from actions.turn import ANSWERING, INTAKE, Turn
from knowledge.rendering import decline

_GOES_ON = frozenset({"new_patient", "continue_case", "enough", "resume", "withdraw"})
"""Intents that concern the intake itself; those of `ANSWERING` do too if the message told something."""


class ValidateIntakeForm(Action):
    """Decides whether a message belongs to the intake, and what is asked next.

    A message for anything else is handed to the rules (the form rejects itself); when their action has answered,
    Rasa runs the form again, and the question is asked once more.
    """

    def name(self) -> str:
        return f"validate_{INTAKE}"

    def run(self, _dispatcher: CollectingDispatcher, tracker: Tracker, _: Any) -> list[EventType]:
        turn = Turn.of(tracker)
        if turn.asking and not turn.handled and not _belongs(turn):
            return [ActionExecutionRejected(INTAKE)]
        # Without a slot besides the requested one Rasa would take an answer such as "unknown" for a rejection.
        return [SlotSet("pending", None), SlotSet("requested_slot", turn.next_fact())]


class ActionBeginIntake(Action):
    """Starts the intake, or gives the options at once if nothing has to be asked."""

    def name(self) -> str:
        return "action_begin_intake"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, _: Any) -> list[EventType]:
        turn = Turn.of(tracker)
        if turn.intent == "withdraw" and not turn.changed:
            return []
        if turn.intent == "enough" and not turn.case.facts.known():
            finding = find(turn)  # "what treatments are there?" before any patient
            if finding.kind != "decline":
                return show(turn, dispatcher, finding)
        if turn.intent == "inform" and turn.case.facts.known() and not turn.told:
            say(dispatcher, decline.not_understood(turn.kb, turn.lang, again=turn.misunderstood_before))
            return []
        return [FollowupAction(INTAKE)]


def _belongs(turn: Turn) -> bool:
    return turn.intent in _GOES_ON or (turn.intent in ANSWERING and turn.told)
