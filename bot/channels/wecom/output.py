"""How WeCom shows a message."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.channels.choices import in_words
from bot.channels.model import Choice, Json, Message, Part
from bot.channels.splitting import split, utf8
from bot.channels.words import words

LONGEST = 2048
"""Bytes of a text; WeCom cuts what is longer without a word."""

BUTTONS = 6
_TITLE = 30


def render(message: Message, address: Mapping[str, Any]) -> list[Part]:
    """The messages that show a message.

    The text lists the quick replies, because a card cannot be seen in WeChat, shows six buttons at most, and may cut
    their titles; the card with the buttons comes after it.
    """
    to = {"touser": address["place"]}
    parts = [
        Part({**to, "msgtype": "text", "text": {"content": piece}}) for piece in split(in_words(message), LONGEST, utf8)
    ]
    if message.choices:
        parts.append(Part({**to, "msgtype": "template_card", "template_card": _card(message)}, optional=True))
    return parts


def _card(message: Message) -> Json:
    return {
        "card_type": "button_interaction",
        "main_title": {"title": words("choose", message.lang)},
        "task_id": f"crlm-{message.choices[0].id.split('.')[0]}",
        "button_list": [_button(choice) for choice in message.choices[:BUTTONS]],
    }


def _button(choice: Choice) -> Json:
    title = choice.title if len(choice.title) <= _TITLE else f"{choice.title[: _TITLE - 1]}…"
    return {"text": title, "style": 1, "key": choice.id}
