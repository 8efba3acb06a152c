"""Nothing is kept longer than the settings say."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import sqlalchemy as sa  # type: ignore[import-untyped]

from bot.channels.database import conversations, inbox, outbox
from bot.privacy.erasure import erase
from bot.privacy.pseudonyms import Pseudonyms
from bot.privacy.tables import audit, feedback, jobs
from bot.server.errors import ApiError
from bot.server.events import EVENTS
from bot.server.startup import Startup

logger = logging.getLogger(__name__)

_DAY = 24 * 3600.0
_EVERY = 3600.0
"""Seconds between two clean-ups, and how long another server's counts."""
_JOB = "retention"


def enforce(engine: Any, days: int, audit_days: int) -> int:
    """Deletes what is too old; returns how many conversations that were.

    A conversation is deleted as a whole when nothing has been said in it for `days`. That nothing has is asked again
    in the transaction that deletes it, so any number of servers may do this side by side.

    Args:
        engine: the database.
        days: how long conversations are kept after the last message.
        audit_days: how long the audit trail and feedback are kept.
    """
    names = Pseudonyms(engine)
    now = time.time()
    latest = sa.func.max(EVENTS.c.timestamp)
    idle = sa.select([EVENTS.c.sender_id]).group_by(EVENTS.c.sender_id).having(latest < now - days * _DAY)
    with engine.connect() as connection:
        expired = [row.sender_id for row in connection.execute(idle)]
    deleted = 0
    for conversation in expired:
        with engine.begin() as connection:
            if connection.execute(idle.where(EVENTS.c.sender_id == conversation)).first():
                erase(connection, conversation, names)
                deleted += 1
    _forget_deliveries(engine, now - days * _DAY)
    with engine.begin() as connection:
        for table in (audit, feedback):
            connection.execute(table.delete().where(table.c.at < now - audit_days * _DAY))
    return deleted


def _forget_deliveries(engine: Any, before: float) -> None:
    """What messaging platforms have delivered or not taken, and what was remembered of their conversations."""
    open_ones = sa.union(sa.select([inbox.c.conversation]), sa.select([outbox.c.conversation]))
    with engine.begin() as connection:
        connection.execute(inbox.delete().where(inbox.c.received_at < before))
        connection.execute(outbox.delete().where(outbox.c.created_at < before))
        unused = sa.and_(conversations.c.owned_until < before, conversations.c.conversation.notin_(open_ones))
        connection.execute(conversations.delete().where(unused))


def claim(engine: Any, every: float = _EVERY) -> bool:
    """Whether the clean-up is due and this server may do it; then no other one may."""
    now = time.time()
    due = jobs.update().where(jobs.c.name == _JOB, jobs.c.ran_at <= now - every).values(ran_at=now)
    with engine.begin() as connection:
        if connection.execute(due).rowcount:
            return True
        if connection.execute(jobs.select().where(jobs.c.name == _JOB)).first():
            return False
    try:
        with engine.begin() as connection:
            connection.execute(jobs.insert(), {"name": _JOB, "ran_at": now})
    except sa.exc.IntegrityError:
        return False  # another server was faster
    return True


class Retention:
    """Cleans up while a server runs."""

    def __init__(self, startup: Startup, days: int, audit_days: int) -> None:
        """Prepare; see `enforce`."""
        self._startup = startup
        self._days = days
        self._audit_days = audit_days

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Works in the background."""
        task = asyncio.get_running_loop().create_task(self._work())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _work(self) -> None:
        while True:
            try:
                assistant = await self._startup.assistant()
                await asyncio.to_thread(self._clean_up, assistant.agent.tracker_store.engine)
            except ApiError:
                await asyncio.sleep(1)  # it is still being loaded
                continue
            except Exception:
                logger.exception("what is too old could not be deleted")
            await asyncio.sleep(_EVERY / 4)

    def _clean_up(self, engine: Any) -> None:
        if claim(engine):
            deleted = enforce(engine, self._days, self._audit_days)
            logger.info("%d conversations deleted after %d days without a message", deleted, self._days)
