"""The conversation of the widget: a session that the server issues, over a connection that may break."""

from __future__ import annotations

import contextlib
import json
import logging
from collections.abc import Collection
from typing import Any
from urllib.parse import urlsplit

from fastapi import APIRouter, Response, WebSocket, WebSocketDisconnect
from pydantic import BaseModel, Field, ValidationError

from bot.server.assistant import Assistant, TurnFailedError
from bot.server.errors import ApiError, documented
from bot.server.frames import End, Hello, Message, Ping, read_frame
from bot.server.startup import Startup
from bot.server.turns import NoSuchButtonError, SessionTurns
from knowledge.loading import Knowledge

logger = logging.getLogger(__name__)

LARGEST_FRAME = 200_000
"""Characters of one frame; a long note has some thousand."""


class Session(BaseModel):
    """A session of the widget."""

    token: str = Field(description="whoever has it can read the conversation and go on with it; keep it secret")


def session_routes(kb: Knowledge, startup: Startup, origins: Collection[str]) -> APIRouter:
    """The routes of the widget's conversation.

    Args:
        kb: the knowledge base.
        startup: gives the assistant once it is loaded.
        origins: pages of other servers that may hold conversations.
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
    async def connection(socket: WebSocket) -> None:
        if not may_connect(socket.headers.get("origin"), socket.headers.get("host", ""), origins):
            await socket.close(4403)
            return
        await socket.accept()
        with contextlib.suppress(WebSocketDisconnect):
            await _Connection(kb, startup, socket).serve()

    return router


def may_connect(origin: str | None, host: str, allowed: Collection[str]) -> bool:
    """Whether a page may open a connection: one of this server, or of a server that is allowed to.

    Browsers let any page connect anywhere and only tell where the page is from. Programs that are no browser
    tell nothing, and gain nothing by that.
    """
    return origin is None or origin in allowed or urlsplit(origin).netloc == host


class _Connection:
    """One connection of a client, from its greeting to its end."""

    def __init__(self, kb: Knowledge, startup: Startup, socket: WebSocket) -> None:
        self._kb = kb
        self._startup = startup
        self._socket = socket
        self._turns: SessionTurns | None = None

    async def serve(self) -> None:
        """Answers frames in the order in which they come, until the client is gone."""
        while True:
            received = await self._socket.receive()
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

    async def _answer(self, frame: Any) -> None:
        match frame:
            case Ping():
                await self._send({"type": "pong"})
            case Hello():
                await self._greet(frame)
            case _ if self._turns is None:
                await self._refuse("no_session")
            case End():
                await self._turns.forget()
                self._turns = None
                await self._send({"type": "ended"})
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
            transcript = turns.read()
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

    async def _converse(self, turns: SessionTurns, message: Message) -> None:
        try:
            exchange = await turns.take(message)
        except NoSuchButtonError:
            await self._refuse("no_such_button", id=message.id)
        except TurnFailedError as failure:
            await self._refuse("failed", id=message.id, text=failure.reply.text)
        except Exception:
            logger.exception("a turn could not be taken")
            await self._refuse("failed", id=message.id)
        else:
            now = turns.read()
            deleted = {} if exchange.id in now.exchanges else {"deleted": True}
            await self._send({"type": "turn", "turn": turns.shown(exchange), "case": now.case(), **deleted})

    async def _refuse(self, code: str, **more: Any) -> None:
        await self._send({"type": "error", "code": code, **more})

    async def _send(self, frame: dict[str, Any]) -> None:
        await self._socket.send_json(frame)
