"""Conversations in an SQL database, as Rasa keeps them, with less work for every turn."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from typing import Any

import sqlalchemy as sa  # type: ignore[import-untyped]
from rasa.core.tracker_store import SQLTrackerStore, TrackerStore
from rasa.shared.core.events import Event, SessionStarted
from rasa.shared.core.trackers import DialogueStateTracker

from bot.server.databases import Writers, open_engine
from bot.server.failures import ConflictError
from bot.server.metrics import store_call
from bot.server.session_tracker import SessionTracker
from bot.server.transcript import KINDS, Transcript

logger = logging.getLogger(__name__)

_TABLE = SQLTrackerStore.SQLEvent.__table__

_KEPT = 64
"""Conversations that are kept in memory between their turns."""
_RETRY_EVERY = 2.0
"""Seconds between two tries to reach the database when the server starts."""
_NOBODY = "health-check"
"""A conversation that is never kept."""


Place = tuple[int, float]
"""The last row of a conversation: its number and its time. SQLite may give the number of a deleted row once more."""


class ConversationStore(SQLTrackerStore):
    """Rasa's store. A turn begins with reading all events of the session; for the conversations that go on now
    that is replaced by asking whether the database still holds what was written last.

    A turn is kept only if nothing was added to its conversation since it began: whatever becomes of locks, two
    servers cannot both answer one message, nor can a turn go by facts that are no longer there. The event loop
    never waits for the database.
    """

    def __init__(self, url: str) -> None:
        """Connect to the database at `url` and make the table if it is not there; waits for the database."""
        TrackerStore.__init__(self, None, None)
        self.engine = open_engine(url)
        if url.startswith("sqlite"):
            sa.event.listen(self.engine, "connect", _write_ahead)
        self.sessionmaker = sa.orm.session.sessionmaker(bind=self.engine)
        self._writers = Writers(self.engine)
        self._kept: dict[str, tuple[Place, SessionTracker]] = {}
        while not self._make_table():
            time.sleep(_RETRY_EVERY)

    def init_tracker(self, sender_id: str) -> SessionTracker:
        """See parent class."""
        return SessionTracker(sender_id, self.domain.slots, max_event_history=self.max_event_history)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Add the events of a turn; how many were there is remembered from reading them.

        Raises:
            ConflictError: the conversation has gone on elsewhere.
        """
        if not isinstance(tracker, SessionTracker):
            raise TypeError("only what this store has read or made is kept here")
        await self.stream_events(tracker)
        new = list(tracker.events)[tracker.stored :]
        rows = [_row(tracker.sender_id, event) for event in new]
        place = await asyncio.to_thread(self._add, tracker.sender_id, rows, tracker.place)
        tracker.stored, tracker.place = len(tracker.events), place
        if place and not any(isinstance(event, SessionStarted) for event in new):
            self._kept[tracker.sender_id] = (place, tracker)
            if len(self._kept) > _KEPT:
                self._kept.pop(next(iter(self._kept)), None)

    def read(self, transcript: Transcript, sender_id: str) -> Transcript:
        """What has been said, read from where a transcript ends; from the beginning if that is no longer there."""
        with store_call("conversations", "transcript"), self.engine.connect() as connection:
            rows = connection.execute(_spoken(sender_id, transcript.last_row)).all()
            if transcript.last_row and (not rows or (rows[0].id, rows[0].timestamp) != transcript.place):
                transcript = Transcript()
                rows = connection.execute(_spoken(sender_id, 0)).all()
        for row in rows:
            if row.id > transcript.last_row:
                transcript.add(row.id, row.timestamp, json.loads(row.data))
        return transcript

    def forget(self, sender_id: str) -> None:
        """Deletes a conversation."""
        self._kept.pop(sender_id, None)
        with self._writers.one(), self.engine.begin() as connection:
            connection.execute(_TABLE.delete().where(_TABLE.c.sender_id == sender_id))

    def probe(self) -> None:
        """Write and take it back; raises whatever the database raises. A full disk is still read from."""
        with store_call("conversations", "probe"), self._writers.one(), self.engine.begin() as connection:
            connection.execute(_TABLE.insert(), {"sender_id": _NOBODY, "type_name": _NOBODY})
            connection.execute(_TABLE.delete().where(_TABLE.c.sender_id == _NOBODY))

    async def _retrieve(self, sender_id: str, fetch_events_from_all_sessions: bool) -> SessionTracker | None:
        # It is kept again when it is saved: what a failing turn leaves behind is of no use.
        last, kept = self._kept.pop(sender_id, (None, None))
        if fetch_events_from_all_sessions:
            last = None
        place, data = await asyncio.to_thread(self._events, sender_id, fetch_events_from_all_sessions, last)
        if kept and last and place == last:
            return kept
        if not data or not self.domain:
            return None
        tracker = SessionTracker(sender_id, self.domain.slots)
        for event in data:
            tracker.update(Event.from_parameters(json.loads(event)))
        tracker.stored, tracker.place = len(data), place
        return tracker

    def _events(self, sender_id: str, all_sessions: bool, unless: Place | None) -> tuple[Place | None, list[str]]:
        """The last row and the events of a conversation; without these if the last row is `unless`.

        The session begins at the row that says so: its time is no measure, as clocks are set back.
        """
        here = _TABLE.c.sender_id == sender_id
        with store_call("conversations", "read"), self.engine.connect() as connection:
            place = _last(connection, sender_id)
            if place is None or place == unless:
                return place, []
            query = sa.select(_TABLE.c.id, _TABLE.c.timestamp, _TABLE.c.data).where(here)
            if not all_sessions:
                began = sa.select(sa.func.max(_TABLE.c.id)).where(here, _TABLE.c.type_name == SessionStarted.type_name)
                query = query.where(_TABLE.c.id >= sa.func.coalesce(began.scalar_subquery(), 0))
            rows = connection.execute(query.order_by(_TABLE.c.id)).all()
        return ((rows[-1].id, rows[-1].timestamp) if rows else None), [row.data for row in rows]

    def _add(self, sender_id: str, rows: list[dict[str, Any]], seen: Place | None) -> Place | None:
        """Adds rows behind the one that was the last when the turn began; returns which is now the last."""
        if not rows:
            return seen
        with store_call("conversations", "write"), self._writers.one(), self.engine.begin() as connection:
            # From here on nobody else adds to the conversation before this has ended. SQLite has one writer at a
            # time, and becomes that with the first statement that writes.
            if connection.dialect.name == "postgresql":
                connection.execute(sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtext(sender_id))))
            else:
                connection.execute(_TABLE.delete().where(_TABLE.c.id < 0))
            if _last(connection, sender_id) != seen:
                raise ConflictError
            connection.execute(_TABLE.insert(), rows)
            return _last(connection, sender_id)

    def _make_table(self) -> bool:
        try:
            self.Base.metadata.create_all(self.engine)
        except sa.exc.SQLAlchemyError:
            logger.exception("the database of the conversations does not answer")
            return False
        return True


def _write_ahead(connection: Any, _: Any) -> None:
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")


def _last(connection: Any, sender_id: str) -> Place | None:
    rows = sa.select(_TABLE.c.id, _TABLE.c.timestamp).where(_TABLE.c.sender_id == sender_id)
    row = connection.execute(rows.order_by(_TABLE.c.id.desc()).limit(1)).first()
    return (row.id, row.timestamp) if row else None


def _spoken(sender_id: str, since: int) -> Any:
    """The rows of a transcript from `since` on."""
    rows = sa.select(_TABLE.c.id, _TABLE.c.timestamp, _TABLE.c.data)
    mine = rows.where(_TABLE.c.sender_id == sender_id, _TABLE.c.id >= since, _TABLE.c.type_name.in_(KINDS))
    return mine.order_by(_TABLE.c.id)


def _row(sender_id: str, event: Event) -> dict[str, Any]:
    data = event.as_dict()
    return {
        "sender_id": sender_id,
        "type_name": event.type_name,
        "timestamp": data.get("timestamp"),
        "intent_name": data.get("parse_data", {}).get("intent", {}).get("name"),
        "action_name": data.get("name"),
        "data": json.dumps(data),
    }
