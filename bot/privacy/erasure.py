"""Deletes a conversation wherever it is kept."""

from __future__ import annotations

from typing import Any

from bot.channels.database import conversations, outbox
from bot.privacy.pseudonyms import Pseudonyms
from bot.privacy.tables import audit, feedback
from bot.server.events import EVENTS


def erase(connection: Any, conversation: str, names: Pseudonyms) -> None:
    """Deletes a conversation within a transaction: all of it or nothing.

    The audit trail stays, but its rows no longer tell which of them belong together. Of a messaging platform the keys
    of deliveries stay for two days, without content, because a platform may deliver once more.

    Args:
        connection: with a transaction that has begun.
        conversation: its name.
        names: gives its pseudonym.
    """
    pseudonym = names.conversation(conversation)
    connection.execute(EVENTS.delete().where(EVENTS.c.sender_id == conversation))
    connection.execute(feedback.delete().where(feedback.c.conversation == pseudonym))
    connection.execute(audit.update().where(audit.c.conversation == pseudonym).values(conversation=None, answer=None))
    connection.execute(outbox.delete().where(outbox.c.conversation == conversation))
    connection.execute(conversations.update().where(conversations.c.conversation == conversation).values(choices=None))
