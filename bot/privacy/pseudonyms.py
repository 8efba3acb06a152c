"""What conversations and answers are called where nobody shall be able to tell whose they are."""

from __future__ import annotations

from typing import Any

from bot.server.secret import shared_secret
from bot.server.sessions import Sessions


class Pseudonyms:
    """Keyed hashes: the same for the same conversation, and no way back without the database's own secret."""

    def __init__(self, engine: Any) -> None:
        self._mark = Sessions(shared_secret(engine)).mark

    def conversation(self, name: str) -> str:
        """The pseudonym of a conversation."""
        return self._mark(name, "conversation")

    def answer(self, conversation: str, message: str) -> str:
        """The pseudonym of the answer to a message."""
        return self._mark(conversation, "answer", message)
