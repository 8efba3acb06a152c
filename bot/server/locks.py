"""What keeps the turns of one conversation apart and in the order in which their messages came.

Rasa's own locks wait a second before they look again, and give a turn up a minute after its message came, however long
the queue. Its Redis lock reads, changes and writes the queue in three steps, so that two workers may take the same
place in it.
"""

from __future__ import annotations

import asyncio
import contextlib
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from weakref import WeakValueDictionary

from rasa.core.lock_store import LockStore
from redis import Redis
from redis.asyncio import Redis as AsyncRedis
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError

from bot.server.metrics import store_call

LEASE = 10.0
"""Seconds after which a message that its worker does not speak for any more is passed over."""

_STEP = 0.01
"""Seconds that a turn takes at least: whoever is the fifth in the queue need not look again any sooner than in five."""
_LONGEST_PAUSE = 1.0
_ANSWERS_WITHIN = 5.0
_TRIES = 6

_LOOK = """
local queue, ticket, lease, join = KEYS[1], ARGV[1], tonumber(ARGV[2]), ARGV[3] == '1'
redis.call('SET', queue .. ':' .. ticket, '1', 'PX', lease)
local place = redis.call('LPOS', queue, ticket)
if not place then
    if not join then return -1 end
    redis.call('RPUSH', queue, ticket)
end
redis.call('PEXPIRE', queue, lease * 6)
while redis.call('EXISTS', queue .. ':' .. redis.call('LINDEX', queue, 0)) == 0 do
    redis.call('LPOP', queue)
end
return redis.call('LPOS', queue, ticket)
"""
"""Says for a message that it still waits or is being answered, and tells how many are before it. Messages at the head
that nobody speaks for are passed over. One step of Redis, so no other worker comes in between."""

_LEAVE = """
redis.call('DEL', KEYS[1] .. ':' .. ARGV[1])
return redis.call('LREM', KEYS[1], 1, ARGV[1])
"""


class ProcessLocks(LockStore):
    """Locks of a server that has its conversations for itself."""

    def __init__(self) -> None:
        """No conversation is locked."""
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    @asynccontextmanager
    async def lock(self, conversation_id: str, *_: Any, **__: Any) -> AsyncIterator[None]:
        """Waits until all messages that came before have been answered."""
        lock = self._locks.setdefault(conversation_id, asyncio.Lock())
        async with lock:
            yield

    def check(self) -> None:
        """There is nothing that could fail."""


class RedisLocks(LockStore):
    """Locks that any number of workers share: for each conversation a queue of the messages that wait."""

    def __init__(self, url: str, lease: float = LEASE) -> None:
        """Prepare to connect.

        Args:
            url: the Redis.
            lease: see `LEASE`.
        """
        # A Redis that is started again is waited for, some three seconds; one that is silent is not asked again.
        patience = Retry(ExponentialBackoff(cap=1, base=0.05), _TRIES, supported_errors=(RedisConnectionError,))
        again: list[type[Exception]] = [RedisConnectionError]
        self._redis = AsyncRedis.from_url(url, socket_timeout=_ANSWERS_WITHIN, retry=patience, retry_on_error=again)
        self._look, self._leave = (self._redis.register_script(script) for script in (_LOOK, _LEAVE))
        self._joining: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._url = url
        self._lease = lease

    @asynccontextmanager
    async def lock(self, conversation_id: str, *_: Any, **__: Any) -> AsyncIterator[None]:
        """Waits until all messages that came before, to whichever worker, have been answered.

        Raises:
            redis.exceptions.RedisError: Redis does not answer.
        """
        queue, ticket = f"turns:{conversation_id}", uuid.uuid4().hex
        try:
            # one after the other: commands on several connections may overtake one another
            async with self._joining.setdefault(conversation_id, asyncio.Lock()):
                before = await self._before(queue, ticket, join=True)
            while before:
                await asyncio.sleep(min(before * _STEP, _LONGEST_PAUSE, self._lease / 3))
                before = await self._before(queue, ticket, join=True)
            holding = asyncio.get_running_loop().create_task(self._hold(queue, ticket))
            try:
                yield
            finally:
                holding.cancel()
        finally:
            # if this fails, the lease runs out
            with contextlib.suppress(RedisConnectionError, RedisTimeoutError), store_call("locks", "leave"):
                await self._leave(keys=[queue], args=[ticket])

    def check(self) -> None:
        """Raises what Redis, or the lack of it, raises."""
        with contextlib.closing(Redis.from_url(self._url, socket_timeout=_ANSWERS_WITHIN)) as client:
            client.ping()

    async def _before(self, queue: str, ticket: str, *, join: bool) -> int:
        with store_call("locks", "join" if join else "hold"):
            return int(await self._look(keys=[queue], args=[ticket, int(self._lease * 1000), int(join)]))

    async def _hold(self, queue: str, ticket: str) -> None:
        """Speaks for a message while it is being answered."""
        while True:
            await asyncio.sleep(self._lease / 3)
            with contextlib.suppress(RedisConnectionError, RedisTimeoutError):
                if await self._before(queue, ticket, join=False) < 0:
                    return
