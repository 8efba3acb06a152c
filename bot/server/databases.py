"""How long this server waits for a database, and what of a statement may be told: never the values in it."""

from __future__ import annotations

import select
import time
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
    if url.startswith("sqlite"):
        waiting = {"check_same_thread": False, "timeout": ANSWERS_WITHIN}
        return sa.create_engine(url, hide_parameters=True, poolclass=sa.pool.QueuePool, connect_args=waiting)
    _wait_no_longer()
    return sa.create_engine(
        url,
        hide_parameters=True,
        pool_pre_ping=True,
        pool_size=_CONNECTIONS,
        max_overflow=_MORE_CONNECTIONS,
        pool_timeout=ANSWERS_WITHIN,
        connect_args={"options": f"-c statement_timeout={round(ANSWERS_WITHIN * 1000)}"},
    )


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
