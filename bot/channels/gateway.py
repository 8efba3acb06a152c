"""The platforms that are configured, as part of the server: routes, listeners and the dispatcher."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.channels.dispatcher import Dispatcher
from bot.channels.handling import Turn
from bot.channels.mailbox import Mailbox
from bot.channels.model import ListeningPlatform, Platform, RefusedError, WebhookPlatform
from bot.server.stopping import Stopping

logger = logging.getLogger(__name__)

_KEPT_WITHIN = 2.0
"""Seconds to keep a delivery in; the strictest platform waits three. Later the delivery is refused and comes again."""
_RETRY_EVERY = 2.0


class Gateway:
    """Takes in what the platforms deliver and answers it."""

    def __init__(
        self,
        platforms: Sequence[Platform],
        database_url: str,
        turn: Turn,
        *,
        lease: float = 60.0,
        poll: float = 1.0,
        stopping: Stopping | None = None,
        stop_within: float = 10.0,
    ) -> None:
        """Prepare; nothing is opened before `running`.

        Args:
            platforms: those that are configured.
            database_url: where the inbox and outbox are kept.
            turn: asks the assistant.
            lease, poll, stop_within: see `Dispatcher`.
            stopping: tells when the server is being stopped; from then on nothing new is begun here.
        """
        self._platforms: Mapping[str, Platform] = {platform.name: platform for platform in platforms}
        self._url = database_url
        self._turn = turn
        self._lease = lease
        self._poll = poll
        self._stopping = stopping or Stopping()
        self._stop_within = stop_within
        self._dispatcher: Dispatcher | None = None
        self._started: set[str] = set()

    def routes(self) -> list[Route]:
        """Where the platforms deliver: `/webhooks/<platform>/webhook`, as with Rasa's own connectors."""
        return [
            Route(f"/webhooks/{name}/webhook", self._receiver(platform), methods=["GET", "POST"])
            for name, platform in self._platforms.items()
            if isinstance(platform, WebhookPlatform)
        ]

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Works in the background; what has been begun is ended on the way out."""
        if not self._platforms:
            yield
            return
        task = asyncio.get_running_loop().create_task(self._work())
        end = task.cancel
        self._stopping.add(end)
        task.add_done_callback(lambda _: self._stopping.remove(end))
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def measure(self) -> None:
        """Bring the figures of the mailbox up to date."""
        if self._dispatcher is not None and not self._stopping.begun:
            await self._dispatcher.measure()

    async def _work(self) -> None:
        dispatcher = Dispatcher(
            await self._open(),
            self._platforms,
            self._turn,
            lease=self._lease,
            poll=self._poll,
            stop_within=self._stop_within,
        )
        self._dispatcher = dispatcher
        jobs = [dispatcher.run(), *(self._attend(platform, dispatcher) for platform in self._platforms.values())]
        tasks = [asyncio.get_running_loop().create_task(job) for job in jobs]
        try:
            await asyncio.gather(*tasks)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            async with AsyncExitStack() as closing:
                for platform in self._platforms.values():
                    closing.push_async_callback(platform.stop)

    async def _open(self) -> Mailbox:
        """The mailbox, as soon as the database answers; until then deliveries are refused and come again."""
        from bot.channels.database import open_engine

        while True:
            try:
                return await asyncio.to_thread(lambda: Mailbox(open_engine(self._url)))
            except Exception:
                logger.exception("the database of the conversations does not answer")
            await asyncio.sleep(_RETRY_EVERY)

    async def _attend(self, platform: Platform, dispatcher: Dispatcher) -> None:
        """Starts a platform, however often that has to be tried, and listens to it if it does not call by itself."""
        wait = _RETRY_EVERY
        while True:
            try:
                if platform.name not in self._started:
                    await platform.start()
                    self._started.add(platform.name)
                if not isinstance(platform, ListeningPlatform):
                    return
                await platform.listen(partial(dispatcher.accept, platform.name), dispatcher)
            except Exception as error:
                logger.warning("%s cannot be reached: %s", platform.name, error)
            await asyncio.sleep(wait)
            wait = min(wait * 2, 60.0)

    def _receiver(self, platform: WebhookPlatform) -> Callable[[Request], Awaitable[Response]]:
        async def receive(request: Request) -> Response:
            if self._dispatcher is None or platform.name not in self._started:
                return PlainTextResponse("starting", 503, {"Retry-After": "5"})
            began = time.monotonic()
            try:
                received = await platform.receive(request)
                keeping = self._dispatcher.accept(platform.name, received.messages)
                await asyncio.wait_for(keeping, max(0.1, _KEPT_WITHIN - (time.monotonic() - began)))
            except RefusedError as error:
                logger.warning("%s: a delivery was refused: %s", platform.name, error)
                return PlainTextResponse("refused", error.status)
            except Exception:
                logger.exception("%s: a delivery could not be kept", platform.name)
                return PlainTextResponse("not kept", 503)
            if isinstance(received.body, str):
                return PlainTextResponse(received.body, received.status)
            content = json.dumps(received.body, ensure_ascii=False).encode()
            return Response(content, received.status, media_type="application/json")

        return receive
