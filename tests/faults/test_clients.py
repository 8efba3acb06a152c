"""Clients that never read what they asked for: what they are sent is bounded, and the connection ends."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
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
MOST_MEMORY = 40_000_000


def _no_model(_: object) -> None:
    raise NoModelError("none")


@contextmanager
def served() -> Iterator[tuple[GracefulServer, int]]:
    """The application without an assistant, and the port it is at."""
    stopping = Stopping()
    app = create_app(Settings(credentials=Path("/nowhere")), startup=Startup(_no_model), stopping=stopping)  # type: ignore[arg-type]
    server = GracefulServer(app, stopping, 1.0)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        give_up_on_readers(listening, GIVES_UP_AFTER)
        port = listening.getsockname()[1]
        thread = threading.Thread(target=lambda: asyncio.run(server.serve([listening])))
        thread.start()
        while not server.started:
            time.sleep(0.01)
        try:
            yield server, port
        finally:
            server.should_exit = True
            thread.join()


@pytest.fixture(scope="module")
def server() -> Iterator[tuple[GracefulServer, int]]:
    """One for all tests here."""
    with served() as running:
        yield running


def asks_and_never_reads(port: int, request: bytes, greeting: bytes = b"") -> socket.socket:
    """A client that sends until nobody takes any more."""
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    client.connect(("127.0.0.1", port))
    if greeting:
        client.sendall(greeting)
        client.recv(1000)
    client.settimeout(0.5)
    try:
        for _ in range(20_000):
            client.sendall(request)
    except OSError:
        pass
    return client


HTTP = b"GET /api/statements HTTP/1.1\r\nHost: here\r\n\r\n"
UPGRADE = (
    b"GET /ws HTTP/1.1\r\nHost: here\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)
FRAME = b"\x81\x82\x00\x00\x00\x00{}"
"""An empty object, masked with zeros: answered with an error that is longer than it."""


@pytest.mark.parametrize(("request_", "greeting"), [(HTTP, b""), (FRAME * 2000, UPGRADE)], ids=["http", "websocket"])
def test_a_client_that_never_reads(server: tuple[GracefulServer, int], request_: bytes, greeting: bytes) -> None:
    running, port = server
    process = psutil.Process()
    before = process.memory_info().rss
    client = asks_and_never_reads(port, request_, greeting)
    try:
        held = process.memory_info().rss - before
        assert running.server_state.connections, "else this test shows nothing"
        assert httpx.get(f"http://127.0.0.1:{port}/health/live", timeout=5).status_code == 200
        end = time.monotonic() + 10 * GIVES_UP_AFTER
        while running.server_state.connections and time.monotonic() < end:
            time.sleep(0.1)
        assert not running.server_state.connections
        assert not running.server_state.tasks
        assert held < MOST_MEMORY
    finally:
        client.close()
