"""The table of the conversations, as Rasa lays it out, with the index that reading a conversation needs."""

from __future__ import annotations

import json
from typing import Any

import sqlalchemy as sa  # type: ignore[import-untyped]

from bot.server.migrations import Part, tables
from bot.server.transcript import KINDS, Transcript

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


def read(engine: Any, transcript: Transcript, conversation: str) -> Transcript:
    """What has been said, read from where a transcript ends; from the beginning if that is no longer there."""
    spoken = sa.select(EVENTS.c.id, EVENTS.c.data).where(
        EVENTS.c.sender_id == conversation, EVENTS.c.type_name.in_(KINDS)
    )
    with engine.connect() as connection:
        # The last row is read again: if it is gone, so is all that was read before it.
        rows = connection.execute(spoken.where(EVENTS.c.id >= transcript.last_row).order_by(EVENTS.c.id)).all()
    if transcript.last_row and (not rows or rows[0].id != transcript.last_row):
        return read(engine, Transcript(), conversation)
    for row in rows[1:] if transcript.last_row else rows:
        transcript.add(row.id, json.loads(row.data))
    return transcript


SCHEMA = Part("conversations", (tables(_METADATA), _index))
