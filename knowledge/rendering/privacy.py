"""What is said of the user's own data: what was removed, and how to delete or get what is kept."""

from __future__ import annotations

from collections.abc import Iterable

from knowledge.models.base import Lang
from knowledge.models.messages import Reply
from knowledge.rendering.base import buttons, joined, phrase


def removed(kinds: Iterable[str], lang: Lang) -> Reply:
    """What identifies a person has been removed from a message.

    Args:
        kinds: keys of `privacy.yaml`.
    """
    return Reply(
        text=phrase("privacy.removed", lang, kinds=joined((phrase(f"privacy.{k}", lang) for k in kinds), lang))
    )


def ask_deletion(lang: Lang) -> Reply:
    """Whether the conversation shall really be deleted."""
    return Reply(
        text=phrase("privacy.ask_deletion", lang),
        buttons=buttons(phrase("privacy.confirm_deletion", lang), phrase("privacy.keep", lang)),
    )


def deleted(lang: Lang) -> Reply:
    """The conversation is gone."""
    return Reply(text=phrase("privacy.deleted", lang))


def kept(lang: Lang) -> Reply:
    """The conversation stays."""
    return Reply(text=phrase("privacy.kept", lang))


def export(conversation: str, lang: Lang) -> Reply:
    """How to get what is kept of a conversation."""
    return Reply(text=phrase("privacy.export", lang, conversation=conversation))


def about(lang: Lang) -> Reply:
    """What is kept, and what can be done with it."""
    return Reply(text=phrase("privacy.about", lang))
