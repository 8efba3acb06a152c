"""From a message of a user to the calls that show the answer."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Protocol

from bot.channels.choices import as_choices, meant, remembered
from bot.channels.mailbox import Waiting
from bot.channels.model import Json, Message, Part, Platform, showing
from bot.channels.pictures import asks_for_picture, illustrated, in_words
from bot.channels.words import words
from knowledge.models.base import Lang
from knowledge.nlu.language import detect

logger = logging.getLogger(__name__)

Reply = tuple[list[Part], str, Json | None, dict[str, Any] | None]
"""Calls, the place they go to, the call that says one of them failed, and the quick replies; see `Mailbox.answer`."""


class Turn(Protocol):
    """Asks the assistant."""

    async def __call__(self, sender: str, text: str, message: str, again: bool) -> list[dict[str, Any]]:
        """What the assistant says, in the format of Rasa's REST channel.

        Args:
            sender: the conversation.
            text: what was said.
            message: names the message, the same each time it is tried.
            again: it was begun before; if that turn was kept, what it said is returned and nothing is done twice.
        """


async def reply_to(
    message: Waiting, platform: Platform, turn: Turn, introduced: bool, kept: Mapping[str, Any]
) -> Reply:
    """What is to be sent in answer to a message.

    Args:
        message: what was said.
        platform: gives the answer its form.
        turn: asks the assistant.
        introduced: whether a group has been warned.
        kept: what is known of the quick replies and pictures that were shown last.
    """
    address = message.address
    text = meant(kept, message.choice, message.text)
    lang = _language(kept, message.text if text is None else text)
    shown: list[Message] = []
    picture: Json | None = None
    choices: dict[str, Any] | None = None
    if text is None:
        shown = [Message(words("old_choice", lang), lang=lang)]
    elif asks_for_picture(text):
        picture = (kept.get("pictures") or {}).get("picture")
        shown = [] if picture else [Message(words("no_picture", lang), lang=lang)]
    else:
        name = f"{message.conversation}:{message.id}"
        answer = await turn(message.conversation, text, name, message.attempts > 0)
        spoken: Iterator[Lang] = (part["custom"]["lang"] for part in answer if part.get("custom"))
        lang = next(spoken, lang)
        said, picture, known = illustrated(answer, kept.get("pictures") or {})
        shown = _messages(name, said, lang, platform.numbers_choices)
        choices = {**remembered(shown, platform.numbers_choices), "lang": lang, "pictures": known}
    if message.in_group and not introduced:
        unit = words("thread" if address.get("thread") else "person", lang)
        shown.insert(0, Message(words("group", lang, unit=unit), lang=lang))
    parts = [part for one in shown if one.text for part in platform.render(one, address)]
    # The picture comes after everything that is said, which must not wait for it.
    if picture:
        try:
            parts.append(await asyncio.to_thread(_showing, picture, platform, address))
        except Exception:
            logger.exception("a picture cannot be drawn")
            parts = parts or undelivered(message, platform, lang)
    return parts, _place(address), undelivered(message, platform, lang)[0].request, choices


def _showing(picture: Json, platform: Platform, address: Mapping[str, Any]) -> Part:
    """The call that shows a picture; what it says in words is sent if that is refused."""
    plain, *_ = platform.render(Message(in_words(picture), lang=picture["lang"]), address)
    return showing(picture, address, plain.request)


def undelivered(message: Waiting, platform: Platform, lang: Lang | None = None) -> list[Part]:
    """The call that says that something could not be shown."""
    lang = lang or detect(message.text, None)
    return platform.render(Message(words("undelivered", lang), lang=lang), message.address)


def _messages(name: str, said: Sequence[Mapping[str, Any]], lang: Lang, numbers: bool) -> list[Message]:
    """What the assistant said. Where choices are numbers, one message of an answer has them, the last that can."""
    shown = [
        Message(
            text=part.get("text") or "",
            choices=as_choices(f"{name}:{number}", part.get("buttons") or ()),
            lang=lang,
            question=(part.get("custom") or {}).get("kind") == "question",
        )
        for number, part in enumerate(said)
    ]
    if numbers:
        last = max((number for number, one in enumerate(shown) if one.choices), default=0)
        shown = [one if number == last else replace(one, choices=()) for number, one in enumerate(shown)]
    return shown


def _language(kept: Mapping[str, Any], text: str) -> Lang:
    """The language the conversation was last held in."""
    lang: Lang = kept.get("lang") or detect(text, None)
    return lang


def _place(address: Mapping[str, Any]) -> str:
    """What the limits of a platform count by: the chat, whatever the thread in it."""
    return hashlib.sha256(str(address.get("place")).encode()).hexdigest()[:32]
