"""How Slack shows a message."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from bot.channels.model import Choice, Json, Message, Part
from bot.channels.splitting import split

SECTION = 3000
"""Characters of a section, with the marks that escape &, < and >."""

_ACTIONS = 25
_TITLE = 75
_FORMATTING = re.compile(r"[*_~`]")
_LINK = re.compile(r"https?://[^\s<>|“”（）]+")


def escaped(text: str) -> str:
    """Without what Slack takes for its own marks."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def render(message: Message, address: Mapping[str, Any]) -> list[Part]:
    """The calls of chat.postMessage that show a message; the buttons come below the last piece."""
    pieces = split(message.text, SECTION, lambda text: len(escaped(text)) + 2 * len(_LINK.findall(text)))
    parts = []
    for number, piece in enumerate(pieces, 1):
        plain = {
            "channel": address["place"],
            "text": escaped(piece),
            "mrkdwn": False,
            "unfurl_links": False,
            "unfurl_media": False,
            **({"thread_ts": address["thread"]} if address["thread"] else {}),
        }
        buttons = _buttons(message.choices) if number == len(pieces) else []
        parts.append(Part({**plain, "blocks": [_section(piece), *buttons]}, plain))
    return parts


def _section(text: str) -> Json:
    """Links can be clicked; where characters stand that Slack would read as formatting, nothing is formatted."""
    if _FORMATTING.search(_LINK.sub("", text)):
        return {"type": "section", "text": {"type": "plain_text", "text": text, "emoji": False}}
    linked = _LINK.sub(lambda link: f"<{link.group()}>", escaped(text))
    return {"type": "section", "text": {"type": "mrkdwn", "text": linked, "verbatim": True}}


def _buttons(choices: Sequence[Choice]) -> list[Json]:
    elements = [
        {
            "type": "button",
            "action_id": choice.id,
            "value": choice.id,
            "text": {"type": "plain_text", "text": _short(choice.title), "emoji": False},
        }
        for choice in choices
    ]
    return [
        {"type": "actions", "elements": elements[start : start + _ACTIONS]}
        for start in range(0, len(elements), _ACTIONS)
    ]


def _short(title: str) -> str:
    return title if len(title) <= _TITLE else f"{title[: _TITLE - 1]}…"
