"""Connections to the database of the conversations: how many, how long one waits, what of a statement may be told."""

from __future__ import annotations

import select
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa  # type: ignore[import-untyped]

POOL = 5
"""Connections that a worker holds at most unless it is told otherwise; a turn holds one for some milliseconds."""

ANSWERS_WITHIN = 5.0
"""Seconds that a database has for a connection, for a statement, and to lend a connection that others have."""

_POSTGRESQL = {
    "connect_timeout": round(ANSWERS_WITHIN),
    # a server that is gone without a word is noticed after half a minute, and a statement that hangs is ended
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,
    "options": f"-c statement_timeout={round(ANSWERS_WITHIN * 1000)}",
}


def connect(url: str, pool: int = POOL, *, durable: bool = False, patient: bool = False) -> Any:
    """An engine for the database at `url`; nothing is asked of the database yet.

    A connection that broke is replaced unnoticed before it is used. What is not answered in time raises
    `sqlalchemy.exc.OperationalError` or `TimeoutError`, so that no turn waits longer than a user would. Errors do
    not repeat the values of a statement, which are a patient's.

    Args:
        url: SQLite or PostgreSQL.
        pool: connections that are held at most.
        durable: whether a commit waits for the disk in SQLite; in PostgreSQL it always does.
        patient: wait for PostgreSQL as long as a statement takes; for changes of tables, which no user waits for.
    """
    common = {
        "hide_parameters": True,
        "pool_size": pool,
        "max_overflow": 0,
        "pool_timeout": ANSWERS_WITHIN,
    }
    if patient and not url.startswith("sqlite"):
        return sa.create_engine(url, connect_args={"connect_timeout": _POSTGRESQL["connect_timeout"]}, **common)
    if not url.startswith("sqlite"):
        _wait_no_longer()
        return sa.create_engine(url, pool_pre_ping=True, connect_args=_POSTGRESQL, **common)
    # Connections stay open, and may be used by whichever thread needs one.
    waiting = {"check_same_thread": False, "timeout": ANSWERS_WITHIN}
    engine = sa.create_engine(url, poolclass=sa.pool.QueuePool, connect_args=waiting, **common)
    sa.event.listen(engine, "connect", _durable if durable else _fast)
    return engine


class Writers:
    """Those who write into a database at the same time: one for SQLite, which does not let others queue in order."""

    def __init__(self, engine: Any) -> None:
        self._turn = threading.Lock() if engine.dialect.name == "sqlite" else None

    @contextmanager
    def one(self) -> Iterator[None]:
        """Waits until this one may write.

        Raises:
            sqlalchemy.exc.TimeoutError: those before it take too long.
        """
        if self._turn is None:
            yield
            return
        if not self._turn.acquire(timeout=ANSWERS_WITHIN):
            raise sa.exc.TimeoutError("others have been writing for too long")
        try:
            yield
        finally:
            self._turn.release()


def _fast(connection: Any, _: Any) -> None:
    """Readers and the writer do not wait for one another, nor a turn for the disk."""
    _write_ahead(connection)
    connection.execute("PRAGMA synchronous=NORMAL")
    _overwrite_deleted(connection)


def _durable(connection: Any, _: Any) -> None:
    _write_ahead(connection)
    connection.execute("PRAGMA synchronous=FULL")
    _overwrite_deleted(connection)


def _write_ahead(connection: Any) -> None:
    """Keeps a log of what is written, so that readers see the state before it.

    Of several that ask for it of a new database at once SQLite refuses one without letting it wait, whatever the
    timeout, as it has begun to read already. It may ask again.
    """
    until = time.monotonic() + ANSWERS_WITHIN
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:  # noqa: PERF203 - it is the loop that tries again
            if "locked" not in str(error) or time.monotonic() > until:
                raise
            time.sleep(0.02)
        else:
            return


def _overwrite_deleted(connection: Any) -> None:
    """What is deleted is not merely marked as free."""
    connection.execute("PRAGMA secure_delete=ON")


def _wait_no_longer() -> None:
    """The driver itself would wait for ever for a server that took a statement and is silent from then on."""
    from psycopg2.extensions import set_wait_callback

    set_wait_callback(_wait)


def _wait(connection: Any) -> None:
    """Waits for the server on behalf of the driver, which closes the connection when this raises."""
    from psycopg2 import OperationalError
    from psycopg2.extensions import POLL_OK, POLL_READ

    end = time.monotonic() + ANSWERS_WITHIN
    while (state := connection.poll()) != POLL_OK:
        poll = select.poll()
        poll.register(connection.fileno(), select.POLLIN if state == POLL_READ else select.POLLOUT)
        if not poll.poll(max(0.0, end - time.monotonic()) * 1000):
            raise OperationalError("the database did not answer in time")
