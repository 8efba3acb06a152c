"""What Telegram delivers: verified, and read into messages."""

from __future__ import annotations

import hmac
import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bot.channels.model import Incoming, Received, RefusedError

_OLDEST = 24 * 3600.0
"""Seconds. Telegram itself keeps updates no longer; older ones are repetitions by somebody else."""

_GREETINGS = {"zh": "你好", "en": "hello"}


@dataclass(frozen=True)
class Bot:
    """Who the assistant is on Telegram."""

    id: int
    username: str


def verify(secret: str, headers: Mapping[str, str]) -> None:
    """Checks the secret that Telegram repeats with each update.

    Raises:
        RefusedError: it is missing or wrong.
    """
    given = headers.get("x-telegram-bot-api-secret-token", "")
    if not hmac.compare_digest(given.encode("utf-8", "replace"), secret.encode()):
        raise RefusedError(401, "wrong secret")


def read(body: bytes, bot: Bot) -> Received:
    """What an update brings.

    Raises:
        RefusedError: it cannot be read.
    """
    try:
        update = json.loads(body)
        if pressed := update.get("callback_query"):
            # The acknowledgement of the update ends the waiting sign on the button.
            answer = {"method": "answerCallbackQuery", "callback_query_id": pressed["id"]}
            return Received(tuple(_pressed(pressed)), answer)
        return Received(tuple(_said(update.get("message") or {}, bot)))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise RefusedError(400, f"unreadable: {type(error).__name__}") from None


def _said(message: Mapping[str, Any], bot: Bot) -> Iterator[Incoming]:
    sender = message.get("from") or {}
    if not message or sender.get("is_bot") or message["chat"]["type"] == "channel":
        return
    if time.time() - message["date"] > _OLDEST:
        return
    text, addressed = _text(message, bot)
    private = message["chat"]["type"] == "private"
    if private or addressed:
        address, conversation = _place(message, sender)
        yield Incoming(
            key=f"message {message['chat']['id']} {message['message_id']}",
            conversation=conversation,
            text=_greeting(text, sender),
            address=address,
            group=not private,
            position=float(message["message_id"]),
        )


def _pressed(pressed: Mapping[str, Any]) -> Iterator[Incoming]:
    message = pressed.get("message") or {}
    if not message or "data" not in pressed:
        return
    address, conversation = _place(message, pressed["from"])
    yield Incoming(
        key=f"press {message['chat']['id']} {message['message_id']} {pressed['from']['id']} {pressed['data']}",
        conversation=conversation,
        text="",
        address=address,
        choice=pressed["data"],
        group=message["chat"]["type"] != "private",
        position=float(message["message_id"]) + 0.5,
    )


def _place(message: Mapping[str, Any], sender: Mapping[str, Any]) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Where the answer goes, and the conversation: a chat, a topic of a group, or one person in a group."""
    chat, private = str(message["chat"]["id"]), message["chat"]["type"] == "private"
    thread = message.get("message_thread_id") if message.get("is_topic_message") else None
    address = {"place": chat, "thread": thread, "reply_to": None if private else message["message_id"]}
    if thread is not None:
        return address, (chat, "topic", str(thread))
    return address, (chat,) if private else (chat, "person", str(sender["id"]))


def _text(message: Mapping[str, Any], bot: Bot) -> tuple[str, bool]:
    """What was said without the mention of the assistant, and whether it was mentioned or answered to."""
    text = message.get("text") or message.get("caption") or ""
    answered = ((message.get("reply_to_message") or {}).get("from") or {}).get("id") == bot.id
    units = text.encode("utf-16-le", "surrogatepass")
    mentions = []
    for entity in message.get("entities") or message.get("caption_entities") or ():
        start, end = 2 * entity["offset"], 2 * (entity["offset"] + entity["length"])
        words = units[start:end].decode("utf-16-le", "replace").lower()
        name = f"@{bot.username.lower()}"
        user = (entity.get("user") or {}).get("id")
        if user == bot.id or (entity["type"] == "mention" and words == name):
            mentions.append((start, end))
        elif entity["type"] == "bot_command" and words.endswith(name):
            mentions.append((end - 2 * len(name), end))
    for start, end in reversed(mentions):
        units = units[:start] + units[end:]
    return units.decode("utf-16-le", "replace").strip(), bool(mentions) or answered


def _greeting(text: str, sender: Mapping[str, Any]) -> str:
    """The commands that Telegram's own buttons send are greetings, in the language of the person's app."""
    if text not in ("/start", "/help"):
        return text
    return _GREETINGS["zh" if str(sender.get("language_code", "")).startswith("zh") else "en"]
