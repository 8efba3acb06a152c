"""Starts real servers for tests and benchmarks, and ends them again."""

from __future__ import annotations

import multiprocessing
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

ROOT = Path(__file__).resolve().parents[1]
ACCESS_TOKEN = "a-token-0123456789-abcdefghijklmnopqrstuvwxyz"
ACCESS_CODE = "ward-7-is-open"
PATIENCE = 300.0
"""Seconds that a server may take to get ready."""
_FORKED = multiprocessing.get_context("forkserver")
_FORKED.set_forkserver_preload(["tests.loaded"])


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
    """The server of this project, ready for conversations; at a port it had before, if one is named.

    It is forked from a process that has loaded what every server loads, which takes nine tenths of the time; after
    that it does what the command does.
    """
    port = port or free_port()
    url, log = f"http://127.0.0.1:{port}", folder / "server.log"
    process = _FORKED.Process(target=_serve, args=({**environment(model, folder, port), **settings}, log), daemon=True)
    started = time.monotonic()
    process.start()
    try:
        _wait(f"{url}/health", started, process.is_alive, log)
        yield Server(url, process.pid, time.monotonic() - started, log)
    finally:
        process.terminate()
        process.join(10)
        process.kill()
        process.join()


def _serve(environ: Mapping[str, str], log: Path) -> None:
    """What `python -m bot.server` does, with its output in a file."""
    os.environ.clear()
    os.environ.update(environ)
    os.chdir(ROOT)
    with log.open("wb") as output:
        os.dup2(output.fileno(), 1)
        os.dup2(output.fileno(), 2)
    from bot.server.__main__ import main

    sys.exit(main())


@contextmanager
def start_command(model: Path, folder: Path, **settings: str) -> Iterator[Server]:
    """The server as people start it, ready for conversations."""
    port = free_port()
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
        _wait(ready, started, lambda: process.poll() is None, log)
        yield Server(url, process.pid, time.monotonic() - started, log)
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(ready: str, started: float, is_alive: Callable[[], bool], log: Path) -> None:
    while not answers(ready):
        if not is_alive() or time.monotonic() - started > PATIENCE:
            raise RuntimeError(f"the server did not get ready:\n{log.read_text(errors='replace')[-4000:]}")
        time.sleep(0.05)


def answers(url: str) -> bool:
    """Whether something answers 200 there."""
    try:
        return httpx.get(url, timeout=2).status_code == httpx.codes.OK
    except httpx.TransportError:
        return False
