"""Matrix as a platform: it is asked for what is new, and what is sent has a key of its own."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from bot.channels.matrix.client import Client
from bot.channels.matrix.input import Account, read
from bot.channels.matrix.output import picture, render
from bot.channels.model import Accept, Image, Incoming, Json, Memory, Pace, RejectedError, TryLaterError
from bot.channels.settings import MatrixSettings
from bot.channels.words import words

logger = logging.getLogger(__name__)

_WAIT = 25.0
"""Seconds that the homeserver holds a question for news open."""


@contextmanager
def _unless_refused(what: str) -> Iterator[None]:
    """Goes on after a refusal, such as in a room that we have been removed from in the meantime."""
    try:
        yield
    except RejectedError as error:
        logger.warning("matrix: %s: %s", what, error)


class Matrix:
    """See `bot.channels.model.Platform`."""

    name = "matrix"
    pace = Pace(every=0.5, burst=10)
    numbers_choices = True
    render = staticmethod(render)

    def __init__(self, settings: MatrixSettings) -> None:
        self._client = Client(settings.homeserver, settings.access_token)
        self._invited_by = {server.strip() for server in (settings.invited_by or "").split(",")} - {""}
        self._account: Account | None = None
        self._people: dict[str, int] = {}

    async def start(self) -> None:
        """Ask who we are."""
        user = await self._client.whoami()
        self._account = Account(user, await self._client.display_name(user))
        self._invited_by = self._invited_by or {user.split(":", 1)[1]}

    async def stop(self) -> None:
        """See `Platform`."""
        await self._client.close()

    async def listen(self, accept: Accept, memory: Memory) -> None:
        """See `ListeningPlatform`. How far it has read is kept after what it has read, so nothing is passed over."""
        if self._account is None:
            raise TryLaterError("not started")
        place = f"matrix since {self._account.id}"
        since = await memory.recall(place)
        while True:
            news = await self._client.sync(since, _WAIT if since else 0)
            rooms = news.get("rooms") or {}
            for room, state in (rooms.get("invite") or {}).items():
                await self._invited(room, state, self._account)
            if since:
                # without it the rooms are shown as they were before the assistant was connected
                for room, state in (rooms.get("join") or {}).items():
                    with _unless_refused("a room cannot be read"):
                        await self._read(room, state, since, accept, self._account)
            since = str(news["next_batch"])
            await memory.remember(place, since)

    async def _read(self, room: str, state: Json, since: str, accept: Accept, account: Account) -> None:
        timeline = state.get("timeline") or {}
        events = list(timeline.get("events") or ())
        if timeline.get("limited") and timeline.get("prev_batch"):
            events = await self._client.gap(room, timeline["prev_batch"], since) + events
        if any(event.get("type") == "m.room.member" for event in events):
            self._people.pop(room, None)
        if any(event.get("type") == "m.room.encrypted" and event.get("sender") != account.id for event in events):
            await self._cannot_read(room)
        said = [event for event in events if event.get("type") == "m.room.message"]
        if said and room not in self._people:
            self._people[room] = await self._client.people(room)
        messages = [read(event, room, account, self._people[room] <= 2) for event in said]
        found: list[Incoming] = [message for message in messages if message is not None]
        await accept(found)

    async def _invited(self, room: str, state: Json, account: Account) -> None:
        """Follows the invitations of those who may invite; a room that cannot be read is not entered."""
        events = (state.get("invite_state") or {}).get("events") or ()
        by = next(
            (
                event["sender"]
                for event in events
                if event.get("type") == "m.room.member" and event.get("state_key") == account.id
            ),
            ":",
        )
        welcome = bool(self._invited_by & {"*", by.split(":", 1)[1]})
        encrypted = any(event.get("type") == "m.room.encryption" for event in events)
        with _unless_refused("an invitation came to nothing"):
            if welcome and not encrypted:
                await self._client.join(room)
            else:
                logger.warning(
                    "matrix: an invitation was declined: %s", "encrypted room" if encrypted else "by a stranger"
                )
                await self._client.leave(room)

    async def _cannot_read(self, room: str) -> None:
        """Says once that an encrypted room is beyond us."""
        text = "\n".join((words("encrypted", "zh"), words("encrypted", "en")))
        with _unless_refused("an encrypted room could not be told"):
            await self._client.send(room, {"msgtype": "m.notice", "body": text}, "encrypted")

    async def send(self, request: Json, key: str) -> None:
        """See `Platform`."""
        await self._client.send(request["room"], request["content"], key)

    async def show(self, image: Image, address: Mapping[str, Any], key: str) -> None:
        """See `Platform`."""
        await self.send(picture(image, await self._client.upload(image), address), key)

    async def check(self) -> list[str]:
        """Asks whom the token belongs to."""
        try:
            await asyncio.wait_for(self._client.whoami(), 20)
        except (TryLaterError, RejectedError, asyncio.TimeoutError) as error:
            return [f"MATRIX_HOMESERVER or MATRIX_ACCESS_TOKEN: the homeserver answers: {error!r}"]
        return []
