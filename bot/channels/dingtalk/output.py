"""How DingTalk shows a message."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from bot.channels.calling import compact
from bot.channels.choices import in_words
from bot.channels.model import Json, Message, Part
from bot.channels.splitting import split, utf8
from bot.channels.words import words

LONGEST = 5000
"""Bytes of a text."""

BUTTONS = 5


def render(message: Message, address: Mapping[str, Any]) -> list[Part]:
    """Texts with the quick replies in words, and in a direct chat a card whose buttons say them for the user.

    A button cannot send data, only words in the user's name; in a group the robot would not be mentioned in them.
    """
    pieces = split(in_words(message), LONGEST, utf8)
    parts = [Part(request_of("sampleText", {"content": piece}, address)) for piece in pieces]
    if message.choices and not address["group"]:
        parts.append(Part(_card(message, address), optional=True))
    return parts


def request_of(kind: str, values: Json, address: Mapping[str, Any]) -> Json:
    """A message of a kind, as `DingTalk.send` takes it."""
    return {
        "group": address["group"],
        "place": address["place"],
        "body": {"msgKey": kind, "msgParam": compact(values)},
    }


def _card(message: Message, address: Mapping[str, Any]) -> Json:
    choices = message.choices[:BUTTONS]
    title = words("choose", message.lang)
    said = [f"dtmd://dingtalkclient/sendMessage?content={quote(choice.payload, safe='')}" for choice in choices]
    if len(choices) == 1:
        values = {"title": title, "text": title, "singleTitle": choices[0].title, "singleURL": said[0]}
        return request_of("sampleActionCard", values, address)
    values = {"title": title, "text": title}
    for number, (choice, link) in enumerate(zip(choices, said, strict=True), 1):
        values |= {f"actionTitle{number}": choice.title, f"actionURL{number}": link}
    return request_of(f"sampleActionCard{len(choices)}", values, address)
