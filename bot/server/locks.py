"""One turn of a conversation at a time, in this process and, with a Redis, among all servers."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
from collections.abc import AsyncIterator
from typing import Any
from weakref import WeakValueDictionary

from rasa.core.lock_store import LockError, LockStore

from bot.server.metrics import store_call

logger = logging.getLogger(__name__)

WAITS = 20.0
"""Seconds that a turn waits for those before it."""

_LEASE = 5.0
"""Seconds after which the conversation of a server that died is free again."""
_RENEW_EVERY = 1.5
_LOOK_EVERY = 0.05
_ANSWERS_WITHIN = 3.0

_RELEASE = "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end return 0"
_RENEW = "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('pexpire', KEYS[1], ARGV[2]) end return 0"


class Locks(LockStore):
    """Turns of this process: one after the other, in the order in which they came. No clock is looked at.

    Rasa's locks end by the clock after a minute, however the turn goes on.
    """

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    @contextlib.asynccontextmanager
    async def lock(self, conversation_id: str, *_: Any, **__: Any) -> AsyncIterator[None]:
        """See parent class; how long a lock lives and how it is waited for is not for callers to say.

        Raises:
            LockError: the turns before it took too long.
        """
        lock = self._locks.setdefault(conversation_id, asyncio.Lock())
        try:
            await (asyncio.wait_for(lock.acquire(), WAITS) if lock.locked() else lock.acquire())
        except asyncio.TimeoutError as error:
            raise LockError("the turns before this one take too long") from error
        try:
            yield
        finally:
            lock.release()

    def probe(self) -> None:
        """Raises whatever keeps it from working."""


class SharedLocks(Locks):
    """Turns of all servers that share a Redis.

    A server that works on a conversation says so again and again; the conversation of one that died is soon free.
    Which of two servers comes first is left to chance: clients wait for an answer before they send the next message.
    Should a lock be lost, e.g. by a Redis that starts anew, the tracker store still keeps one of two turns only.
    """

    def __init__(self, **connection: Any) -> None:
        """Prepare; nothing is asked of the Redis yet.

        Args:
            connection: where it is, as `redis.Redis` takes it.
        """
        import redis

        super().__init__()
        self._redis = redis.Redis(**connection, socket_timeout=_ANSWERS_WITHIN, socket_connect_timeout=_ANSWERS_WITHIN)

    @contextlib.asynccontextmanager
    async def lock(self, conversation_id: str, *_: Any, **__: Any) -> AsyncIterator[None]:
        """See parent class.

        Raises:
            LockError: the turns before it took too long.
            redis.RedisError: the Redis does not answer.
        """
        key, token = f"lock:{conversation_id}", secrets.token_hex(16)
        async with super().lock(conversation_id):
            await self._take(key, token)
            renewing = asyncio.get_running_loop().create_task(self._keep(key, token))
            try:
                yield
            finally:
                renewing.cancel()
                # What was done stays done; a lock that cannot be given back ends by itself.
                await self._try("release", _RELEASE, key, token)

    def probe(self) -> None:
        """Raises whatever keeps the Redis from answering."""
        self._redis.ping()

    async def _take(self, key: str, token: str) -> None:
        end = asyncio.get_running_loop().time() + WAITS
        lease = round(_LEASE * 1000)
        while True:
            with store_call("locks", "take"):
                if await asyncio.to_thread(self._redis.set, key, token, nx=True, px=lease):
                    return
            if asyncio.get_running_loop().time() > end:
                raise LockError("the turns before this one take too long")
            await asyncio.sleep(_LOOK_EVERY)

    async def _keep(self, key: str, token: str) -> None:
        while True:
            await asyncio.sleep(_RENEW_EVERY)
            await self._try("renew", _RENEW, key, token, str(round(_LEASE * 1000)))

    async def _try(self, call: str, script: str, key: str, *values: str) -> None:
        try:
            with store_call("locks", call):
                await asyncio.to_thread(self._redis.eval, script, 1, key, *values)
        except Exception as error:
            logger.warning("a lock could not be kept or given back: %s", error)
