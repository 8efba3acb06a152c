"""A server that is told to stop ends what it has begun, sends clients elsewhere, and begins nothing new."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import sqlite3
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
import websockets

from bot.channels.gateway import Gateway
from bot.channels.model import Incoming
from bot.server.stopping import Stopping
from tests.channels.gateways import generic
from tests.channels.standins.receiver import Receiver
from tests.channels.standins.serving import serving
from tests.running import free_port, start
from tests.sessions import connected, new_session


@contextmanager
def busy(database: Path) -> Iterator[None]:
    """A database in which others cannot write for a while: every turn has to wait at its end."""
    with sqlite3.connect(database) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield
        connection.rollback()


def texts(database: Path) -> list[str]:
    """What was said to the server."""
    with sqlite3.connect(database) as connection:
        rows = connection.execute("select data from events where type_name = 'user' order by id")
        return [json.loads(data)["text"] for (data,) in rows]


@pytest.mark.slow
async def test_turns_end_before_the_server_does(trained_model: Path, tmp_path: Path) -> None:
    database = tmp_path / "conversations.db"
    port = free_port()
    with start(trained_model, tmp_path, port, LOG_FORMAT="json", LOG_LEVEL="debug") as server:
        idle_token, busy_token = new_session(server.url), new_session(server.url)
        async with (
            connected(server.url, idle_token) as idle,
            connected(server.url, busy_token) as talking,
            httpx.AsyncClient(timeout=60) as http,
        ):
            with busy(database):
                name = uuid.uuid4().hex
                await talking.socket.send(json.dumps({"type": "say", "id": name, "text": "2 liver mets"}))
                body = {"sender": "someone", "message": "unresectable"}
                posted = asyncio.create_task(http.post(f"{server.url}/webhooks/rest/webhook", json=body))
                await asyncio.sleep(0.5)
                os.kill(server.pid, signal.SIGTERM)
                told = time.monotonic()
                with pytest.raises(websockets.exceptions.ConnectionClosed):
                    await idle.socket.recv()
                assert idle.socket.close_code == 1012
                assert time.monotonic() - told < 4.0, "who waits for nothing is sent away at once"
                with pytest.raises(ConnectionRefusedError):
                    socket.create_connection(("127.0.0.1", port), timeout=5)
                assert not posted.done()
            answer = json.loads(await asyncio.wait_for(talking.socket.recv(), 20))
            assert answer["turn"]["id"] == name
            assert answer["case"]["facts"] == {"lesion_count": 2}
            with pytest.raises(websockets.exceptions.ConnectionClosed):
                await talking.socket.recv()
            assert talking.socket.close_code == 1012
            assert "unresectable" in (await posted).text
        log = server.log.read_text(encoding="utf-8")
    assert sorted(texts(database)) == ["2 liver mets", "unresectable"]
    lines = [json.loads(line) for line in log.splitlines()]
    assert [line["message"] for line in lines[:2]] == [
        "Loading the assistant …",
        f"Ready: {server.url} (Ctrl+C stops it)",
    ]
    turns = [line for line in lines if line["message"] == "turn"]
    assert {line["channel"] for line in turns} == {"rest", "widget"}
    for kept_out in ("liver", "unresectable", "someone", busy_token, "session:"):
        assert kept_out not in log


async def test_platforms_are_answered_before_the_server_ends(tmp_path: Path) -> None:
    receiver, stopping = Receiver(), Stopping()
    begun: list[str] = []
    ended: list[str] = []

    async def turn(_: str, text: str, *__: object) -> list[dict[str, str]]:
        begun.append(text)
        await asyncio.sleep(0.5)
        ended.append(text)
        return [{"text": text}]

    with serving(receiver.app) as url:
        gateway = Gateway([generic(url)], f"sqlite:///{tmp_path / 'c.db'}", turn, poll=0.1, stopping=stopping)
        async with gateway.running():
            while gateway._dispatcher is None:
                await asyncio.sleep(0.02)
            await gateway._dispatcher.accept("generic", [_message("a"), _message("b")])
            while not begun:
                await asyncio.sleep(0.02)
            await stopping.end(5.0)
            assert ended == ["a"], "the one that was begun; the other is left to other workers"


def _message(text: str) -> Incoming:
    return Incoming(key=text, conversation=("someone",), position=0.0, text=text, address={"place": "there"})
