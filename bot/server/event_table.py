"""The table in which Rasa keeps the events of conversations, for those who need nothing else of Rasa."""

from __future__ import annotations

import json
from typing import Any

import sqlalchemy as sa  # type: ignore[import-untyped]

from bot.server.transcript import KINDS, Transcript

events = sa.table("events", *(sa.column(name) for name in ("id", "sender_id", "type_name", "timestamp", "data")))


def read(engine: Any, transcript: Transcript, conversation: str) -> Transcript:
    """Adds to a transcript what has been said since it was last read; a new one if the conversation was deleted."""
    here = sa.and_(events.c.sender_id == conversation, events.c.type_name.in_(KINDS))
    # The last row is read again: if it is gone, so is all that was read before it.
    rows = sa.select([events.c.id, events.c.data]).where(here, events.c.id >= transcript.last_row)
    with engine.connect() as connection:
        found = connection.execute(rows.order_by(events.c.id)).all()
    if transcript.last_row and (not found or found[0].id != transcript.last_row):
        return read(engine, Transcript(), conversation)
    for row, data in found[1 if transcript.last_row else 0 :]:
        transcript.add(row, json.loads(data))
    return transcript
