"""What Slack delivers: verified, and read into messages."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from html import unescape
from typing import Any
from urllib.parse import parse_qs

from slack_sdk.signature import SignatureVerifier

from bot.channels.model import Incoming, Received, RefusedError

_REFERENCE = re.compile(r"<([@#!]?)([^<>|]*)(?:\|([^<>]*))?>")
_SAID = (None, "file_share", "thread_broadcast")
"""Subtypes of messages that somebody wrote; edits, deletions, joins and the like need no answer."""


def verify(verifier: SignatureVerifier, body: bytes, headers: Mapping[str, str]) -> None:
    """Checks signature and age.

    Raises:
        RefusedError: the delivery is not from Slack, or older than five minutes.
    """
    try:
        right = verifier.is_valid_request(body, dict(headers))
    except (ValueError, TypeError):
        right = False
    if not right:
        raise RefusedError(401, "wrong signature, or too old")


def read(body: bytes, form: bool) -> Received:
    """What a verified delivery brings.

    Args:
        body: as it came.
        form: whether it is a form, as the presses of buttons are.

    Raises:
        RefusedError: it cannot be read.
    """
    try:
        data = json.loads(parse_qs(body.decode())["payload"][0] if form else body)
        if data["type"] == "url_verification":
            return Received(body=str(data["challenge"]))
        message = _pressed(data) if form else _said(data)
    except (ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
        raise RefusedError(400, f"unreadable: {type(error).__name__}") from None
    return Received((message,) if message else (), "")


def _said(data: Mapping[str, Any]) -> Incoming | None:
    """A message in a direct conversation, or one that mentions the assistant."""
    event = data.get("event") or {}
    if data["type"] != "event_callback" or event.get("bot_id") or event.get("subtype") not in _SAID:
        return None
    direct = event["type"] == "message" and event.get("channel_type") == "im"
    if not (direct or event["type"] == "app_mention") or not event.get("user"):
        return None
    team, channel, at = data["team_id"], event["channel"], event["ts"]
    thread = event.get("thread_ts") or ("" if direct else at)
    bots = {known.get("user_id") for known in data.get("authorizations") or ()}
    # The same message may come as a mention and as a message of the channel: it is known by its place and time.
    return Incoming(
        key=f"message {team} {channel} {at}",
        conversation=(team, channel, thread),
        text=plain(event.get("text") or "", bots),
        address={"place": channel, "thread": thread},
        group=not direct,
        position=float(at),
    )


def _pressed(data: Mapping[str, Any]) -> Incoming | None:
    """A button that was pressed."""
    if data["type"] != "block_actions":
        return None
    action = data["actions"][0]
    channel, message = data["channel"]["id"], data["message"]
    direct = channel.startswith("D")
    thread = message.get("thread_ts") or ("" if direct else message["ts"])
    team = data["team"]["id"]
    return Incoming(
        key=f"action {team} {channel} {message['ts']} {action['value']}",
        conversation=(team, channel, thread),
        text="",
        address={"place": channel, "thread": thread},
        choice=action["value"],
        group=not direct,
        position=float(action["action_ts"]),
    )


def plain(text: str, bots: Iterable[str | None]) -> str:
    """What was typed, without Slack's marks and without the mention of the assistant."""

    def typed(found: re.Match[str]) -> str:
        kind, target, label = found.groups()
        if kind in ("@", "!"):
            return "" if kind == "!" or target in bots else f"@{label or target}"
        return f"#{label or target}" if kind == "#" else str(label or target).removeprefix("mailto:")

    return unescape(_REFERENCE.sub(typed, text)).strip()
