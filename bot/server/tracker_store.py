"""Conversations in an SQL database, as Rasa keeps them, with less work for every turn."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import sqlalchemy as sa  # type: ignore[import-untyped]
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.events import Event
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.utils.common import all_subclasses

from bot.server.session_tracker import SessionTracker


class ConversationStore(SQLTrackerStore):
    """Rasa's store. A turn begins with reading all events of the session, so that has to be quick."""

    engine: Any

    def __init__(self, url: str) -> None:
        """Connect to the database at `url` and make the table if it is not there."""
        super().__init__(host=url)
        if url.startswith("sqlite"):
            self._keep_file_open(url)

    def init_tracker(self, sender_id: str) -> SessionTracker:
        """See parent class."""
        return SessionTracker(sender_id, self.domain.slots, max_event_history=self.max_event_history)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Add the events of a turn; how many were there is remembered from reading them."""
        stored = getattr(tracker, "stored", None)
        if stored is None:
            await super().save(tracker)
            return
        await self.stream_events(tracker)
        rows = [_row(tracker.sender_id, event) for event in list(tracker.events)[stored:]]
        if rows:
            with self.engine.begin() as connection:
                connection.execute(self.SQLEvent.__table__.insert(), rows)
        tracker.stored = len(tracker.events)

    async def _retrieve(self, sender_id: str, fetch_events_from_all_sessions: bool) -> SessionTracker | None:
        with self.session_scope() as session:
            query = self._event_query(session, sender_id, fetch_events_from_all_sessions)
            rows = query.with_entities(self.SQLEvent.data).all()
        if not rows or not self.domain:
            return None
        tracker = SessionTracker(sender_id, self.domain.slots)
        for (data,) in rows:
            tracker.update(_event(json.loads(data)))
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


def _event(stored: dict[str, Any]) -> Event:
    """The event that was stored; Rasa searches all its classes anew for each one."""
    return _classes()[stored["event"]]._from_parameters(stored)


@cache
def _classes() -> dict[str, type[Event]]:
    return {event.type_name: event for event in all_subclasses(Event) if hasattr(event, "type_name")}
