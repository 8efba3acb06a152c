"""Hands out what is kept: to its user, and to those who have to answer for the answers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timezone
from typing import Any

import sqlalchemy as sa  # type: ignore[import-untyped]

from bot.privacy.pseudonyms import Pseudonyms
from bot.privacy.tables import audit, feedback
from bot.server.events import read
from bot.server.transcript import Transcript


def conversation_data(engine: Any, conversation: str) -> dict[str, Any]:
    """Everything that is kept of a conversation, as JSON data: messages, the case, feedback and the audit trail."""
    names = Pseudonyms(engine)
    transcript = read(engine, Transcript(), conversation)
    mine = names.conversation(conversation)
    return {
        "exported_at": _time(datetime.now(timezone.utc).timestamp()),
        "conversation": conversation,
        "messages": [
            {"at": _time(exchange.at), "message": exchange.text, "answer": exchange.messages}
            for exchange in transcript.exchanges.values()
        ],
        "case": transcript.case(),
        "feedback": list(table_rows(engine, feedback, mine)),
        "audit": list(table_rows(engine, audit, mine)),
    }


def table_rows(engine: Any, table: Any, conversation: str | None = None) -> Iterator[dict[str, Any]]:
    """The rows of a table in the order of time, their times in words.

    Args:
        engine: the database.
        table: the audit trail or feedback.
        conversation: a pseudonym, for the rows of one conversation.
    """
    query = sa.select([column for column in table.c if column.name != "id"]).order_by(table.c.id)
    if conversation is not None:
        query = query.where(table.c.conversation == conversation)
    with engine.connect() as connection:
        for row in connection.execution_options(stream_results=True).execute(query).mappings():
            yield {**row, "at": _time(row["at"])}


def _time(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, timezone.utc).isoformat(timespec="seconds")
