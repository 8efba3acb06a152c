"""Feishu's events, read into messages."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from bot.channels.model import Incoming

_MENTION = re.compile(r"@_(?:user_\d+|all)\s?")


def said(event: Mapping[str, Any], tenant: str, bot: str) -> Incoming | None:
    """A message (im.message.receive_v1); None if it is not for the assistant.

    Args:
        event: the event itself.
        tenant: the organisation.
        bot: the assistant's open_id.
    """
    message, sender = event["message"], event["sender"]
    group = message["chat_type"] != "p2p"
    mentions = message.get("mentions") or ()
    if sender.get("sender_type") != "user":
        return None
    if group and not any((mention.get("id") or {}).get("open_id") == bot for mention in mentions):
        return None
    address = {
        "place": message["chat_id"],
        "thread": message.get("thread_id") if group else None,
        "reply_to": message["message_id"] if group else None,
    }
    return Incoming(
        key=f"message {message['message_id']}",
        conversation=_conversation(tenant, address, sender["sender_id"]["open_id"]),
        text=_text(message),
        address=address,
        group=group,
        position=float(message["create_time"]) / 1000,
    )


def pressed(event: Mapping[str, Any], tenant: str, at: float) -> Incoming | None:
    """A button of a card (card.action.trigger). Where its answer goes stands in the button: the event does not say."""
    value = event["action"].get("value") or {}
    if "choice" not in value:
        return None
    group = bool(value["group"])
    message, who = event["context"]["open_message_id"], event["operator"]["open_id"]
    address = {
        "place": event["context"]["open_chat_id"],
        "thread": value.get("thread"),
        "reply_to": message if group else None,
    }
    return Incoming(
        key=f"press {message} {who} {value['choice']}",
        conversation=_conversation(tenant, address, who),
        text="",
        address=address,
        choice=str(value["choice"]),
        group=group,
        position=at,
    )


def _conversation(tenant: str, address: Mapping[str, Any], who: str) -> tuple[str, ...]:
    """A direct chat, a topic of a group, or one person in a group."""
    if address["thread"]:
        return (tenant, address["place"], "thread", address["thread"])
    return (tenant, address["place"], "person", who) if address["reply_to"] else (tenant, address["place"])


def _text(message: Mapping[str, Any]) -> str:
    content = json.loads(message["content"])
    match message["message_type"]:
        case "text":
            text = str(content.get("text") or "")
        case "post":
            lines = content.get("content") or ()
            text = "\n".join("".join(str(part.get("text") or "") for part in line) for line in lines)
        case _:
            text = ""
    return _MENTION.sub("", text).strip()
