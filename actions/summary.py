"""The case in one piece: what is known so far, and the summary to take away."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.say import say
from actions.turn import Turn
from knowledge.rendering import facts, summary


class ActionSummary(Action):
    """Gives the summary of the case with its options and citations."""

    def name(self) -> str:
        return "action_summary"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, _: Any) -> list[EventType]:
        turn = Turn.of(tracker)
        today = datetime.now(timezone.utc).astimezone().date()
        say(dispatcher, summary.show(turn.kb, turn.case, turn.lang, today))
        return turn.go_on()


class ActionShowFacts(Action):
    """Shows what is known of the patient."""

    def name(self) -> str:
        return "action_show_facts"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, _: Any) -> list[EventType]:
        turn = Turn.of(tracker)
        say(dispatcher, facts.case_so_far(turn.kb, turn.case, turn.lang))
        return turn.go_on()
