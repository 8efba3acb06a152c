"""Events of a room, read into messages."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.channels.model import Incoming

_OLDEST = 24 * 3600.0
"""Seconds. What was said earlier, before an outage or an invitation, is not answered any more."""

_WRITTEN = ("m.text", "m.emote")
_OTHER = ("m.image", "m.file", "m.audio", "m.video", "m.location")
_QUOTED = re.compile(r"\A(?:> .*\n)+\n?")


@dataclass(frozen=True)
class Account:
    """Who the assistant is on Matrix.

    Attributes:
        id: e.g. `@crlm:clinic.example`.
        name: what people see.
    """

    id: str
    name: str


def read(event: Mapping[str, Any], room: str, account: Account, direct: bool) -> Incoming | None:
    """What an event of a room says to the assistant; None if nothing.

    Args:
        event: as the homeserver gives it.
        room: its id.
        account: who the assistant is.
        direct: whether nobody else is in the room.
    """
    content = event.get("content") or {}
    kind = content.get("msgtype")
    at = float(event.get("origin_server_ts") or 0) / 1000
    if event.get("type") != "m.room.message" or event.get("sender") == account.id or time.time() - at > _OLDEST:
        return None
    relation = content.get("m.relates_to") or {}
    if kind not in (*_WRITTEN, *_OTHER) or relation.get("rel_type") == "m.replace":
        return None
    body = str(content.get("body") or "") if kind in _WRITTEN else ""
    if "m.in_reply_to" in relation:
        body = _QUOTED.sub("", body)
    if not direct and not _mentions(content, body, account):
        return None
    thread = relation.get("event_id") if relation.get("rel_type") == "m.thread" else None
    whose = ("thread", str(thread)) if thread else () if direct else ("person", str(event["sender"]))
    return Incoming(
        key=str(event["event_id"]),
        conversation=(room, *whose),
        text=_without_mention(body, account),
        address={"place": room, "thread": thread, "reply_to": None if direct else event["event_id"]},
        group=not direct,
        position=at,
    )


def _mentions(content: Mapping[str, Any], body: str, account: Account) -> bool:
    """Whether it is addressed to the assistant: marked as the specification says, or by name in the text."""
    marked = (content.get("m.mentions") or {}).get("user_ids") or ()
    return account.id in marked or account.id in body or body.lower().startswith(account.name.lower())


def _without_mention(body: str, account: Account) -> str:
    names = "|".join(re.escape(name) for name in (account.id, account.name))
    return re.sub(rf"(?:^|(?<=\s))@?(?:{names})[:：,，]?(?=\s|$)", "", body, flags=re.IGNORECASE).strip()
