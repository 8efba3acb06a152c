"""How Telegram shows a message."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.channels.model import Json, Message, Part
from bot.channels.splitting import split, utf16

LONGEST = 4096
"""Units of UTF-16; Telegram refuses what is longer."""

_ROWS = 100


CAPTION = 1024


def to(address: Mapping[str, Any], *, answers: bool) -> Json:
    """Where a message goes, and whether it is shown as an answer to the one that was said."""
    place: Json = {"chat_id": address["place"]}
    if address["thread"] is not None:
        place["message_thread_id"] = address["thread"]
    if address["reply_to"] is not None and answers:
        place["reply_parameters"] = {"message_id": address["reply_to"], "allow_sending_without_reply": True}
    return place


def render(message: Message, address: Mapping[str, Any]) -> list[Part]:
    """The calls of sendMessage that show a message: exact text, links, and a keyboard below the last piece."""
    pieces = split(message.text, LONGEST, utf16)
    parts = []
    for number, piece in enumerate(pieces, 1):
        plain: Json = {
            **to(address, answers=number == 1),
            "text": piece,
            "link_preview_options": {"is_disabled": True},
        }
        if number == len(pieces) and message.choices:
            rows = [[{"text": choice.title, "callback_data": choice.id}] for choice in message.choices[:_ROWS]]
            parts.append(Part({**plain, "reply_markup": {"inline_keyboard": rows}}, plain))
        else:
            parts.append(Part(plain))
    return parts
