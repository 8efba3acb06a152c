"""The assistant while it is being loaded: the server answers already and says what it is waiting for."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable

from bot.server.assistant import Assistant
from bot.server.errors import ApiError
from bot.server.model_file import NoModelError

logger = logging.getLogger(__name__)

Load = Callable[[Callable[[str], None]], Assistant]
"""Loads the assistant and reports what it is doing."""

_PATIENCE = 60.0
"""Seconds that a message waits for an assistant that is being loaded."""


class Startup:
    """Loads the assistant in a thread of its own, so that the process can always be asked and stopped."""

    def __init__(self, load: Load, done: Callable[[str | None], None] = lambda _: None) -> None:
        """Prepare to load.

        Args:
            load: loads the assistant.
            done: called at the end, with what went wrong or None.
        """
        self._load = load
        self._done = done
        self._loaded: asyncio.Future[Assistant] | None = None
        self._doing = "starting"
        self._error: str | None = None

    def begin(self) -> None:
        """Start loading."""
        loop = asyncio.get_running_loop()
        loaded = self._loaded = loop.create_future()

        def run() -> None:
            try:
                assistant = self._load(self._report)
            except Exception as error:
                logger.exception("the assistant could not be loaded")
                told = str(error) if isinstance(error, NoModelError) else "The assistant could not be loaded."
                loop.call_soon_threadsafe(self._fail, told)
            else:
                loop.call_soon_threadsafe(loaded.set_result, assistant)
                loop.call_soon_threadsafe(self._done, None)

        threading.Thread(target=run, name="loading", daemon=True).start()

    @property
    def problem(self) -> str | None:
        """Why there is no assistant, or None when there is one."""
        if self._error or (self._loaded and self._loaded.done()):
            return self._error
        return f"The assistant is being loaded: {self._doing}."

    async def assistant(self) -> Assistant:
        """The assistant; waits for it a while.

        Raises:
            ApiError: it could not be loaded, or is not there in time.
        """
        if self._loaded is None or self._error:
            raise ApiError(503, self.problem)
        try:
            return await asyncio.wait_for(asyncio.shield(self._loaded), _PATIENCE)
        except asyncio.TimeoutError as error:
            raise ApiError(503, self.problem) from error

    def _fail(self, error: str) -> None:
        self._error = error
        self._done(error)

    def _report(self, doing: str) -> None:
        self._doing = doing
