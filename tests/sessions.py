"""A client of the widget's sessions as simple as can be."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import websockets

PATIENCE = 40.0
"""Seconds."""


class Client:
    """A client as simple as can be."""

    def __init__(self, socket: Any) -> None:
        self.socket = socket

    async def ask(self, **frame: Any) -> dict[str, Any]:
        """Sends a frame and waits for the answer."""
        await self.socket.send(json.dumps(frame))
        return dict(json.loads(await asyncio.wait_for(self.socket.recv(), PATIENCE)))

    async def say(self, text: str, name: str | None = None) -> dict[str, Any]:
        """Says something; `name` names the message."""
        return await self.ask(type="say", id=name or uuid.uuid4().hex, text=text)


def new_session(url: str) -> str:
    """A token that the server issues."""
    return str(httpx.post(f"{url}/api/session", timeout=60).raise_for_status().json()["token"])


@asynccontextmanager
async def connected(url: str, token: str | None = None, **headers: str) -> AsyncIterator[Client]:
    """A connection; greeted, if there is a token."""
    address = url.replace("http", "ws") + "/ws"
    async with websockets.connect(address, extra_headers=headers) as socket:  # type: ignore[attr-defined]
        client = Client(socket)
        if token:
            assert (await client.ask(type="hello", token=token))["type"] == "ready"
        yield client


def texts(turn: dict[str, Any]) -> str:
    """What a turn says."""
    return "\n".join(message["text"] for message in turn["turn"]["messages"])
