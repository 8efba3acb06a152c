"""Connections to the database of the conversations."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa  # type: ignore[import-untyped]

POOL = 5
"""Connections that a worker holds at most unless it is told otherwise; a turn holds one for some milliseconds."""

_SECONDS_FOR_A_CONNECTION = 10
_POSTGRESQL = {
    "connect_timeout": 5,
    # a server that is gone without a word is noticed after half a minute, and a statement that hangs is ended
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,
    "options": "-c statement_timeout=10000",
}


def connect(url: str, pool: int = POOL, *, durable: bool = False) -> Any:
    """An engine for the database at `url`; nothing is asked of the database yet.

    Args:
        url: SQLite or PostgreSQL.
        pool: connections that are held at most. Whoever needs one more waits ten seconds for it.
        durable: whether a commit waits for the disk in SQLite; in PostgreSQL it always does.
    """
    bounded = {"pool_size": pool, "max_overflow": 0, "pool_timeout": _SECONDS_FOR_A_CONNECTION}
    if not url.startswith("sqlite"):
        return sa.create_engine(url, pool_pre_ping=True, connect_args=_POSTGRESQL, **bounded)
    # Connections stay open, and may be used by whichever thread needs one.
    engine = sa.create_engine(
        url, poolclass=sa.pool.QueuePool, connect_args={"check_same_thread": False, "timeout": 10}, **bounded
    )
    sa.event.listen(engine, "connect", _durable if durable else _fast)
    return engine


def _fast(connection: Any, _: Any) -> None:
    """Readers and the writer do not wait for one another, nor a turn for the disk."""
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")


def _durable(connection: Any, _: Any) -> None:
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
