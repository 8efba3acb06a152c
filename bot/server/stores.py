"""Where conversations are kept, and what keeps the turns of one conversation apart."""

from __future__ import annotations

from typing import Any

from bot.server.database import POOL

NOBODY = "health-check"
"""A conversation that does not exist."""


def open_tracker_store(url: str, pool: int = POOL) -> Any:
    """The conversations in the database at `url`; waits as long as the database does not answer."""
    from bot.server.tracker_store import ConversationStore

    return ConversationStore(url, pool)


def open_lock_store(url: str | None) -> Any:
    """Locks in the Redis at `url`, or in this process."""
    from bot.server.locks import ProcessLocks, RedisLocks

    return RedisLocks(url) if url else ProcessLocks()


async def ask_stores(tracker_store: Any, lock_store: Any) -> None:
    """Reads from both stores; raises whatever they raise."""
    await tracker_store.retrieve(NOBODY)
    lock_store.check()
