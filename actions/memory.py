"""What a conversation keeps: its events, and the slots they set.

Every event stays for good, so slots are set only when they change.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from rasa_sdk.events import EventType, SlotSet

from knowledge.models.case import Case
from knowledge.models.facts import FACT_IDS

Event = Mapping[str, Any]


def remember(slots: Mapping[str, Any], **values: Any) -> list[EventType]:
    """Events for the values that differ from what the slots hold."""
    return [SlotSet(name, value) for name, value in values.items() if slots.get(name) != value]


def remember_case(slots: Mapping[str, Any], case: Case) -> list[EventType]:
    """Events that make the slots hold `case`."""
    facts = {fact: getattr(case.facts, fact) for fact in FACT_IDS}
    return remember(slots, **facts, unknown_facts=list(case.unknown) or None, fact_words=case.words or None)


def latest_turns(events: Iterable[Event]) -> tuple[tuple[Event, ...], tuple[Event, ...]]:
    """What has happened since the latest message, and in the turn before it within the same session."""
    parts: list[list[Event]] = [[], []]
    users = 0
    for event in reversed(list(events)):
        if event["event"] == "session_started" or users > 1:
            break
        if event["event"] == "user":
            users += 1
        parts[min(users, 1)].append(event)
    since, before = (tuple(reversed(part)) for part in parts)
    return since, before[:-1]
