"""The intake: which fact is asked for next, and when asking ends."""

from __future__ import annotations

import re
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

_PATIENT = re.compile(r"病人|患者|病例|patient|\bpt\b|case")


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
        if turn.intent == "enough":
            finding = find(turn)
            early = not turn.case.facts.known() and not _PATIENT.search(turn.text.lower())
            if finding.absent is not None or (early and finding.kind != "decline"):
                return show(turn, dispatcher, finding)  # "what treatments are there?", "what to do if HER2 positive?"
        if turn.intent == "inform" and turn.case.facts.known() and not turn.told:
            say(dispatcher, decline.not_understood(turn.kb, turn.lang, again=turn.misunderstood_before))
            return []
        return [FollowupAction(INTAKE)]


def _belongs(turn: Turn) -> bool:
    return turn.intent in _GOES_ON or (turn.intent in ANSWERING and turn.told)
