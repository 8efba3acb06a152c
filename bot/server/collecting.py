"""Collects what the assistant says to one message."""

from __future__ import annotations

from typing import Any

from rasa.core.channels.channel import CollectingOutputChannel

from bot.server.transcript import PARTS


class WholeMessages(CollectingOutputChannel):
    """Keeps text, quick replies and data of a message together.

    Rasa's own channel sends the data as a message without text, which clients that read `text` trip over.
    """

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Take one message in."""
        kept = {part: message[part] for part in PARTS if message.get(part)}
        self.messages.append({"recipient_id": recipient_id, **kept})
