"""Where conversations are kept, and what keeps the turns of one conversation apart."""

from __future__ import annotations

import asyncio
from typing import Any

from bot.server.database import POOL


def open_tracker_store(url: str, pool: int = POOL) -> Any:
    """The conversations in the database at `url`; waits as long as the database does not answer."""
    from bot.server.tracker_store import ConversationStore

    return ConversationStore(url, pool)


def open_lock_store(url: str | None) -> Any:
    """Locks in the Redis at `url`, or in this process."""
    from bot.server.locks import ProcessLocks, RedisLocks

    return RedisLocks(url) if url else ProcessLocks()


async def ask_stores(tracker_store: Any, lock_store: Any) -> None:
    """Asks both stores to do what a turn needs of them; raises whatever they raise."""
    await asyncio.to_thread(tracker_store.check)
    await asyncio.to_thread(lock_store.check)
