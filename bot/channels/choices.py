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


def are_listed(text: str, choices: Sequence[Choice]) -> bool:
    """Whether the text numbers them already, as questions on facts do: then the dialogue understands the number."""
    lines = set(text.splitlines())
    return all(f"{number}. {choice.title}" in lines for number, choice in enumerate(choices, 1))


def numbered(text: str, choices: Sequence[Choice]) -> str:
    """The text with its quick replies as a numbered list."""
    if not choices or are_listed(text, choices):
        return text
    return "\n".join([text, *(f"{number}. {choice.title}" for number, choice in enumerate(choices, 1))])


def remembered(shown: Sequence[Message], by_number: bool) -> dict[str, Any]:
    """What has to be kept of an answer to understand which quick reply is meant.

    Args:
        shown: the messages of the answer.
        by_number: whether the platform shows quick replies as numbers.
    """
    numbers = [
        [choice.payload for choice in message.choices]
        for message in shown
        if by_number and message.choices and not are_listed(message.text, message.choices)
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
