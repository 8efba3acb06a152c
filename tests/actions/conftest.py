"""Runs single actions on made-up conversations."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.utils import call_potential_coroutine

from knowledge.models.facts import FACT_IDS


@dataclass
class Outcome:
    """What an action said and returned."""

    messages: list[dict[str, Any]]
    events: list[dict[str, Any]]

    @property
    def kinds(self) -> list[str | None]:
        return [message["custom"].get("kind") for message in self.messages]

    @property
    def slots(self) -> dict[str, Any]:
        return {event["name"]: event["value"] for event in self.events if event["event"] == "slot"}

    @property
    def names(self) -> list[str]:
        """Events that are not slots, with the name of the action they concern."""
        return [f"{e['event']} {e.get('name')}" for e in self.events if e["event"] != "slot"]


@pytest.fixture
def run() -> Callable[..., Outcome]:
    """Runs an action on a conversation whose latest message has an intent and entities."""

    def run_action(
        action: Action,
        intent: str = "inform",
        *,
        text: str = "…",
        entities: list[dict[str, Any]] | None = None,
        asking: str | None = None,
        before: list[dict[str, Any]] | None = None,
        since: list[dict[str, Any]] | None = None,
        **slots: Any,
    ) -> Outcome:
        message = {"text": text, "intent": {"name": intent, "confidence": 1.0}, "entities": entities or []}
        first = [{"event": "session_started"}, {"event": "user", "text": "你好"}]
        events = [*first, *(before or []), {"event": "user", **message}, *(since or [])]
        loop = {"name": "intake_form"} if asking else {}
        values = {**dict.fromkeys(FACT_IDS), "language": "zh", **slots, "requested_slot": asking}
        tracker = Tracker("u", values, message, events, False, None, loop, "action_listen")
        dispatcher = CollectingDispatcher()
        returned = asyncio.run(call_potential_coroutine(action.run(dispatcher, tracker, {})))
        return Outcome(dispatcher.messages, returned)

    return run_action
