"""Conversations in an SQL database, as Rasa keeps them, with less work for every turn."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa  # type: ignore[import-untyped]
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.events import Event, SessionStarted, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

from bot.privacy import audit, tables
from bot.privacy.erasure import erase
from bot.privacy.pseudonyms import Pseudonyms
from bot.server import event_table
from bot.server.session_tracker import SessionTracker
from bot.server.transcript import Transcript

_TABLE = SQLTrackerStore.SQLEvent.__table__

_KEPT = 64
"""Conversations that are kept in memory between their turns."""


class ConversationStore(SQLTrackerStore):
    """Rasa's store. A turn begins with reading all events of the session; for the conversations that go on now
    that is replaced by asking whether the database still holds what was written last.
    """

    engine: Any

    def __init__(self, url: str) -> None:
        """Connect to the database at `url` and make the table if it is not there."""
        super().__init__(host=url)
        self._kept: dict[str, tuple[int, SessionTracker]] = {}
        if url.startswith("sqlite"):
            self._keep_file_open(url)
        self.engine.hide_parameters = True  # an error would name them, and they are what people wrote
        tables.prepare(self.engine)
        self._names = Pseudonyms(self.engine)

    def init_tracker(self, sender_id: str) -> SessionTracker:
        """See parent class."""
        return SessionTracker(sender_id, self.domain.slots, max_event_history=self.max_event_history)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Add the events of a turn and on what grounds its answers were given, or delete the conversation if the
        turn asked for that. How many events were there is remembered from reading them."""
        stored = tracker.stored if isinstance(tracker, SessionTracker) else None
        await self.stream_events(tracker)
        new = self._new_events(tracker, stored)
        if any(isinstance(event, SlotSet) and event.key == "conversation_deleted" for event in new):
            self.forget(tracker.sender_id)
            return
        data = [event.as_dict() for event in new]
        rows = [_row(tracker.sender_id, event, one) for event, one in zip(new, data, strict=True)]
        grounds = audit.rows(tracker.sender_id, data, self._names)
        with self.engine.begin() as connection:
            for table, added in ((_TABLE, rows), (tables.audit, grounds)):
                if added:
                    connection.execute(table.insert(), added)
            last = connection.execute(_last_id(tracker.sender_id)).scalar()
        if stored is None or not isinstance(tracker, SessionTracker):
            return
        tracker.stored = len(tracker.events)
        if not any(isinstance(event, SessionStarted) for event in new):
            self._kept[tracker.sender_id] = (last, tracker)
            if len(self._kept) > _KEPT:
                del self._kept[next(iter(self._kept))]

    def read(self, transcript: Transcript, sender_id: str) -> Transcript:
        """See `event_table.read`."""
        return event_table.read(self.engine, transcript, sender_id)

    def forget(self, sender_id: str) -> None:
        """Deletes a conversation; see `erase`."""
        self._kept.pop(sender_id, None)
        with self.engine.begin() as connection:
            erase(connection, sender_id, self._names)

    def _new_events(self, tracker: DialogueStateTracker, stored: int | None) -> list[Event]:
        if stored is not None:
            return list(tracker.events)[stored:]
        with self.session_scope() as session:
            return list(self._additional_events(session, tracker))

    async def _retrieve(self, sender_id: str, fetch_events_from_all_sessions: bool) -> SessionTracker | None:
        # It is kept again when it is saved: what a failing turn leaves behind is of no use.
        last, kept = self._kept.pop(sender_id, (None, None))
        with self.session_scope() as session:
            if kept and not fetch_events_from_all_sessions and session.execute(_last_id(sender_id)).scalar() == last:
                return kept
            query = self._event_query(session, sender_id, fetch_events_from_all_sessions)
            rows = query.with_entities(self.SQLEvent.data).all()
        if not rows or not self.domain:
            return None
        tracker = SessionTracker(sender_id, self.domain.slots)
        for (data,) in rows:
            tracker.update(Event.from_parameters(json.loads(data)))
        tracker.stored = len(rows)
        return tracker

    def _keep_file_open(self, url: str) -> None:
        """Connections stay open; readers and the writer do not wait for one another, nor a turn for the disk."""
        self.engine.dispose()
        self.engine = sa.create_engine(url, poolclass=sa.pool.QueuePool, connect_args={"check_same_thread": False})
        sa.event.listen(self.engine, "connect", _write_ahead)
        self.sessionmaker.configure(bind=self.engine)


def _write_ahead(connection: Any, _: Any) -> None:
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
    connection.execute("PRAGMA secure_delete=ON")  # what is deleted is overwritten


def _last_id(sender_id: str) -> Any:
    return sa.select([sa.func.max(_TABLE.c.id)]).where(_TABLE.c.sender_id == sender_id)


def _row(sender_id: str, event: Event, data: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "sender_id": sender_id,
        "type_name": event.type_name,
        "timestamp": data.get("timestamp"),
        "intent_name": data.get("parse_data", {}).get("intent", {}).get("name"),
        "action_name": data.get("name"),
        "data": json.dumps(data),
    }
