"""The tables of the delivery path, beside the conversations in the same database."""

from __future__ import annotations

import time
from typing import Any

import sqlalchemy as sa  # type: ignore[import-untyped]

metadata = sa.MetaData()

_TRIES = 5

inbox = sa.Table(
    "channel_inbox",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("platform", sa.String(20), nullable=False),
    sa.Column("key", sa.String(64), nullable=False),
    sa.Column("conversation", sa.String(100), nullable=False, index=True),
    sa.Column("position", sa.Float, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("choice", sa.String(64)),
    sa.Column("in_group", sa.Boolean, nullable=False),
    sa.Column("address", sa.JSON, nullable=False),
    sa.Column("received_at", sa.Float, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False, default=0),
    sa.Column("answered_at", sa.Float, index=True),
    sa.UniqueConstraint("platform", "key"),
)
"""Messages that were accepted. The text is erased once it is answered; the key stays to know duplicates by."""

outbox = sa.Table(
    "channel_outbox",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("platform", sa.String(20), nullable=False),
    sa.Column("key", sa.String(64), nullable=False, unique=True),
    sa.Column("conversation", sa.String(100), nullable=False, index=True),
    sa.Column("place", sa.String(64), nullable=False),
    sa.Column("request", sa.JSON, nullable=False),
    sa.Column("plain", sa.JSON),
    sa.Column("notice", sa.JSON),
    sa.Column("created_at", sa.Float, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False, default=0),
    sa.Column("due_at", sa.Float, nullable=False),
    sa.Column("done_at", sa.Float, index=True),
    sa.Column("failure", sa.Text),
)
"""Calls that show the answers. What was sent is erased; a row with `failure` could not be delivered and keeps it."""

conversations = sa.Table(
    "channel_conversations",
    metadata,
    sa.Column("conversation", sa.String(100), primary_key=True),
    sa.Column("platform", sa.String(20), nullable=False),
    sa.Column("owner", sa.String(32)),
    sa.Column("owned_until", sa.Float, nullable=False, default=0.0),
    sa.Column("introduced", sa.Boolean, nullable=False, default=False),
    sa.Column("choices", sa.JSON),
)
"""Who works on a conversation now, whether its group was warned, and the quick replies it showed last."""

memory = sa.Table(
    "channel_memory",
    metadata,
    sa.Column("name", sa.String(100), primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
)


def open_engine(url: str) -> Any:
    """The database at `url`, with the tables made if they are not there.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: it does not answer.
    """
    if url.startswith("sqlite"):
        engine = sa.create_engine(url, poolclass=sa.pool.QueuePool, connect_args={"check_same_thread": False})
        sa.event.listen(engine, "connect", _durable)
    else:
        engine = sa.create_engine(url, pool_pre_ping=True, connect_args={"connect_timeout": 5})
    engine.hide_parameters = True  # an error would name them, and they are what people wrote
    make_tables(engine, metadata)
    return engine


def make_tables(engine: Any, wanted: Any) -> None:
    """Makes the tables of `wanted` that are not there, whoever else is doing the same now."""
    for attempt in range(_TRIES):
        try:
            _make_tables(engine, wanted)
        except (sa.exc.IntegrityError, sa.exc.ProgrammingError):  # noqa: PERF203 - it is the loop that tries again
            # PostgreSQL lets two workers begin to make the same table
            if attempt == _TRIES - 1:
                raise
            time.sleep(0.1)
        else:
            return


def _make_tables(engine: Any, wanted: Any) -> None:
    with engine.begin() as connection:
        for table in wanted.sorted_tables:
            # several workers may begin at the same time, which `create_all` is not made for
            connection.execute(sa.schema.CreateTable(table, if_not_exists=True))
            for index in table.indexes:
                connection.execute(sa.schema.CreateIndex(index, if_not_exists=True))


def _durable(connection: Any, _: Any) -> None:
    """A message counts as kept when it is on the disk: it is acknowledged then, and the platform forgets it."""
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA busy_timeout=10000")
