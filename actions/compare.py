"""Therapies side by side."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.answer import find, show
from actions.turn import Turn
from knowledge.engine import evaluate

_FEW = 3
_THESE = re.compile(r"这些|这几|上面|上述|以上|前两|前三|各方案|\b(these|those|them|above|options)\b")
"""Words for the options that were shown."""

_IT = re.compile(r"它|这个|这种|那个|刚才|前面|跟(?!踪)|\b(it|this|that|the (first|last) one)\b")
"""Words for the therapy that was spoken of last."""


class ActionCompare(Action):
    """Compares the therapies a message names; "compare these" means the first options of the case."""

    def name(self) -> str:
        return "action_compare"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, _: Any) -> list[EventType]:
        turn = Turn.of(tracker)
        can_mean_options = not turn.therapies and turn.case.facts.known()
        last = tuple(id_ for id_ in turn.topic.facets.therapies if id_ not in turn.therapies)
        if len(turn.therapies) == 1 and last and _IT.search(turn.text.lower()):
            named = (last[0], turn.therapies[0])  # "compare it with TACE"
            return show(turn, dispatcher, find(turn, _versus(turn, named)))
        finding = None if can_mean_options and _THESE.search(turn.text.lower()) else find(turn)
        if finding is None or (can_mean_options and finding.kind == "decline"):
            finding = find(turn, _options(turn))
        return show(turn, dispatcher, finding)


def _options(turn: Turn) -> str:
    """The question for a comparison of the options that are offered."""
    options = evaluate(turn.kb, turn.case.facts).options
    offered = [option.id for option in options if option.stance in ("preferred", "option")]
    return _versus(turn, offered[:_FEW])


def _versus(turn: Turn, therapies: Sequence[str]) -> str:
    return " vs ".join(turn.kb.therapies[therapy].name[turn.lang] for therapy in therapies)
