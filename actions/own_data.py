"""What is kept of the conversation: deleting it, getting it, or hearing about it."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.say import say
from actions.turn import INTAKE, Turn
from knowledge.rendering import privacy


class ActionOwnData(Action):
    """Does what the user wants done with the conversation.

    It is deleted by whoever would have saved the turn (`conversation_deleted`): an action has no hand on the store.
    """

    def name(self) -> str:
        return "action_own_data"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, _: Any) -> list[EventType]:
        turn = Turn.of(tracker)
        match turn.wish:
            case "confirm":
                say(dispatcher, privacy.deleted(turn.lang))
                return [ActiveLoop(None), SlotSet("requested_slot", None), SlotSet("conversation_deleted", True)]
            case "delete":
                say(dispatcher, privacy.ask_deletion(turn.lang))
                return [ActiveLoop(None), SlotSet("requested_slot", None)]
            case "keep":
                say(dispatcher, privacy.kept(turn.lang))
                return [FollowupAction(INTAKE)] if turn.case.facts.known() and turn.next_fact() else []
            case "export":
                say(dispatcher, privacy.export(tracker.sender_id, turn.lang))
            case _:
                say(dispatcher, privacy.about(turn.lang))
        return turn.go_on()
