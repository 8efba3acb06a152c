"""Slots that change, and only those: every event stays in the conversation for good."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rasa_sdk.events import EventType, SlotSet

from knowledge.models.case import Case
from knowledge.models.facts import FACT_IDS


def remember(slots: Mapping[str, Any], **values: Any) -> list[EventType]:
    """Events for the values that differ from what the slots hold."""
    return [SlotSet(name, value) for name, value in values.items() if slots.get(name) != value]


def remember_case(slots: Mapping[str, Any], case: Case) -> list[EventType]:
    """Events that make the slots hold `case`."""
    facts = {fact: getattr(case.facts, fact) for fact in FACT_IDS}
    return remember(slots, **facts, unknown_facts=list(case.unknown) or None, fact_words=case.words or None)
