"""How Matrix shows a message."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.channels.choices import in_words
from bot.channels.html import as_html
from bot.channels.model import Image, Json, Message, Part
from bot.channels.splitting import split, utf8

LONGEST = 12_000
"""Bytes of text. An event may have 65,536; it holds the text twice, and escaped."""


def render(message: Message, address: Mapping[str, Any]) -> list[Part]:
    """The events that show a message: plain text, and the same in HTML; quick replies are numbered."""
    pieces = split(in_words(message), LONGEST, utf8)
    return [Part(_request(_content(piece), address)) for piece in pieces]


def picture(image: Image, uri: str, address: Mapping[str, Any]) -> Json:
    """The event that shows a picture which lies at `uri`."""
    info = {"mimetype": "image/png", "size": len(image.content), "w": image.width, "h": image.height}
    shown = {"msgtype": "m.image", "body": image.title, "filename": image.file, "url": uri, "info": info}
    return _request(shown, address)


def _request(content: Json, address: Mapping[str, Any]) -> Json:
    return {"room": address["place"], "content": {**content, **_relation(address)}}


def _content(text: str) -> Json:
    # a notice, because that is what other bots must not answer
    return {"msgtype": "m.notice", "body": text, "format": "org.matrix.custom.html", "formatted_body": as_html(text)}


def _relation(address: Mapping[str, Any]) -> Json:
    reply = {"m.in_reply_to": {"event_id": address["reply_to"]}} if address["reply_to"] else {}
    if address["thread"]:
        thread = {"rel_type": "m.thread", "event_id": address["thread"], "is_falling_back": True}
        return {"m.relates_to": {**thread, **(reply or {"m.in_reply_to": {"event_id": address["thread"]}})}}
    return {"m.relates_to": reply} if reply else {}
