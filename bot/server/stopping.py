"""Ending without loss: what has been begun is ended, and what has not goes to another server."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

SERVICE_RESTART = 1012
"""The code of a connection that is closed because the server ends: the client opens another one and goes on there."""

_LOOK_EVERY = 0.02


class Stopping:
    """Whether the server is being stopped, and who has something to end before it may."""

    def __init__(self) -> None:
        self.begun = False
        self._concerned: list[Callable[[], object]] = []

    def add(self, tell: Callable[[], object]) -> None:
        """`tell` is called when the server is being stopped; it is then waited for until it is removed."""
        self._concerned.append(tell)

    def remove(self, tell: Callable[[], object]) -> None:
        """Nothing is left to end."""
        self._concerned.remove(tell)

    async def end(self, seconds: float) -> None:
        """Tell everybody, and wait for them, but not for ever."""
        self.begun = True
        for tell in list(self._concerned):
            tell()
        until = asyncio.get_running_loop().time() + seconds
        while self._concerned and asyncio.get_running_loop().time() < until:
            await asyncio.sleep(_LOOK_EVERY)
