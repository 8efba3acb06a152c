"""Answers what waits and sends what is due: conversations side by side, each of them in order."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import logging
import time
import uuid
from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, TypeVar

from bot.channels.handling import Reply, Turn, reply_to, undelivered
from bot.channels.mailbox import Call, Mailbox, Waiting
from bot.channels.model import SHOW, DeniedError, Incoming, Platform, RejectedError, TryLaterError
from bot.channels.pace import GIVE_UP_AFTER, Pacer, backoff
from bot.channels.pictures import drawn
from bot.server import logs, metrics

logger = logging.getLogger(__name__)

_SLOTS = 16
"""Conversations of one platform that are worked on at a time; a platform that hangs holds up none of the others."""
_SEND_WITHIN = 30.0
_SHOW_WITHIN = 15.0
_PURGE_EVERY = 3600.0
_MEASURED_WITHIN = 3.0
_TRIES = 5
"""How often a message is begun with before the user is told that something went wrong."""

T = TypeVar("T")


class Dispatcher:
    """One of these runs in every worker. What a worker has begun and not ended, another one takes over."""

    def __init__(
        self,
        mailbox: Mailbox,
        platforms: Mapping[str, Platform],
        turn: Turn,
        *,
        lease: float = 60.0,
        poll: float = 1.0,
        stop_within: float = 10.0,
    ) -> None:
        """Prepare to run.

        Args:
            mailbox: the inbox and outbox.
            platforms: those that this process can send to.
            turn: asks the assistant.
            lease: seconds after which a conversation that nobody reports on is taken over.
            poll: seconds between two looks at what other workers have left.
            stop_within: seconds that what was begun may take to end.
        """
        self._mailbox = mailbox
        self._platforms = platforms
        self._turn = turn
        self._lease = lease
        self._send_within = min(_SEND_WITHIN, lease / 2)
        self._poll = poll
        self._stop_within = stop_within
        self._me = uuid.uuid4().hex
        self._pacers = {name: Pacer(platform.pace) for name, platform in platforms.items()}
        self._running: dict[str, tuple[str, asyncio.Task[None]]] = {}
        self._wake = asyncio.Event()
        self._stopping = False
        # One thread: the database is asked one thing at a time, and never while the event loop waits.
        self._thread = ThreadPoolExecutor(1, "mailbox")
        self._asking = asyncio.Lock()

    async def ask(self, method: Callable[..., T], *arguments: Any) -> T:
        """Call the mailbox without waiting for it in the event loop.

        Only one of these calls is handed to the thread at a time: a delivery, which has to be acknowledged soon, never
        waits for more than one of them.
        """
        async with self._asking:
            return await self._call(method, *arguments)

    async def _call(self, method: Callable[..., T], *arguments: Any) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, partial(method, *arguments))

    async def accept(self, platform: str, messages: Sequence[Incoming]) -> None:
        """Keep messages; when this returns they will be answered, whatever happens."""
        if messages:
            await self._call(self._mailbox.accept, platform, messages)
            self._wake.set()

    async def recall(self, name: str) -> str | None:
        """See `Memory`."""
        return await self.ask(self._mailbox.recall, name)

    async def remember(self, name: str, value: str) -> None:
        """See `Memory`."""
        await self.ask(self._mailbox.remember, name, value)

    async def measure(self) -> None:
        """Bring the figures of the mailbox up to date; those of before stay if the database does not answer."""
        try:
            queues = await asyncio.wait_for(self.ask(self._mailbox.queues), _MEASURED_WITHIN)
        except Exception:
            logger.exception("the mailbox does not answer")
            return
        for platform, box in itertools.product(self._platforms, ("in", "out")):
            waiting, oldest = queues.get((platform, box), (0, 0.0))
            metrics.MAILBOX_WAITING.labels(platform, box).set(waiting)
            metrics.MAILBOX_AGE.labels(platform, box).set(oldest)

    async def run(self) -> None:
        """Work until it is cancelled; then what has been begun is ended, if that does not take long."""
        purged = 0.0
        try:
            while True:
                self._wake.clear()
                try:
                    if time.monotonic() - purged > _PURGE_EVERY:
                        await self.ask(self._mailbox.purge)
                        purged = time.monotonic()
                    await self._begin_what_waits()
                except Exception:
                    logger.exception("the mailbox does not answer")
                    await asyncio.sleep(self._poll)
                with contextlib.suppress(asyncio.TimeoutError):
                    await asyncio.wait_for(self._wake.wait(), self._poll)
        finally:
            await self._end()

    async def _end(self) -> None:
        tasks = [task for _, task in self._running.values()]
        self._stopping = True
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=self._stop_within)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        self._thread.shutdown(wait=False)

    async def _begin_what_waits(self) -> None:
        for conversation, name in await self.ask(self._mailbox.waiting, list(self._platforms)):
            busy = sum(platform == name for platform, _ in self._running.values())
            if conversation in self._running or busy >= _SLOTS:
                continue
            task = asyncio.get_running_loop().create_task(self._attend(conversation, name))
            self._running[conversation] = (name, task)
            task.add_done_callback(partial(self._ended, conversation))

    def _ended(self, conversation: str, task: asyncio.Task[None]) -> None:
        del self._running[conversation]
        if not task.cancelled() and task.exception():
            logger.error("a conversation could not be attended to", exc_info=task.exception())
        else:
            self._wake.set()

    async def _attend(self, conversation: str, name: str) -> None:
        """Sends and answers in order until nothing is left or the platform wants a break."""
        keep: Callable[[], Awaitable[bool]] = partial(
            self.ask, self._mailbox.claim, conversation, name, self._me, self._lease
        )
        if not await keep():
            return
        try:
            while not self._stopping and await keep():
                call = await self.ask(self._mailbox.next_call, conversation)
                if call is not None:
                    if call.due_at > time.time() or not await self._make(call):
                        return
                    continue
                message = await self.ask(self._mailbox.next_message, conversation)
                if message is None:
                    return
                await self._answer(message)
        finally:
            await self.ask(self._mailbox.release, conversation, self._me)

    async def _answer(self, message: Waiting) -> None:
        platform = self._platforms[message.platform]
        introduced, kept = await self.ask(self._mailbox.state, message.conversation)
        try:
            reply: Reply = await reply_to(message, platform, self._turn, introduced, kept)
        except Exception:
            if message.attempts < _TRIES:
                raise
            logger.exception("a message could not be answered, given up")
            reply = (undelivered(message, platform), "", None, None)
        await self.ask(self._mailbox.answer, message, *reply)

    async def _make(self, call: Call) -> bool:
        """Makes a call; False if it has to be tried again later."""
        pause = self._pacers[call.platform].reserve(call.place)
        if pause > self._lease / 4:
            await self.ask(self._mailbox.postpone, call, pause)
            return False
        await asyncio.sleep(pause)
        await self.ask(self._mailbox.trying, call)
        try:
            await self._send(call)
        except RejectedError as error:
            await self._refused(call, logs.describe(error))
            return True
        except Exception as error:
            if SHOW in call.request and (call.attempts or isinstance(error, DeniedError)):
                await self._refused(call, logs.describe(error))
                if isinstance(error, DeniedError):
                    return True
            return await self._failed(call, error)
        await self.ask(self._mailbox.sent, call)
        return True

    async def _send(self, call: Call) -> None:
        """Sends what is said, or shows a picture: that is tried twice and not long, since it can be put into words."""
        platform = self._platforms[call.platform]
        if SHOW not in call.request:
            await asyncio.wait_for(platform.send(call.request, call.key), self._send_within)
            return

        async def show() -> None:
            await platform.show(await drawn(call.request[SHOW]), call.request["address"], call.key)

        await asyncio.wait_for(show(), min(_SHOW_WITHIN, self._send_within))

    async def _refused(self, call: Call, reason: str) -> None:
        if call.plain is not None:
            logger.warning("%s refused a message, trying its plain form: %s", call.platform, reason)
            await self.ask(self._mailbox.simplify, call)
        else:
            logger.error("%s refused a message for good: %s", call.platform, reason)
            await self.ask(self._mailbox.give_up, call, reason)

    async def _failed(self, call: Call, error: Exception) -> bool:
        reason = logs.describe(error)
        if time.time() - call.created_at > GIVE_UP_AFTER:
            logger.error("%s has not taken a message for a day, given up: %s", call.platform, reason)
            await self.ask(self._mailbox.give_up, call, reason)
            return True
        expected = isinstance(error, TryLaterError | asyncio.TimeoutError | OSError)
        logger.warning("%s did not take a message: %s", call.platform, reason, exc_info=None if expected else error)
        asked = error.after if isinstance(error, TryLaterError) else None
        await self.ask(self._mailbox.postpone, call, backoff(call.attempts + 1, asked))
        return False
