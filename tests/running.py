"""Starts real servers for tests and benchmarks, and ends them again."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

ROOT = Path(__file__).resolve().parents[1]
ACCESS_TOKEN = "a-token-0123456789-abcdefghijklmnopqrstuvwxyz"
ACCESS_CODE = "ward-7-is-open"
PATIENCE = 300.0
"""Seconds that a server may take to get ready."""


@dataclass(frozen=True)
class Server:
    """A server that is ready.

    Attributes:
        url: its address.
        pid: its process.
        seconds: how long it took from the start of the process until it was ready.
        log: what it prints.
    """

    url: str
    pid: int
    seconds: float
    log: Path


def free_port(*beside: int) -> int:
    """A port on loopback that nothing listens on now, nor on those so far above it."""
    while True:
        with ExitStack() as stack:
            first = stack.enter_context(socket.socket())
            first.bind(("127.0.0.1", 0))
            port = int(first.getsockname()[1])
            try:
                for distance in beside:
                    stack.enter_context(socket.socket()).bind(("127.0.0.1", port + distance))
            except (OSError, OverflowError):
                continue
            return port


def environment(model: Path, folder: Path, port: int) -> dict[str, str]:
    """The settings of a server whose conversations stay in `folder`."""
    return {
        **os.environ,
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "LOG_FORMAT": "text",
        "MODEL_PATH": str(model),
        "TRACKER_STORE_URL": f"sqlite:///{folder / 'conversations.db'}",
    }


@contextmanager
def start(model: Path, folder: Path, port: int | None = None, **settings: str) -> Iterator[Server]:
    """The server of this project, ready for conversations; at a port it had before, if one is named."""
    port = port or free_port()
    url = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "bot.server"]
    environ = {**environment(model, folder, port), **settings}
    with running(command, url, f"{url}/health", environ, folder / "server.log") as server:
        yield server


@contextmanager
def running(
    command: Sequence[str], url: str, ready: str, environ: Mapping[str, str], log: Path, cwd: Path = ROOT
) -> Iterator[Server]:
    """A server process that answers 200 at `ready`.

    Raises:
        RuntimeError: it ended before, or took too long; the message holds what it printed last.
    """
    started = time.monotonic()
    with log.open("wb") as output:
        process = subprocess.Popen(command, cwd=cwd, env=dict(environ), stdout=output, stderr=output)
    try:
        while not answers(ready):
            if process.poll() is not None or time.monotonic() - started > PATIENCE:
                raise RuntimeError(f"the server did not get ready:\n{log.read_text(errors='replace')[-4000:]}")
            time.sleep(0.05)
        yield Server(url, process.pid, time.monotonic() - started, log)
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def answers(url: str) -> bool:
    """Whether something answers 200 there."""
    try:
        return httpx.get(url, timeout=2).status_code == httpx.codes.OK
    except httpx.TransportError:
        return False
