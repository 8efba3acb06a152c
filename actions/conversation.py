"""Manners, help, language, and messages that were not understood."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.answer import find, settles, show
from actions.say import say
from actions.turn import FALLBACK, NOT_UNDERSTOOD, Turn
from knowledge.rendering import decline, welcome


class ActionGreet(Action):
    """Greets back; the first message of a session has been greeted already."""

    def name(self) -> str:
        return "action_greet"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, _: Any) -> list[EventType]:
        turn = Turn.of(tracker)
        if not turn.opens_session:
            say(dispatcher, welcome.greeting(turn.lang))
        return []


class ActionHelp(Action):
    """Says what can be done here."""

    def name(self) -> str:
        return "action_help"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, _: Any) -> list[EventType]:
        turn = Turn.of(tracker)
        say(dispatcher, welcome.help_text(turn.lang))
        return turn.go_on()


class ActionThanks(Action):
    """Answers thanks."""

    def name(self) -> str:
        return "action_thanks"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, _: Any) -> list[EventType]:
        say(dispatcher, welcome.thanks(Turn.of(tracker).lang))
        return []


class ActionGoodbye(Action):
    """Takes leave. The intake ends so that no question follows; the case stays and can be gone on with."""

    def name(self) -> str:
        return "action_goodbye"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, _: Any) -> list[EventType]:
        say(dispatcher, welcome.goodbye(Turn.of(tracker).lang))
        return [ActiveLoop(None), SlotSet("requested_slot", None)]


class ActionSetLanguage(Action):
    """Confirms the language in that language; it has been set with the facts of the message."""

    def name(self) -> str:
        return "action_set_language"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, _: Any) -> list[EventType]:
        turn = Turn.of(tracker)
        say(dispatcher, welcome.language_set(turn.lang))
        return turn.go_on()


class ActionNotUnderstood(Action):
    """Says that a message was not understood, unless the review answers it; a second time it names the ways out.

    An open question is not repeated here: the intake asks it again right after.
    """

    def name(self) -> str:
        return NOT_UNDERSTOOD

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, _: Any) -> list[EventType]:
        turn = Turn.of(tracker)
        if turn.unreadable:
            say(dispatcher, _unreadable(turn))
            return []
        if turn.changed:  # a correction so short that only the case before tells what it is of
            return turn.go_on()
        finding = find(turn)
        if settles(finding) and (turn.intent == FALLBACK or finding.absent is not None or turn.asks):
            return show(turn, dispatcher, finding)
        again = turn.misunderstood_before
        say(dispatcher, decline.not_understood(turn.kb, turn.lang, asking=turn.asking, again=again))
        return turn.go_on()


def _unreadable(turn: Turn) -> Any:
    if turn.unreadable["reason"] == "too_long":
        return decline.too_long(turn.kb, turn.lang, turn.unreadable["limit"])
    return decline.empty(turn.kb, turn.lang)
