"""Activities of the Bot Connector, read into messages."""

from __future__ import annotations

import time
from collections.abc import Mapping
from html import unescape
from typing import Any

from bot.channels.model import Incoming


def read(activity: Mapping[str, Any]) -> Incoming | None:
    """A message or a pressed button; None if it is not for the assistant."""
    if activity.get("type") != "message":
        return None
    conversation, sender, bot = activity["conversation"], activity["from"]["id"], activity["recipient"]["id"]
    kind = conversation.get("conversationType") or "personal"
    value = activity.get("value")
    choice = value.get("choice") if isinstance(value, dict) else None
    text, mentioned = _text(activity, bot)
    if kind != "personal" and not mentioned and choice is None:
        return None
    tenant, place = str(conversation.get("tenantId")), str(conversation["id"])
    # a thread of a channel is a conversation with an id of its own
    whose = (sender,) if kind == "groupChat" else ()
    address = {
        "place": place,
        "service": activity["serviceUrl"],
        "reply_to": activity["id"],
        "bot": bot,
        "thread": place if kind == "channel" else None,
    }
    pressed = f"press {activity.get('replyToId')} {sender} {choice}"
    return Incoming(
        key=f"{place} {pressed if choice else activity['id']}",
        conversation=(tenant, place, *whose),
        text="" if choice else text,
        address=address,
        choice=str(choice) if choice else None,
        group=kind != "personal",
        position=_at(activity),
    )


def _text(activity: Mapping[str, Any], bot: str) -> tuple[str, bool]:
    """What was said without the mention of the assistant, and whether it was mentioned."""
    text = str(activity.get("text") or "")
    mentioned = False
    for entity in activity.get("entities") or ():
        if entity.get("type") == "mention" and (entity.get("mentioned") or {}).get("id") == bot:
            mentioned = True
            text = text.replace(str(entity.get("text") or ""), " ")
    return unescape(text).replace("\xa0", " ").strip(), mentioned


def _at(activity: Mapping[str, Any]) -> float:
    """Teams names messages by the millisecond; other channels do not."""
    name = str(activity["id"])
    return float(name) / 1000 if name.isdecimal() and len(name) == 13 else time.time()
