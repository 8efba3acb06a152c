"""Calls of the client-server interface."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import httpx

from bot.channels import calling
from bot.channels.model import DeniedError, Image, Json, RejectedError, TryLaterError

_PAGES = 20
"""Pages of a hundred events that are looked back through after an outage."""


class Client:
    """A homeserver, as the account sees it."""

    def __init__(self, homeserver: str, token: str) -> None:
        self._http = calling.client(f"{homeserver}/_matrix/client/v3", Authorization=f"Bearer {token}")
        self._media = f"{homeserver}/_matrix/media/v3/upload"

    async def close(self) -> None:
        """Close the connection."""
        await self._http.aclose()

    async def whoami(self) -> str:
        """The id of the account."""
        return str((await self._call("GET", "/account/whoami"))["user_id"])

    async def display_name(self, user: str) -> str:
        """What people see; the first part of the id if nothing is set."""
        try:
            profile = await self._call("GET", f"/profile/{_quoted(user)}/displayname")
        except RejectedError:
            profile = {}
        return str(profile.get("displayname") or user[1:].split(":", 1)[0])

    async def sync(self, since: str | None, wait: float) -> Json:
        """What has happened since; waits so many seconds for something to happen."""
        rooms = {"timeline": {"limit": 100}, "state": {"lazy_load_members": True}, "ephemeral": {"types": []}}
        query = {
            "timeout": str(int(wait * 1000)),
            "filter": calling.compact({"room": rooms, "presence": {"types": []}}),
        }
        if since:
            query["since"] = since
        return await self._call("GET", "/sync", params=query, timeout=httpx.Timeout(wait + 15, connect=5))

    async def gap(self, room: str, back_from: str, since: str) -> list[Json]:
        """The events that a sync left out because there were too many, oldest first."""
        events: list[Json] = []
        place: str | None = back_from
        for _ in range(_PAGES):
            query = {"dir": "b", "from": place, "to": since, "limit": "100"}
            page = await self._call("GET", f"/rooms/{_quoted(room)}/messages", params=query)
            events += page.get("chunk") or []
            place = page.get("end")
            if not place or not page.get("chunk"):
                break
        return events[::-1]

    async def people(self, room: str) -> int:
        """How many are in a room."""
        return len((await self._call("GET", f"/rooms/{_quoted(room)}/joined_members")).get("joined") or {})

    async def join(self, room: str) -> None:
        """Follow an invitation."""
        await self._call("POST", f"/rooms/{_quoted(room)}/join", json={})

    async def leave(self, room: str) -> None:
        """Decline an invitation."""
        await self._call("POST", f"/rooms/{_quoted(room)}/leave", json={})

    async def send(self, room: str, content: Json, transaction: str) -> None:
        """Send a message. The homeserver takes a transaction once, however often it is sent."""
        await self._call("PUT", f"/rooms/{_quoted(room)}/send/m.room.message/{_quoted(transaction)}", json=content)

    async def upload(self, image: Image) -> str:
        """Where a picture can be had after it was uploaded, as `mxc://…`."""
        named, kind = {"filename": image.file}, {"Content-Type": "image/png"}
        answer = await self._call("POST", self._media, params=named, headers=kind, content=image.content)
        return str(answer["content_uri"])

    async def _call(self, method: str, path: str, **arguments: Any) -> Json:
        answer, body = await calling.exchange(self._http, method, path, **arguments)
        status, code = answer.status_code, body.get("errcode")
        if status < 300:
            return body
        reason = f"{code}: {body.get('error')}"
        if status == 429:
            asked = body.get("retry_after_ms")
            raise TryLaterError(reason, asked / 1000 if asked is not None else calling.retry_after(answer.headers))
        if status == 401:
            raise DeniedError(reason, 30.0)
        raise TryLaterError(reason) if status >= 500 else RejectedError(reason)


def _quoted(part: str) -> str:
    return quote(part, safe="")
