"""What WeCom delivers: verified, decrypted, and read into messages."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from xml.etree import ElementTree

from bot.channels.model import Incoming, RefusedError
from bot.channels.wecom.crypto import CryptoError, Envelope

_TOLERANCE = 900.0
"""Seconds that a signature is good for; repetitions within them are known by their message."""

_ENCRYPTED = re.compile(rb"<Encrypt>\s*(?:<!\[CDATA\[)?([A-Za-z0-9+/=\s]+?)(?:\]\]>)?\s*</Encrypt>")
"""The one thing that is read from what nobody has vouched for yet; an XML parser would read all of it."""

_UNREADABLE = ("image", "voice", "video", "location", "link", "file")


def open_envelope(envelope: Envelope, query: Mapping[str, str], encrypted: str) -> bytes:
    """What a callback holds.

    Raises:
        RefusedError: it is not from WeCom, too old, or damaged.
    """
    signature, timestamp, nonce = (query.get(name, "") for name in ("msg_signature", "timestamp", "nonce"))
    try:
        content = envelope.opened(encrypted, signature, timestamp, nonce)
    except CryptoError as error:
        raise RefusedError(401, str(error)) from None
    if not timestamp.isdecimal() or abs(time.time() - int(timestamp)) > _TOLERANCE:
        raise RefusedError(401, "too old; is the clock of this machine right?")
    return content


def encrypted_part(body: bytes) -> str:
    """The sealed part of a posted body.

    Raises:
        RefusedError: there is none.
    """
    found = _ENCRYPTED.search(body)
    if not found:
        raise RefusedError(400, "no encrypted part")
    return found[1].decode()


def read(content: bytes, corp: str) -> Incoming | None:
    """The message in an opened callback; None if it needs no answer.

    Raises:
        RefusedError: it cannot be read.
    """
    try:
        # signed and decrypted, hence WeCom's own
        fields = {child.tag: child.text or "" for child in ElementTree.fromstring(content)}  # noqa: S314
        user, kind, at = fields["FromUserName"], fields["MsgType"], float(fields["CreateTime"])
        if kind == "event":
            return _pressed(fields, corp) if fields["Event"] == "template_card_event" else None
        if kind != "text" and kind not in _UNREADABLE:
            return None
        text = fields["Content"] if kind == "text" else ""
        return Incoming(
            f"message {fields['MsgId']}", (corp, fields["AgentID"], user), text, {"place": user}, position=at
        )
    except (ElementTree.ParseError, KeyError, ValueError) as error:
        raise RefusedError(400, f"unreadable: {type(error).__name__}") from None


def _pressed(fields: Mapping[str, str], corp: str) -> Incoming:
    user = fields["FromUserName"]
    return Incoming(
        key=f"press {user} {fields['TaskId']} {fields['EventKey']}",
        conversation=(corp, fields["AgentID"], user),
        text="",
        address={"place": user},
        choice=fields["EventKey"],
        position=float(fields["CreateTime"]),
    )
