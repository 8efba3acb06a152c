"""The audit trail: on what grounds each answer was given, without anything that anybody wrote."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from bot.privacy.pseudonyms import Pseudonyms

Event = Mapping[str, Any]


def rows(conversation: str, events: Iterable[Event], names: Pseudonyms) -> list[dict[str, Any]]:
    """The rows for the events of a turn.

    Args:
        conversation: its name.
        events: as Rasa keeps them.
        names: gives conversations and answers their pseudonyms.
    """
    found: list[dict[str, Any]] = []
    said: Event = {}
    for event in events:
        if event["event"] == "user":
            said = event
        content = (event.get("data") or {}).get("custom") if event["event"] == "bot" else None
        if content:
            found.append(
                {
                    "at": event["timestamp"],
                    "channel": said.get("input_channel"),
                    "conversation": names.conversation(conversation),
                    "answer": names.answer(conversation, said.get("message_id") or ""),
                    **_grounds(content),
                }
            )
    return found


def _grounds(content: Mapping[str, Any]) -> dict[str, Any]:
    options = content.get("options") or ()
    return {
        "kind": content["kind"],
        "lang": content["lang"],
        "knowledge_version": content["knowledge_version"],
        "facts": content.get("facts") or {},
        "stances": {option["id"]: option["stance"] for option in options},
        "rules": _all("rules", options),
        "statements": list(content.get("statements") or _all("statements", options)),
        "citations": list(content.get("citations") or _all("citations", options)),
        "reason": content.get("reason"),
    }


def _all(part: str, options: Iterable[Mapping[str, Any]]) -> list[Any]:
    return list(dict.fromkeys(value for option in options for value in option[part]))
