"""Where conversations are kept, and what keeps the turns of one conversation apart."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote, urlsplit

NOBODY = "health-check"
"""A conversation that does not exist."""


def open_tracker_store(url: str) -> Any:
    """The conversations in the database at `url`; waits as long as the database does not answer."""
    from bot.server.tracker_store import ConversationStore

    return ConversationStore(url)


def open_lock_store(url: str | None) -> Any:
    """Locks in the Redis at `url`, or in this process."""
    from rasa.core.lock_store import InMemoryLockStore, RedisLockStore

    if url is None:
        return InMemoryLockStore()
    parts = urlsplit(url)
    return RedisLockStore(
        host=parts.hostname,
        port=parts.port or 6379,
        db=parts.path.strip("/") or 0,
        username=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
        use_ssl=parts.scheme == "rediss",
    )


async def ask_stores(tracker_store: Any, lock_store: Any) -> None:
    """Reads from both stores; raises whatever they raise."""
    await tracker_store.retrieve(NOBODY)
    lock_store.get_lock(NOBODY)
