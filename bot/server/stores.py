"""Where conversations are kept, and what keeps the turns of one conversation apart."""

from __future__ import annotations

import asyncio
from typing import Any
from urllib.parse import unquote, urlsplit


def open_tracker_store(url: str) -> Any:
    """The conversations in the database at `url`; waits as long as the database does not answer."""
    from bot.server.tracker_store import ConversationStore

    return ConversationStore(url)


def open_lock_store(url: str | None) -> Any:
    """Locks in the Redis at `url`, or in this process."""
    from bot.server.locks import Locks, SharedLocks

    if url is None:
        return Locks()
    parts = urlsplit(url)
    return SharedLocks(
        host=parts.hostname,
        port=parts.port or 6379,
        db=parts.path.strip("/") or 0,
        username=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
        ssl=parts.scheme == "rediss",
    )


async def ask_stores(tracker_store: Any, lock_store: Any) -> None:
    """Asks both stores to do what a turn needs of them; raises whatever they raise."""
    await asyncio.to_thread(tracker_store.probe)
    await asyncio.to_thread(lock_store.probe)
