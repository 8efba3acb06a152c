"""The works the review cites."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.answer import find, show
from actions.turn import Turn
from knowledge.models.questions import Finding, Topic


class ActionShowReference(Action):
    """Shows the works a message names, else those behind the last answer, else all of them."""

    def name(self) -> str:
        return "action_show_reference"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, _: Any) -> list[EventType]:
        turn = Turn.of(tracker)
        if turn.references:
            known = [number for number in turn.references if number in turn.kb.references]
            return show(turn, dispatcher, _works(known) if known else find(turn))
        finding = find(turn)
        if finding.kind != "reference":
            finding = _works(turn.kb.citations_of(turn.topic.statements) or turn.kb.references)
        return show(turn, dispatcher, finding)


def _works(numbers: Iterable[int]) -> Finding:
    return Finding(kind="reference", citations=tuple(sorted(numbers)), topic=Topic())
