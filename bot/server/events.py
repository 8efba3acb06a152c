"""The table of the conversations, as Rasa lays it out, with the index that reading a conversation needs."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa  # type: ignore[import-untyped]

from bot.server.migrations import Part, tables

_METADATA = sa.MetaData()

EVENTS = sa.Table(
    "events",
    _METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("sender_id", sa.String(255), nullable=False),
    sa.Column("type_name", sa.String(255), nullable=False),
    sa.Column("timestamp", sa.Float),
    sa.Column("intent_name", sa.String(255)),
    sa.Column("action_name", sa.String(255)),
    sa.Column("data", sa.Text),
    sqlite_autoincrement=True,
)
"""What Rasa's own table has; described here so that making it does not take the seconds of importing Rasa.

SQLite would otherwise give the number of a deleted row once more, and a conversation could be taken for the one that
was deleted before it."""


def _index(connection: Any) -> None:
    """The latest events of a conversation are found by their number; Rasa's index finds the conversation only."""
    by_number = sa.Index("ix_events_conversation", EVENTS.c.sender_id, EVENTS.c.id, _table=EVENTS)
    connection.execute(sa.schema.CreateIndex(by_number, if_not_exists=True))
    connection.execute(sa.text("DROP INDEX IF EXISTS ix_events_sender_id"))


SCHEMA = Part("conversations", (tables(_METADATA), _index))
