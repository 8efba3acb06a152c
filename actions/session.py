"""The start of a session: nothing of a patient is carried over in silence."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActionExecuted, EventType, SessionStarted, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.turn import Turn


class ActionSessionStart(Action):
    """Sets the case of the session before aside and keeps the language that was chosen.

    It says nothing: at this point the message is not known yet, hence neither its language. The first message is
    greeted by `action_validate_slot_mappings`.
    """

    def name(self) -> str:
        return "action_session_start"

    def run(self, _dispatcher: CollectingDispatcher, tracker: Tracker, _: Any) -> list[EventType]:
        case = Turn.of(tracker).case
        kept = {
            name: tracker.slots.get(name)
            for name in ("language", "language_chosen", "previous_case", "identifiers_told")
        }
        if case.facts.known():
            kept["previous_case"] = case.model_dump(mode="json")
        return [
            SessionStarted(),
            *(SlotSet(name, value) for name, value in kept.items() if value is not None),
            ActionExecuted("action_listen"),
        ]
