"""How Teams shows a message."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.channels import calling
from bot.channels.choices import in_words
from bot.channels.html import as_html
from bot.channels.model import Choice, Image, Json, Message, Part
from bot.channels.splitting import split, utf16
from bot.channels.teams.picture import tiles
from bot.channels.words import words

LONGEST = 6000
"""Units of UTF-16, by which Teams counts."""

_CARD = 26 * 1024
"""Bytes of a card; Teams takes 28 KB."""

_BUTTONS = 6
"""In one row of actions; Teams hides further ones."""


def render(message: Message, address: Mapping[str, Any]) -> list[Part]:
    """Text with line breaks and links, and an Adaptive Card below which the buttons stand."""
    pieces = split(message.text, LONGEST, utf16)
    parts = [Part(_activity(address, **_words(piece))) for piece in pieces]
    if message.choices and pieces:
        last = replace(message, text=pieces[-1])
        card = _card(last)
        if len(calling.compact(card).encode()) <= _CARD:
            parts[-1] = Part(_with_card(address, card), _activity(address, **_words(in_words(last))))
        else:
            parts[-1] = Part(_activity(address, **_words(in_words(last))))
            below = _card(replace(message, text=words("choose", message.lang)))
            parts.append(Part(_with_card(address, below), optional=True))
    return parts


def picture(image: Image, address: Mapping[str, Any]) -> Json:
    """The activity that shows a picture; Teams takes it as it stands in the message."""
    shown = [
        {
            "contentType": "image/png",
            "contentUrl": f"data:image/png;base64,{base64.b64encode(tile).decode()}",
            "name": image.file,
        }
        for tile in tiles(image.content)
    ]
    return _activity(address, attachments=shown, **_words(image.title))


def _with_card(address: Mapping[str, Any], card: Json) -> Json:
    attachment = {"contentType": "application/vnd.microsoft.card.adaptive", "content": card}
    return _activity(address, attachments=[attachment])


def _activity(address: Mapping[str, Any], **content: Any) -> Json:
    return {
        "service": address["service"],
        "place": address["place"],
        "reply_to": address["reply_to"],
        "activity": {
            "type": "message",
            "from": {"id": address["bot"]},
            "conversation": {"id": address["place"]},
            "replyToId": address["reply_to"],
            **content,
        },
    }


def _words(text: str) -> Json:
    return {"text": as_html(text), "textFormat": "xml"}


def _card(message: Message) -> Json:
    """Lines are runs of text, which nobody reads as Markdown."""
    lines = [
        {"type": "RichTextBlock", "spacing": "None", "inlines": [{"type": "TextRun", "text": line or " "}]}
        for line in message.text.split("\n")
    ]
    rows = [
        {"type": "ActionSet", "actions": [_button(choice) for choice in message.choices[start : start + _BUTTONS]]}
        for start in range(0, len(message.choices), _BUTTONS)
    ]
    return {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": [*lines, *rows],
    }


def _button(choice: Choice) -> Json:
    """What was chosen appears in the chat as if the user had said it."""
    back = {"type": "messageBack", "displayText": choice.title, "text": choice.payload, "value": {"choice": choice.id}}
    return {"type": "Action.Submit", "title": choice.title, "data": {"msteams": back}}
