"""What has been said in a conversation, told from the events that the database holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from knowledge.models.facts import FACT_IDS

KINDS = ("user", "bot", "slot", "session_started", "restart")
"""The events a transcript is made of."""

PARTS = ("text", "buttons", "custom")
"""What a message may consist of."""


@dataclass
class Exchange:
    """One message of the user and what the assistant said to it.

    Attributes:
        id: the name that the client gave the message.
        text: the message.
        messages: the answer, each with `text`, and `buttons` and `custom` where it has them.
        at: when it was said, in seconds since 1970.
    """

    id: str
    text: str
    at: float
    messages: list[dict[str, Any]] = field(default_factory=list)


class Transcript:
    """A conversation from its first message on. It grows with the events that are added to it."""

    def __init__(self) -> None:
        self.exchanges: dict[str, Exchange] = {}
        self.last_row = 0
        self.place: tuple[int, float] | None = None
        self._slots: dict[str, Any] = {}

    def add(self, row: int, at: float, event: Mapping[str, Any]) -> None:
        """Take in the event that the database holds in `row`, of the time `at`."""
        self.last_row, self.place = row, (row, at)
        match event["event"]:
            case "user":
                name = event.get("message_id") or str(row)
                self.exchanges[name] = Exchange(name, event.get("text") or "", event["timestamp"])
            case "bot" if self.exchanges:
                data = event.get("data") or {}
                parts = {part: data[part] for part in PARTS if data.get(part)}
                latest = next(reversed(self.exchanges.values()))
                latest.messages.append({"text": event.get("text") or "", **parts})
            case "slot":
                self._slots[event["name"]] = event["value"]
            case "session_started" | "restart":
                self._slots = {}

    def since(self, name: str | None) -> list[Exchange]:
        """What came after the message of this name; everything if there is no such message."""
        names = list(self.exchanges)
        start = names.index(name) + 1 if name in self.exchanges else 0
        return [self.exchanges[name] for name in names[start:]]

    def case(self) -> dict[str, Any]:
        """The case as it stands: facts, the words they came from, what is declared unknown, and the language."""
        facts = {fact: self._slots[fact] for fact in FACT_IDS if self._slots.get(fact) is not None}
        words = self._slots.get("fact_words") or {}
        return {
            "facts": facts,
            "words": {fact: words[fact] for fact in facts if fact in words},
            "unknown": self._slots.get("unknown_facts") or [],
            "lang": self._slots.get("language"),
        }
