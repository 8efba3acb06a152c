"""The therapy options of the case."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.answer import about
from actions.say import say
from actions.turn import Turn
from knowledge.engine import evaluate
from knowledge.models.facts import PatientFacts
from knowledge.rendering import options


class ActionShowOptions(Action):
    """Shows the options in short and, if other facts led to other options before, what has changed."""

    def name(self) -> str:
        return "action_show_options"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, _: Any) -> list[EventType]:
        turn = Turn.of(tracker)
        shown = PatientFacts.model_validate(turn.slots.get("shown") or {})
        previous = shown if shown.known() and shown != turn.case.facts else None
        say(dispatcher, options.show(turn.kb, turn.case, turn.lang, previous))
        return [SlotSet("shown", turn.case.facts.known()), *_topic(turn)]


def _topic(turn: Turn) -> list[EventType]:
    """The first option is what a short question on the options goes on from ("how strong is the evidence?")."""
    offered = (o for o in evaluate(turn.kb, turn.case.facts).options if o.stance in ("preferred", "option"))
    first = next(offered, None)
    return [] if first is None else [about(first.id, first.statements)]


class ActionMore(Action):
    """Shows the options with everything that supports or limits them; of some therapies only, if named."""

    def name(self) -> str:
        return "action_more"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, _: Any) -> list[EventType]:
        turn = Turn.of(tracker)
        say(dispatcher, options.more(turn.kb, turn.case, turn.lang, turn.therapies))
        return turn.go_on()
