"""Gateways with a scripted assistant, for tests of the delivery path."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from typing import Any

from starlette.applications import Starlette

from bot.channels.gateway import Gateway
from bot.channels.generic import connect
from bot.channels.model import Platform
from bot.channels.settings import GenericSettings
from tests.channels.standins.receiver import SECRET
from tests.channels.standins.serving import serving

Said = list[dict[str, Any]]


class Script:
    """Stands for the assistant: answers with what the test wants, and counts."""

    def __init__(self, answer: Callable[[str], Said] | None = None, pause: float = 0.0) -> None:
        self.answer = answer or (lambda text: [{"text": f"answer to {text}"}])
        self.pause = pause
        self.turns: list[tuple[str, str]] = []
        self.again: list[bool] = []
        self.lock = threading.Lock()

    async def __call__(self, sender: str, text: str, message: str, again: bool) -> Said:  # noqa: ARG002
        """See `bot.channels.handling.Turn`."""
        await asyncio.sleep(self.pause)
        with self.lock:
            self.turns.append((sender, text))
            self.again.append(again)
        return self.answer(text)


def generic(url: str) -> Platform:
    """The signed webhook whose answers go to a receiver."""
    return connect(GenericSettings(secret=SECRET, answer_url=f"{url}/answers"))


@contextmanager
def gateway(platforms: Sequence[Platform], database: str, turn: Any, *, lease: float = 6.0) -> Iterator[str]:
    """The address of a running gateway."""
    running = Gateway(platforms, database, turn, lease=lease, poll=0.2)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with running.running():
            yield

    with serving(Starlette(routes=list(running.routes()), lifespan=lifespan)) as url:
        yield url
