"""Asking for a patient fact, and saying why it is asked."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.say import say
from actions.turn import Turn
from knowledge.models.facts import FACT_IDS
from knowledge.models.messages import Reply
from knowledge.rendering import question
from knowledge.rendering.base import phrase


class ActionAsk(Action, ABC):
    """Asks for one fact. Rasa wants an action of its own for every slot a form may ask for."""

    @property
    @abstractmethod
    def fact(self) -> str:
        """The fact to ask for."""

    def name(self) -> str:
        return f"action_ask_{self.fact}"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, _: Any) -> list[EventType]:
        turn = Turn.of(tracker)
        say(dispatcher, question.ask(turn.kb, turn.case, self.fact, turn.lang))
        return []


ASK_ACTIONS: tuple[type[ActionAsk], ...] = tuple(
    type(f"ActionAsk{fact.title().replace('_', '')}", (ActionAsk,), {"__module__": __name__, "fact": fact})
    for fact in FACT_IDS
)


class ActionWhyAsked(Action):
    """Says why the open question, or a fact that is named, matters."""

    def name(self) -> str:
        return "action_why_asked"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, _: Any) -> list[EventType]:
        turn = Turn.of(tracker)
        fact = next(iter(turn.named_facts), turn.requested)
        if fact:
            say(dispatcher, question.why_asked(turn.kb, turn.case, fact, turn.lang))
        else:
            say(dispatcher, Reply(text=phrase("question.not_asking", turn.lang)))
        return turn.go_on()
