"""Quick replies: ids that mean something only where they were shown, and numbers where there are no buttons."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bot.channels.model import Choice, Message

_NUMBER = re.compile(r"^[\[(]?(\d{1,2})[\])]?[.、。)]?$")


def number_of(text: str) -> int | None:
    """The number that a message consists of, in whatever digits and brackets; None if it is anything else."""
    found = _NUMBER.match(unicodedata.normalize("NFKC", text).strip())
    return int(found[1]) if found else None


def as_choices(message: str, buttons: Iterable[Mapping[str, str]]) -> tuple[Choice, ...]:
    """The quick replies of a message.

    Args:
        message: names the message; the ids are made from it.
        buttons: with `title` and `payload`.
    """
    prefix = hashlib.sha256(message.encode()).hexdigest()[:12]
    return tuple(
        Choice(f"{prefix}.{number}", button["title"], button["payload"]) for number, button in enumerate(buttons, 1)
    )


def in_words(message: Message) -> str:
    """The text with its quick replies in it, for platforms without buttons.

    They are numbered, but not where a fact of the patient is asked: there "2" may be two lesions. Such a question
    numbers its own answers, or takes a number; what else can be said is listed without one.
    """
    if message.question:
        lines = set(message.text.splitlines())
        more = [
            f"· {choice.title}"
            for number, choice in enumerate(message.choices, 1)
            if f"{number}. {choice.title}" not in lines
        ]
    else:
        more = [f"{number}. {choice.title}" for number, choice in enumerate(message.choices, 1)]
    return "\n".join([message.text, *more])


def remembered(shown: Sequence[Message], by_number: bool) -> dict[str, Any]:
    """What has to be kept of an answer to understand which quick reply is meant.

    Args:
        shown: the messages of the answer.
        by_number: whether the platform shows quick replies as numbers.
    """
    numbers = [
        [choice.payload for choice in message.choices]
        for message in shown
        if by_number and message.choices and not message.question
    ]
    payloads = {choice.id: choice.payload for message in shown for choice in message.choices}
    return {"payloads": payloads, "numbers": numbers[-1] if numbers else []}


def meant(kept: Mapping[str, Any], choice: str | None, text: str) -> str | None:
    """The sentence a message stands for: that of a button, of a number, or itself.

    None for a button that is not among the newest ones of this conversation.
    """
    payloads: Mapping[str, str] = kept.get("payloads") or {}
    if choice is not None:
        return payloads.get(choice)
    numbers: Sequence[str] = kept.get("numbers") or ()
    number = number_of(text) if numbers else None
    return numbers[number - 1] if number and number <= len(numbers) else text
