"""How long this server waits for a database, and what of a statement may be told: never the values in it."""

from __future__ import annotations

import select
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa  # type: ignore[import-untyped]

ANSWERS_WITHIN = 5.0
"""Seconds that a database has for a connection, for a statement, and to lend a connection that others have."""

_CONNECTIONS = 10
_MORE_CONNECTIONS = 10


def open_engine(url: str) -> Any:
    """The database at `url`. Nothing is asked of it yet.

    A connection that broke is replaced unnoticed before it is used. What is not answered in time raises
    `sqlalchemy.exc.OperationalError` or `TimeoutError`, so that no turn waits longer than a user would.
    """
    options: dict[str, Any] = {
        "hide_parameters": True,
        "poolclass": sa.pool.QueuePool,
        "pool_size": _CONNECTIONS,
        "max_overflow": _MORE_CONNECTIONS,
        "pool_timeout": ANSWERS_WITHIN,
    }
    if url.startswith("sqlite"):
        waiting = {"check_same_thread": False, "timeout": ANSWERS_WITHIN}
        return sa.create_engine(url, connect_args=waiting, **options)
    _wait_no_longer()
    limit = {"options": f"-c statement_timeout={round(ANSWERS_WITHIN * 1000)}"}
    return sa.create_engine(url, connect_args=limit, pool_pre_ping=True, **options)


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
