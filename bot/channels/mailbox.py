"""What was accepted and what is to be sent, in the database, so that it outlives every process."""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa  # type: ignore[import-untyped]

from bot.channels.database import conversations, inbox, memory, outbox
from bot.channels.model import Incoming, Json, Part
from bot.privacy.entrance import take_in
from bot.server.secret import shared_secret

KEPT = 48 * 3600.0
"""Seconds that a delivery is known for after it was answered. No platform repeats one that late, and whatever is older
than this is refused by its age."""

_UNDELIVERED_KEPT = 30 * 24 * 3600.0

_LONGEST_LEASE = 600.0
"""Seconds; what is owned for longer was so before a clock was set back, by somebody who may be dead."""


@dataclass(frozen=True)
class Waiting:
    """A message that waits for its answer; see `Incoming`."""

    id: int
    platform: str
    conversation: str
    text: str
    choice: str | None
    in_group: bool
    address: Mapping[str, Any]
    attempts: int


@dataclass(frozen=True)
class Call:
    """A call that waits to be made; see `Part`."""

    id: int
    key: str
    platform: str
    conversation: str
    place: str
    request: Json
    plain: Json | None
    notice: Json | None
    created_at: float
    attempts: int
    due_at: float


class Mailbox:
    """The inbox and the outbox of all platforms. Its methods wait for the database: call them in a thread."""

    def __init__(self, engine: Any) -> None:
        self._engine = engine
        self._secret = shared_secret(engine)

    def name(self, platform: str, conversation: Iterable[str]) -> str:
        """What a conversation is called in this database: it cannot be guessed from ids that others know too."""
        identity = "\x1f".join((platform, *conversation)).encode("utf-8", "replace")
        return f"{platform}:{hmac.new(self._secret, identity, hashlib.sha256).hexdigest()[:32]}"

    def accept(self, platform: str, messages: Sequence[Incoming]) -> int:
        """Keep messages that are not known yet; returns how many were new."""
        return sum(self._insert(inbox, self._row(platform, message)) for message in messages)

    def waiting(self, platforms: Sequence[str]) -> list[tuple[str, str]]:
        """Conversation and platform wherever there is something to do now that nobody is doing, oldest first."""
        now = time.time()
        open_calls = sa.and_(outbox.c.done_at.is_(None), outbox.c.platform.in_(platforms))
        held = sa.select(outbox.c.conversation).where(open_calls)
        taken = sa.select(conversations.c.conversation).where(_owned(now))
        to_send = (
            sa.select(outbox.c.conversation, outbox.c.platform, sa.func.min(outbox.c.created_at).label("since"))
            .where(open_calls, outbox.c.conversation.notin_(taken))
            .group_by(outbox.c.conversation, outbox.c.platform)
            .having(sa.func.min(outbox.c.due_at) <= now)
        )
        to_answer = (
            sa.select(inbox.c.conversation, inbox.c.platform, sa.func.min(inbox.c.received_at).label("since"))
            .where(inbox.c.answered_at.is_(None), inbox.c.platform.in_(platforms))
            .where(inbox.c.conversation.notin_(held), inbox.c.conversation.notin_(taken))
            .group_by(inbox.c.conversation, inbox.c.platform)
        )
        with self._engine.connect() as connection:
            rows = connection.execute(sa.union_all(to_send, to_answer)).all()
        return [(row.conversation, row.platform) for row in sorted(rows, key=lambda row: float(row.since))]

    def claim(self, conversation: str, platform: str, owner: str, seconds: float) -> bool:
        """Take a conversation, or keep it for longer; False if somebody else has it."""
        now = time.time()
        mine = sa.or_(sa.not_(_owned(now)), conversations.c.owner == owner)
        values = {"owner": owner, "owned_until": now + seconds}
        with self._engine.begin() as connection:
            update = conversations.update().where(conversations.c.conversation == conversation, mine).values(values)
            if connection.execute(update).rowcount:
                return True
        return self._insert(conversations, {"conversation": conversation, "platform": platform, **values})

    def release(self, conversation: str, owner: str) -> None:
        """Let others have it."""
        mine = sa.and_(conversations.c.conversation == conversation, conversations.c.owner == owner)
        with self._engine.begin() as connection:
            connection.execute(conversations.update().where(mine).values(owned_until=0.0))

    def next_call(self, conversation: str) -> Call | None:
        """The call that has to be made first."""
        query = outbox.select().where(outbox.c.conversation == conversation, outbox.c.done_at.is_(None))
        row = self._first(query.order_by(outbox.c.id))
        return Call(**{name: row[name] for name in Call.__dataclass_fields__}) if row else None

    def next_message(self, conversation: str) -> Waiting | None:
        """The message that has to be answered first; counts how often it was begun with."""
        query = inbox.select().where(inbox.c.conversation == conversation, inbox.c.answered_at.is_(None))
        row = self._first(query.order_by(inbox.c.position, inbox.c.id))
        if not row:
            return None
        with self._engine.begin() as connection:
            begun = inbox.update().where(inbox.c.id == row["id"]).values(attempts=row["attempts"] + 1)
            connection.execute(begun)
        return Waiting(**{name: row[name] for name in Waiting.__dataclass_fields__})

    def state(self, conversation: str) -> tuple[bool, Mapping[str, Any]]:
        """Whether the group was warned, and the quick replies that were shown last."""
        row = self._first(conversations.select().where(conversations.c.conversation == conversation))
        return (bool(row["introduced"]), row["choices"] or {}) if row else (False, {})

    def answer(
        self,
        message: Waiting,
        parts: Sequence[Part],
        place: str,
        notice: Json | None,
        choices: Mapping[str, Any] | None,
    ) -> None:
        """The message is answered and what shows the answer waits to be sent: both or neither.

        Args:
            place: what the platform counts its limits by.
            notice: the call that says that something could not be shown.
            choices: the quick replies that now count; None if those shown before still do.
        """
        now = time.time()
        rows = [
            {
                "platform": message.platform,
                "key": hashlib.sha256(f"{message.platform}:{message.id}:{number}".encode()).hexdigest()[:32],
                "conversation": message.conversation,
                "place": place,
                "request": part.request,
                "plain": part.plain,
                "notice": None if part.optional else notice,
                "created_at": now,
                "attempts": 0,
                "due_at": 0.0,
            }
            for number, part in enumerate(parts)
        ]
        with self._engine.begin() as connection:
            open_message = sa.and_(inbox.c.id == message.id, inbox.c.answered_at.is_(None))
            done = connection.execute(inbox.update().where(open_message).values(answered_at=now, text="", address={}))
            if not done.rowcount:
                return
            if rows:
                connection.execute(outbox.insert(), rows)
            state: dict[str, Any] = {"introduced": True} if message.in_group else {}
            if choices is not None:
                state["choices"] = choices
            if state:
                here = conversations.c.conversation == message.conversation
                connection.execute(conversations.update().where(here).values(state))

    def trying(self, call: Call) -> None:
        """The call is about to be made."""
        self._update_call(call, attempts=call.attempts + 1)

    def sent(self, call: Call) -> None:
        """The platform has taken it; nothing of it is needed any more."""
        self._update_call(call, done_at=time.time(), request={}, plain=None, notice=None)

    def postpone(self, call: Call, seconds: float) -> None:
        """Try it again later; what comes after it in the conversation waits as well."""
        here = sa.and_(outbox.c.conversation == call.conversation, outbox.c.done_at.is_(None))
        with self._engine.begin() as connection:
            connection.execute(outbox.update().where(here).values(due_at=time.time() + seconds))

    def simplify(self, call: Call) -> None:
        """From now on the plain form is tried."""
        self._update_call(call, request=call.plain, plain=None)

    def give_up(self, call: Call, reason: str) -> None:
        """It cannot be delivered: it is kept with the reason, and the user is told in its place.

        The notice gets a key of its own, because it is another message; a notice that fails is not replaced.
        """
        now = time.time()
        failed = {"done_at": now, "failure": reason[:500]}
        if call.notice is None:
            self._update_call(call, **failed)
            return
        row = {name: getattr(call, name) for name in Call.__dataclass_fields__ if name not in ("id", "notice")}
        told = {"key": f"{call.key}-n", "request": call.notice, "plain": None, "notice": None}
        with self._engine.begin() as connection:
            here = outbox.update().where(outbox.c.id == call.id)
            connection.execute(here.values(**told, attempts=0, created_at=now, due_at=0.0))
            connection.execute(outbox.insert(), {**row, **failed})

    def undelivered(self) -> dict[str, int]:
        """How many calls could not be delivered, for each platform."""
        query = sa.select(outbox.c.platform, sa.func.count()).where(outbox.c.failure.isnot(None))
        with self._engine.connect() as connection:
            return {platform: int(count) for platform, count in connection.execute(query.group_by(outbox.c.platform))}

    def queues(self) -> dict[tuple[str, str], tuple[int, float]]:
        """How many wait and for how many seconds the oldest of them has, for each platform and box (`in`, `out`)."""
        now = time.time()
        found = {}
        boxes = (
            ("in", inbox, inbox.c.received_at, inbox.c.answered_at),
            ("out", outbox, outbox.c.created_at, outbox.c.done_at),
        )
        with self._engine.connect() as connection:
            for box, table, since, done in boxes:
                query = sa.select(table.c.platform, sa.func.count(), sa.func.min(since)).where(done.is_(None))
                for platform, count, oldest in connection.execute(query.group_by(table.c.platform)):
                    found[platform, box] = (int(count), max(0.0, now - oldest))
        return found

    def purge(self) -> None:
        """Forget what nothing depends on any more."""
        now = time.time()
        with self._engine.begin() as connection:
            connection.execute(inbox.delete().where(inbox.c.answered_at < now - KEPT))
            # Quick replies and pictures tell of a case: they go with the last message of their conversation.
            silent = conversations.c.conversation.notin_(sa.select(inbox.c.conversation))
            connection.execute(conversations.update().where(silent).values(choices=sa.null()))
            connection.execute(outbox.delete().where(outbox.c.done_at < now - KEPT, outbox.c.failure.is_(None)))
            connection.execute(outbox.delete().where(outbox.c.done_at < now - _UNDELIVERED_KEPT))

    def recall(self, name: str) -> str | None:
        """A value that was remembered."""
        row = self._first(memory.select().where(memory.c.name == name))
        return str(row["value"]) if row else None

    def remember(self, name: str, value: str) -> None:
        """Keep a value."""
        with self._engine.begin() as connection:
            if connection.execute(memory.update().where(memory.c.name == name).values(value=value)).rowcount:
                return
        self._insert(memory, {"name": name, "value": value})

    def _row(self, platform: str, message: Incoming) -> dict[str, Any]:
        return {
            "platform": platform,
            "key": hashlib.sha256(message.key.encode("utf-8", "replace")).hexdigest(),
            "conversation": self.name(platform, message.conversation),
            "position": message.position,
            "text": take_in(message.text).text,
            "choice": message.choice[:64] if message.choice else None,
            "in_group": message.group,
            "address": dict(message.address),
            "received_at": time.time(),
            "attempts": 0,
        }

    def _insert(self, table: Any, row: Mapping[str, Any]) -> bool:
        """Add a row unless it is there."""
        try:
            with self._engine.begin() as connection:
                connection.execute(table.insert(), row)
        except sa.exc.IntegrityError:
            return False
        return True

    def _first(self, query: Any) -> Any:
        with self._engine.connect() as connection:
            return connection.execute(query.limit(1)).mappings().first()

    def _update_call(self, call: Call, **values: Any) -> None:
        with self._engine.begin() as connection:
            connection.execute(outbox.update().where(outbox.c.id == call.id).values(values))


def _owned(now: float) -> Any:
    return conversations.c.owned_until.between(now, now + _LONGEST_LEASE)
