"""Clients that never read what they asked for: what they are sent is bounded, and the connection ends."""

from __future__ import annotations

import asyncio
import multiprocessing
import socket
import threading
import time
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path

import httpx
import psutil
import pytest

from bot.server.app import create_app
from bot.server.assistant import NoModelError
from bot.server.serving import GracefulServer, give_up_on_readers
from bot.server.settings import Settings
from bot.server.startup import Startup
from bot.server.stopping import Stopping

if not hasattr(socket, "TCP_USER_TIMEOUT"):
    pytest.skip("only Linux ends such connections", allow_module_level=True)

GIVES_UP_AFTER = 1.0
MOST_MEMORY = 20_000_000


def _no_model(_: object) -> None:
    raise NoModelError("none")


def _serve(listening: socket.socket, asked: Connection) -> None:
    """The application without an assistant; says how many connections and requests it has when it is asked."""
    stopping = Stopping()
    app = create_app(Settings(credentials=Path("/nowhere")), startup=Startup(_no_model), stopping=stopping)  # type: ignore[arg-type]
    server = GracefulServer(app, stopping, 1.0)
    give_up_on_readers(listening, GIVES_UP_AFTER)

    def answer() -> None:
        while asked.recv():
            asked.send((len(server.server_state.connections), len(server.server_state.tasks)))

    threading.Thread(target=answer, daemon=True).start()
    asyncio.run(server.serve([listening]))


class Serving:
    """A server in a process of its own, so that the memory it has is nobody else's."""

    def __init__(self, port: int, process: psutil.Process, asking: Connection) -> None:
        self.port = port
        self.process = process
        self._asking = asking

    def state(self) -> tuple[int, int]:
        """How many connections are open, and how many requests under way."""
        self._asking.send(True)
        return self._asking.recv()  # type: ignore[no-any-return]

    def until(self, state: tuple[int, int], seconds: float) -> bool:
        """Whether it comes to that within so many seconds."""
        end = time.monotonic() + seconds
        while (there := self.state() == state) is False and time.monotonic() < end:
            time.sleep(0.05)
        return there

    def live(self) -> bool:
        """Whether it answers others."""
        return httpx.get(f"http://127.0.0.1:{self.port}/health/live", timeout=5).status_code == 200


@pytest.fixture(scope="module")
def server() -> Iterator[Serving]:
    """One for all tests here."""
    processes = multiprocessing.get_context("spawn")
    asking, asked = processes.Pipe()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        process = processes.Process(target=_serve, args=(listening, asked))
        process.start()
        try:
            serving = Serving(listening.getsockname()[1], psutil.Process(process.pid), asking)
            assert httpx.get(f"http://127.0.0.1:{serving.port}/api/statements", timeout=60).status_code == 200
            yield serving
        finally:
            process.terminate()
            process.join()


def asks_until_nobody_listens(client: socket.socket, request: bytes) -> bool:
    """Sends and reads nothing; whether the server stopped taking it."""
    client.settimeout(0.5)
    try:
        for _ in range(20_000):
            client.sendall(request)
    except OSError:
        return True
    return False


HTTP = b"GET /api/statements HTTP/1.1\r\nHost: here\r\n\r\n"
UPGRADE = (
    b"GET /ws HTTP/1.1\r\nHost: here\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)
FRAME = b"\x81\x82\x00\x00\x00\x00{}"
"""An empty object, masked with zeros: answered with an error that is longer than it."""


@pytest.mark.parametrize(
    ("request_", "greeting"), [(HTTP * 1000, b""), (FRAME * 2000, UPGRADE)], ids=["http", "websocket"]
)
def test_a_client_that_never_reads(server: Serving, request_: bytes, greeting: bytes) -> None:
    assert server.until((0, 0), 5)
    before = server.process.memory_info().rss
    with socket.socket() as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.connect(("127.0.0.1", server.port))
        if greeting:
            client.sendall(greeting)
            client.recv(1000)
        assert server.until((1, bool(greeting)), 5), "else this test shows nothing"
        assert asks_until_nobody_listens(client, request_)
        held = server.process.memory_info().rss - before
        assert server.live()
        assert server.until((0, 0), 10 * GIVES_UP_AFTER)
        assert held < MOST_MEMORY
