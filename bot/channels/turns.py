"""The assistant as the delivery path sees it: each message gets one turn, however often it is tried."""

from __future__ import annotations

import asyncio
from typing import Any

from bot.server.assistant import Assistant
from bot.server.errors import ApiError
from bot.server.startup import Startup


class AssistantTurns:
    """Asks the assistant of this process, and waits for it while it is being loaded."""

    def __init__(self, startup: Startup) -> None:
        self._startup = startup

    async def __call__(self, sender: str, text: str, message: str, again: bool) -> list[dict[str, Any]]:
        """See `Turn`."""
        assistant = await self._loaded()
        said = await assistant.answer_given(sender, message) if again else None
        return said or await assistant.answer(sender, text, message, sender.partition(":")[0])

    async def _loaded(self) -> Assistant:
        while True:
            try:
                return await self._startup.assistant()
            except ApiError:  # noqa: PERF203 - it is the loop that tries again
                await asyncio.sleep(1)
