"""Free questions on the review: statements, comparisons, or an honest decline."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.say import say
from actions.turn import Turn
from knowledge.loading import load_knowledge
from knowledge.models.questions import Facets, Finding, Topic
from knowledge.questions import Questions
from knowledge.rendering import answer as answer_message
from knowledge.rendering import decline

_LANGUAGE_WISH = re.compile(r"^[^:：,，.。]{1,40}[:：,，.。]\s*(?=\S)")
"""What stands before a question that is to be answered in another language."""


class ActionAnswer(Action):
    """Answers a question; the intake goes on afterwards."""

    def name(self) -> str:
        return "action_answer"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, _: Any) -> list[EventType]:
        return answer(Turn.of(tracker), dispatcher)


class ActionOutOfScope(Action):
    """Declines what has nothing to do with the review, unless the review answers it after all ("and at 5 years?")."""

    def name(self) -> str:
        return "action_out_of_scope"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, _: Any) -> list[EventType]:
        turn = Turn.of(tracker)
        if turn.changed:
            return turn.go_on()
        finding = find(turn)
        if settles(finding):
            return show(turn, dispatcher, finding)
        say(dispatcher, decline.out_of_scope(turn.kb, turn.lang))
        return turn.go_on()


def find(turn: Turn, question: str | None = None) -> Finding:
    """What the review has on the message, or on another question instead; the topic before completes a short one."""
    if question is None and turn.wanted_language:
        question = _LANGUAGE_WISH.sub("", turn.text, count=1)  # "English again please: response rate there?"
    return questions().ask(question or turn.text, turn.lang, turn.topic if turn.slots.get("topic") else None)


def settles(finding: Finding) -> bool:
    """Whether it is an answer, or says what the review lacks: more than that a message was not understood."""
    return finding.kind != "decline" or finding.reason == "not_in_review"


def show(turn: Turn, dispatcher: CollectingDispatcher, finding: Finding) -> list[EventType]:
    """Says a finding and remembers its topic."""
    say(dispatcher, answer_message.show(turn.kb, finding, turn.lang))
    return [SlotSet("topic", finding.topic.model_dump(mode="json", exclude_defaults=True)), *turn.go_on()]


def about(therapy: str, statements: tuple[str, ...] = ()) -> EventType:
    """Makes a therapy, and what was said of it, what the next short question goes on from."""
    topic = Topic(facets=Facets(therapies=(therapy,)), statements=statements)
    return SlotSet("topic", topic.model_dump(mode="json", exclude_defaults=True))


def answer(turn: Turn, dispatcher: CollectingDispatcher) -> list[EventType]:
    """Answers the message as a question on the review."""
    return show(turn, dispatcher, find(turn))


@cache
def questions() -> Questions:
    """The index of the review's statements, made once for the whole process."""
    return Questions.create(load_knowledge())
