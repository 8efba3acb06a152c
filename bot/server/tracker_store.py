"""Conversations in an SQL database, as Rasa keeps them, with less work for every turn."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Any

import sqlalchemy as sa  # type: ignore[import-untyped]
from rasa.core.tracker_store import SQLTrackerStore, TrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.events import ActionExecuted, ActiveLoop, AllSlotsReset, Event, SessionStarted, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

from bot.privacy import audit, tables
from bot.privacy.erasure import erase
from bot.privacy.pseudonyms import Pseudonyms
from bot.server import events
from bot.server.database import POOL, Writers, connect
from bot.server.events import EVENTS
from bot.server.failures import ConflictError
from bot.server.metrics import store_call
from bot.server.migrations import up_to_date
from bot.server.schema import PARTS
from bot.server.session_tracker import SessionTracker
from bot.server.transcript import Transcript

logger = logging.getLogger(__name__)

TURNS = 12
"""Turns of a session that are read word for word. Of what came before only the slots and the running form are kept:
nothing looks further back, and a turn would take longer with every turn before it."""

_KEPT = 64
"""Conversations that are kept in memory between their turns."""
_TRY_AGAIN_AFTER = 1.0
_NOBODY = "health-check"
"""A conversation that is never kept."""
_KEPT_STATE = (SlotSet.type_name, ActiveLoop.type_name, AllSlotsReset.type_name)
"""The events whose latest ones make up the state of a conversation."""

# Statements of every turn, put together once.
_SENDER = EVENTS.c.sender_id == sa.bindparam("sender")
_SINCE = (
    sa.select(EVENTS.c.id, EVENTS.c.type_name, EVENTS.c.data)
    .where(_SENDER, EVENTS.c.id >= sa.bindparam("row"))
    .order_by(EVENTS.c.id)
)
_LATEST = sa.select(EVENTS.c.id).where(_SENDER).order_by(EVENTS.c.id.desc()).limit(sa.bindparam("count"))
_INSERT, _INSERT_GROUNDS = EVENTS.insert(), tables.audit.insert()
_LOCK = sa.text("SELECT pg_advisory_xact_lock(hashtext(:sender))")


class ConversationStore(SQLTrackerStore):
    """Rasa's store. A turn begins with reading all events of the session; for the conversations that go on now
    that is replaced by reading what other workers have added since. A turn is kept only if nobody else has added
    to the conversation in between, whatever has become of the lock. The event loop never waits for the database.
    """

    engine: Any

    def __init__(self, url: str, pool: int = POOL) -> None:
        """Connect to the database at `url`, wait until it answers, and bring its tables up to date."""
        TrackerStore.__init__(self, None, None)
        self.engine = connect(url, pool)
        self.sessionmaker = sa.orm.sessionmaker(bind=self.engine)
        self._writers = Writers(self.engine)
        self._kept: dict[str, SessionTracker] = {}
        while True:
            try:
                up_to_date(self.engine, *PARTS)
                break
            except sa.exc.OperationalError as error:
                logger.warning("the database of the conversations does not answer: %s", error.orig)
                time.sleep(_TRY_AGAIN_AFTER)
        self._names = Pseudonyms(self.engine)

    def init_tracker(self, sender_id: str) -> SessionTracker:
        """See parent class."""
        return SessionTracker(sender_id, self.domain.slots, max_event_history=self.max_event_history)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Add the events of a turn and on what grounds its answers were given, or delete the conversation if the turn
        asked for that. How many events were there is remembered from reading them.

        Raises:
            ConflictError: there are other events since.
        """
        if not isinstance(tracker, SessionTracker):
            raise TypeError("only what this store has read or made is kept here")
        await self.stream_events(tracker)
        new = list(islice(tracker.events, tracker.stored, None))
        if any(isinstance(event, SlotSet) and event.key == "conversation_deleted" for event in new):
            await asyncio.to_thread(self.forget, tracker.sender_id)
            return
        if new:
            tracker.last_row = await asyncio.to_thread(self._append, tracker.sender_id, new, tracker.last_row)
            tracker.stored = len(tracker.events)
        if not any(isinstance(event, SessionStarted) for event in new):
            self._keep(tracker)

    def read(self, transcript: Transcript, sender_id: str) -> Transcript:
        """See `events.read`."""
        with store_call("conversations", "transcript"):
            return events.read(self.engine, transcript, sender_id)

    def forget(self, sender_id: str) -> None:
        """Deletes a conversation; see `erase`."""
        self._kept.pop(sender_id, None)
        with store_call("conversations", "forget"), self._writers.one(), self.engine.begin() as connection:
            erase(connection, sender_id, self._names)

    def check(self) -> None:
        """Write and take it back; raises whatever the database raises. A full disk is still read from."""
        with store_call("conversations", "check"), self._writers.one(), self.engine.begin() as connection:
            connection.execute(EVENTS.insert(), {"sender_id": _NOBODY, "type_name": _NOBODY})
            connection.execute(EVENTS.delete().where(EVENTS.c.sender_id == _NOBODY))

    async def _retrieve(self, sender_id: str, fetch_events_from_all_sessions: bool) -> SessionTracker | None:
        # It is kept again when it is saved: what a failing turn leaves behind is of no use.
        kept = self._kept.pop(sender_id, None)
        # What was kept while a session began still holds the end of the one before.
        began = kept and any(isinstance(event, SessionStarted) for event in islice(kept.events, 1, None))
        if kept and not began and not fetch_events_from_all_sessions:
            new = await asyncio.to_thread(self._since, kept)
            if new is not None:
                _add(kept, new)
                return kept
        rows = await asyncio.to_thread(self._read, sender_id, fetch_events_from_all_sessions)
        if not rows or not self.domain:
            return None
        tracker = SessionTracker(sender_id, self.domain.slots)
        _add(tracker, rows)
        return tracker

    def _since(self, kept: SessionTracker) -> Sequence[Any] | None:
        """What other workers have written since; None if it is no longer the same session."""
        after = {"sender": kept.sender_id, "row": kept.last_row}
        with store_call("conversations", "catch_up"), self.engine.connect() as connection:
            known, *new = connection.execute(_SINCE, after).all() or [None]
        same = known is not None and known.id == kept.last_row
        return new if same and all(row.type_name != SessionStarted.type_name for row in new) else None

    def _read(self, sender_id: str, all_sessions: bool) -> Sequence[Any]:
        with store_call("conversations", "read"), self.engine.connect() as connection:
            rows: Sequence[Any] = connection.execute(_session(connection, sender_id, all_sessions)).all()
        return rows

    def _append(self, sender_id: str, new: list[Event], last_row: int) -> int:
        """Adds events after the row that was the last one; returns what is the last one now."""
        with store_call("conversations", "write"), self._writers.one(), self.engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                # in SQLite the first write of a transaction shuts the others out
                connection.execute(_LOCK, {"sender": sender_id})
            data = [event.as_dict() for event in new]
            rows = [_row(sender_id, event, one) for event, one in zip(new, data, strict=True)]
            connection.execute(_INSERT, rows)
            if grounds := audit.rows(sender_id, data, self._names):
                connection.execute(_INSERT_GROUNDS, grounds)
            ids = connection.execute(_LATEST, {"sender": sender_id, "count": len(new) + 1}).scalars().all()
            if (ids[len(new)] if len(ids) > len(new) else 0) != last_row:
                raise ConflictError
        return int(ids[0])

    def _keep(self, tracker: SessionTracker) -> None:
        shorten(tracker)
        self._kept[tracker.sender_id] = tracker
        if len(self._kept) > _KEPT:
            self._kept.pop(next(iter(self._kept)), None)


def shorten(tracker: SessionTracker) -> None:
    """Lets go of the events before the latest turns, but for those that make up the state they led to."""
    events = list(tracker.events)
    listens = [
        place
        for place, event in enumerate(events)
        if isinstance(event, ActionExecuted) and event.action_name == ACTION_LISTEN_NAME
    ]
    if len(listens) <= TURNS:
        return
    start = listens[-TURNS - 1]
    latest: dict[tuple[str, str | None], Event] = {}
    for event in events[:start]:
        if event.type_name in _KEPT_STATE:
            name = event.as_dict().get("name")
            latest.pop((event.type_name, name), None)
            latest[event.type_name, name] = event
    tracker.begin_with([*latest.values(), *events[start:]])
    tracker.stored = len(tracker.events)


def _session(connection: Any, sender_id: str, all_sessions: bool) -> Any:
    """Selects the events of the present session, those of its early turns only as far as `shorten` keeps them."""
    here = EVENTS.c.sender_id == sender_id
    selected = sa.select(EVENTS.c.id, EVENTS.c.data).where(here).order_by(EVENTS.c.id)
    if all_sessions:
        return selected
    opened = sa.select(sa.func.max(EVENTS.c.id)).where(here, EVENTS.c.type_name == SessionStarted.type_name)
    session = connection.execute(opened).scalar() or 0
    listens = sa.select(EVENTS.c.id).where(here, EVENTS.c.id >= session, EVENTS.c.action_name == ACTION_LISTEN_NAME)
    start = connection.execute(listens.order_by(EVENTS.c.id.desc()).offset(TURNS).limit(1)).scalar()
    if start is None:
        return selected.where(EVENTS.c.id >= session)
    state = sa.select(sa.func.max(EVENTS.c.id)).where(
        here, EVENTS.c.id >= session, EVENTS.c.id < start, EVENTS.c.type_name.in_(_KEPT_STATE)
    )
    latest = state.group_by(EVENTS.c.type_name, EVENTS.c.action_name).scalar_subquery()
    return selected.where(sa.or_(EVENTS.c.id >= start, EVENTS.c.id.in_(latest)))


def _add(tracker: SessionTracker, rows: Iterable[Any]) -> None:
    for row in rows:
        tracker.update(Event.from_parameters(json.loads(row.data)))
        tracker.last_row = row.id
    tracker.stored = len(tracker.events)


def _row(sender_id: str, event: Event, data: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "sender_id": sender_id,
        "type_name": event.type_name,
        "timestamp": data.get("timestamp"),
        "intent_name": data.get("parse_data", {}).get("intent", {}).get("name"),
        "action_name": data.get("name"),
        "data": json.dumps(data),
    }
