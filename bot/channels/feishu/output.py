"""How Feishu shows a message."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.channels.calling import compact
from bot.channels.choices import in_words
from bot.channels.model import Json, Message, Part
from bot.channels.splitting import split, utf8

LONGEST = 20_000
"""Bytes. A card may have 30 KB with everything; a text may have more, which nobody would read."""


def render(message: Message, address: Mapping[str, Any]) -> list[Part]:
    """Texts, and a card below which the buttons stand."""
    pieces = split(message.text, LONGEST, utf8)
    parts = [Part(request_of("text", {"text": piece}, address)) for piece in pieces]
    if message.choices and pieces:
        (*_, last) = pieces
        plain = split(in_words(replace(message, text=last)), LONGEST, utf8)[0]
        card = request_of("interactive", _card(last, message, address), address)
        parts[-1] = Part(card, request_of("text", {"text": plain}, address))
    return parts


def request_of(kind: str, content: Json, address: Mapping[str, Any]) -> Json:
    """A message of a kind, as `Feishu.send` takes it."""
    return {
        "chat": address["place"],
        "reply_to": address["reply_to"],
        "body": {
            "msg_type": kind,
            "content": compact(content),
            **({"reply_in_thread": True} if address["thread"] else {}),
        },
    }


def _card(text: str, message: Message, address: Mapping[str, Any]) -> Json:
    place = {"thread": address["thread"], "group": address["reply_to"] is not None}
    buttons = [
        {
            "tag": "button",
            "text": {"tag": "plain_text", "content": choice.title},
            "type": "default",
            "value": {"choice": choice.id, **place},
        }
        for choice in message.choices
    ]
    return {
        "config": {"wide_screen_mode": True},
        "elements": [
            {"tag": "div", "text": {"tag": "plain_text", "content": text}},
            {"tag": "action", "layout": "flow", "actions": buttons},
        ],
    }
