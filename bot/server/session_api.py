"""The conversation of the widget: a session that the server issues, over a connection that may break."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
from collections.abc import Collection, MutableMapping
from typing import Any
from urllib.parse import urlsplit

from fastapi import APIRouter, Response, WebSocket, WebSocketDisconnect
from pydantic import BaseModel, Field, ValidationError

from bot.server import metrics
from bot.server.assistant import Assistant
from bot.server.errors import ApiError, documented
from bot.server.failures import TurnFailedError
from bot.server.frames import End, Hello, Message, Ping, read_frame
from bot.server.limits import Limits, OverloadError, client_of
from bot.server.startup import Startup
from bot.server.stopping import SERVICE_RESTART, Stopping
from bot.server.turns import NoSuchButtonError, SessionTurns
from knowledge.loading import Knowledge

logger = logging.getLogger(__name__)

LARGEST_FRAME = 200_000
"""Characters of one frame; a long note has some thousand."""

_GREETED_WITHIN = 60.0
"""Seconds."""


class Session(BaseModel):
    """A session of the widget."""

    token: str = Field(description="whoever has it can read the conversation and go on with it; keep it secret")


def session_routes(
    kb: Knowledge, startup: Startup, stopping: Stopping, origins: Collection[str], limits: Limits
) -> APIRouter:
    """The routes of the widget's conversation.

    Args:
        kb: the knowledge base.
        startup: gives the assistant once it is loaded.
        stopping: tells when the server is being stopped.
        origins: pages of other servers that may hold conversations.
        limits: how much may be said at a time.
    """
    router = APIRouter(tags=["Conversation"])

    @router.post("/api/session", responses=documented(503), summary="A new session of the widget")
    async def session(response: Response) -> Session:
        """A token for the connection at `/ws`: its first frame is `{"type": "hello", "token": …}`.

        The server alone issues sessions, so no client can choose or guess the conversation of another one.
        """
        assistant = await startup.assistant()
        response.headers["Cache-Control"] = "no-store"
        return Session(token=assistant.sessions.issue())

    @router.websocket("/ws")
    async def connect(socket: WebSocket) -> None:
        if not may_connect(socket.headers.get("origin"), socket.headers.get("host", ""), origins):
            await socket.close(4403)
            return
        await socket.accept()
        connection = _Connection(kb, startup, socket, limits)
        stopping.add(connection.leave)
        try:
            with metrics.CONNECTIONS.track_inprogress(), contextlib.suppress(WebSocketDisconnect):
                await connection.serve()
        finally:
            stopping.remove(connection.leave)

    return router


def may_connect(origin: str | None, host: str, allowed: Collection[str]) -> bool:
    """Whether a page may open a connection: one of this server, or of a server that is allowed to.

    Browsers let any page connect anywhere and only tell where the page is from. Programs that are no browser
    tell nothing, and gain nothing by that.
    """
    return origin is None or origin in allowed or urlsplit(origin).netloc == host


class _Connection:
    """One connection of a client, from its greeting to its end."""

    def __init__(self, kb: Knowledge, startup: Startup, socket: WebSocket, limits: Limits) -> None:
        self._limits = limits
        self._kb = kb
        self._startup = startup
        self._socket = socket
        self._turns: SessionTurns | None = None
        self._waiting = False
        self._leaving = False
        self._closing: asyncio.Task[None] | None = None

    def leave(self) -> None:
        """The server is being stopped: what was asked is answered, then the client has to go to another one."""
        self._leaving = True
        if self._waiting:
            self._closing = asyncio.get_running_loop().create_task(self._send_away())

    async def _send_away(self) -> None:
        with contextlib.suppress(WebSocketDisconnect):
            await self._socket.close(SERVICE_RESTART)

    async def serve(self) -> None:
        """Answers frames in the order in which they come, until the client is gone or has to go."""
        while not self._leaving:
            # A client that sends without a pause leaves others their turn.
            await asyncio.sleep(0)
            self._waiting = True
            # Whoever sends too much is read more slowly. Nothing is lost, and what is not read waits at the sender.
            while seconds := self._limits.clients.wait(client_of(self._socket.scope)):
                await asyncio.sleep(seconds)
            received = await self._received()
            self._waiting = False
            if received["type"] == "websocket.disconnect":
                return
            data = received.get("text")
            if data is None or len(data) > LARGEST_FRAME:
                await self._refuse("too_large" if data else "bad_frame")
                continue
            try:
                content = json.loads(data)
            except ValueError:
                await self._refuse("bad_frame")
                continue
            try:
                frame = read_frame(content)
            except ValidationError:
                named = content.get("id") if isinstance(content, dict) else None
                await self._refuse("bad_frame", **({"id": named} if isinstance(named, str) else {}))
                continue
            await self._answer(frame)
        if self._closing is None:
            await self._send_away()

    async def _received(self) -> MutableMapping[str, Any]:
        """The next frame. A connection that does not say whose it is holds no place for long."""
        if self._turns is not None:
            return await self._socket.receive()
        try:
            return await asyncio.wait_for(self._socket.receive(), _GREETED_WITHIN)
        except asyncio.TimeoutError:
            await self._socket.close(1008)
            return {"type": "websocket.disconnect"}

    async def _answer(self, frame: Any) -> None:
        match frame:
            case Ping():
                await self._send({"type": "pong"})
            case Hello():
                await self._greet(frame)
            case _ if self._turns is None:
                await self._refuse("no_session")
            case End():
                await self._end(self._turns)
            case _:
                await self._converse(self._turns, frame)

    async def _greet(self, hello: Hello) -> None:
        """Resumes the session: what the client has missed, and the case as it stands."""
        try:
            assistant: Assistant = await self._startup.assistant()
            conversation = assistant.sessions.conversation(hello.token)
            if conversation is None:
                await self._refuse("no_session")
                return
            turns = SessionTurns(self._kb, assistant, conversation)
            transcript = await turns.read()
        except ApiError:
            await self._refuse("unavailable")
            return
        except Exception:
            logger.exception("a session could not be opened")
            await self._refuse("unavailable")
            return
        self._turns = turns
        missed = transcript.since(hello.after)
        await self._send({"type": "ready", "turns": [turns.shown(one) for one in missed], "case": transcript.case()})

    async def _end(self, turns: SessionTurns) -> None:
        try:
            await turns.forget()
        except Exception:
            logger.exception("a session could not be deleted")
            await self._refuse("unavailable")
            return
        self._turns = None
        await self._send({"type": "ended"})

    async def _converse(self, turns: SessionTurns, message: Message) -> None:
        try:
            while seconds := self._limits.conversations.wait(turns.conversation):
                await asyncio.sleep(seconds)
            with self._limits.turns.taken(turns.conversation):
                exchange = await turns.take(message)
        except OverloadError:
            # The client connects again after a while, longer each time, and sends what was not answered.
            await self._refuse("unavailable", id=message.id)
        except NoSuchButtonError:
            await self._refuse("no_such_button", id=message.id)
        except TurnFailedError as failure:
            await self._refuse("failed", id=message.id, text=failure.reply.text)
        else:
            await self._send(
                {
                    "type": "turn",
                    "turn": turns.shown(exchange),
                    "case": turns.case(),
                    **({} if turns.holds(exchange) else {"deleted": True}),
                }
            )

    async def _refuse(self, code: str, **more: Any) -> None:
        await self._send({"type": "error", "code": code, **more})

    async def _send(self, frame: dict[str, Any]) -> None:
        if self._closing is None:
            await self._socket.send_json(frame)
