"""The assistant as several workers on one machine, with a PostgreSQL and a Redis of their own.

.venv/bin/python -m deploy.cluster 4

All workers take connections from one socket, so there is no proxy that could fail or be slow: the kernel hands a
connection to whichever worker is free, a worker that is gone takes no waiting connection with it, and clients wait
instead of being refused while all workers are started again. Each worker has an address of its own besides, for its
health and its metrics.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from bot.server.__main__ import StartError, address, listen
from bot.server.settings import Settings, SettingsError
from deploy.databases import Database, DatabaseError, PostgreSQL, Redis

ROOT = Path(__file__).resolve().parents[1]

_BACKLOG = 1024
_LOOK_EVERY = 0.2
_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 30.0
_STEADY = 60.0
"""Seconds after which a worker counts as running well; if it ends then, it is started again without delay."""
_END_WITHIN = 30.0
"""Seconds that a worker has to end its turns."""


class Worker:
    """A process of the server that is started again, with growing pauses, when it ends by itself."""

    def __init__(self, name: str, port: int, shared: socket.socket, environ: Mapping[str, str], log: Path) -> None:
        """Prepare to start.

        Args:
            name: what it is called in messages.
            port: its own address on 127.0.0.1.
            shared: the socket that all workers take connections from.
            environ: its settings but for the addresses.
            log: what it prints is added here.
        """
        self.name, self.url = name, f"http://127.0.0.1:{port}"
        own = {"HOST": "127.0.0.1", "PORT": str(port), "SHARED_SOCKET": str(shared.fileno())}
        self._environ, self._shared, self._log = {**environ, **own}, shared.fileno(), log
        self._process: subprocess.Popen[bytes] | None = None
        self._started = 0.0
        self._pause = _FIRST_PAUSE
        self._next = 0.0
        self._ready = False

    def tend(self) -> str | None:
        """Does what is to be done now; returns what has changed, in words."""
        now = time.monotonic()
        if self._process is None:
            if now >= self._next:
                self._start(now)
            return None
        code = self._process.poll()
        if code is not None:
            return self._ended(code, now)
        if not self._ready and _healthy(self.url):
            self._ready = True
            return f"ready, process {self._process.pid}: {self.url}"
        return None

    @property
    def ready(self) -> bool:
        """Whether it has been able to hold conversations since it was started last."""
        return self._ready

    def terminate(self) -> None:
        """Ask it to end its turns and itself."""
        if self._process is not None:
            self._process.terminate()

    def wait(self) -> None:
        """Until it has ended; if that takes too long it is killed."""
        if self._process is None:
            return
        try:
            self._process.wait(_END_WITHIN)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _start(self, now: float) -> None:
        with self._log.open("ab") as output:
            # A session of its own: Ctrl+C reaches this process alone, which ends all others in order.
            self._process = subprocess.Popen(
                [sys.executable, "-m", "bot.server"],
                cwd=ROOT,
                env=self._environ,
                stdout=output,
                stderr=output,
                pass_fds=[self._shared],
                start_new_session=True,
            )
        self._started = now

    def _ended(self, code: int, now: float) -> str:
        if now - self._started > _STEADY:
            self._pause = _FIRST_PAUSE
        pause, self._pause = self._pause, min(self._pause * 2, _LONGEST_PAUSE)
        self._process, self._ready, self._next = None, False, now + pause
        return f"ended with {code}, started again in {pause:g} s; see {self._log}"


def main() -> int:
    """Runs until it is told to stop; what prevents that is told in one line."""
    parser = argparse.ArgumentParser(prog="python -m deploy.cluster", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("workers", type=int, nargs="?", default=2, help="how many; 2 unless told otherwise")
    parser.add_argument("--data", type=Path, default=data_folder(), help="where databases and logs are kept")
    given = parser.parse_args()
    stopping = threading.Event()
    for ending in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ending, lambda *_: stopping.set())
    try:
        settings = Settings.from_environment(os.environ)
        with listen(settings) as shared, ExitStack() as stack:
            shared.listen(_BACKLOG)
            databases = start_databases(given.data, settings.port, stack)
            with workers(given.workers, settings.port, shared, given.data, databases) as running:
                print(f"Loading {len(running)} workers; {address(shared)} answers when one is ready", flush=True)
                supervise(running, databases, stopping)
    except (SettingsError, StartError, DatabaseError) as error:
        print(error, file=sys.stderr)
        return 1
    print("All have ended.", flush=True)
    return 0


def data_folder() -> Path:
    """A folder that is ignored by git; elsewhere where PostgreSQL, which runs as nobody for root, may not enter it."""
    closed = any(not folder.stat().st_mode & 0o001 for folder in (ROOT, *ROOT.parents))
    if os.geteuid() == 0 and closed:
        return Path("/var/tmp") / f"crlm-assistant-{hashlib.sha256(str(ROOT).encode()).hexdigest()[:8]}"  # noqa: S108
    return ROOT / ".cluster"


def start_databases(folder: Path, port: int, stack: ExitStack) -> tuple[PostgreSQL, Redis]:
    """PostgreSQL with its tables, and Redis; `stack` ends them."""
    folder.mkdir(parents=True, exist_ok=True)
    postgresql = PostgreSQL(folder / "postgresql", port + 90)
    redis = Redis(folder / "redis", port + 91)
    for database in (postgresql, redis):
        stack.enter_context(database)
        print(f"{type(database).__name__}: {database.url}", flush=True)
    done = subprocess.run(
        [sys.executable, "-m", "bot.server.migrate"],
        cwd=ROOT,
        env={**os.environ, "TRACKER_STORE_URL": postgresql.url},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise DatabaseError(done.stderr)
    print(done.stdout, end="", flush=True)
    return postgresql, redis


@contextmanager
def workers(
    count: int, port: int, shared: socket.socket, folder: Path, databases: tuple[PostgreSQL, Redis]
) -> Iterator[list[Worker]]:
    """The workers, not started yet; in the end all of them finish their turns."""
    postgresql, redis = databases
    environ = {**os.environ, "TRACKER_STORE_URL": postgresql.url, "LOCK_STORE_URL": redis.url}
    made = [
        Worker(f"worker {number}", port + number, shared, environ, folder / f"worker-{number}.log")
        for number in range(1, count + 1)
    ]
    try:
        yield made
    finally:
        for worker in made:
            worker.terminate()
        for worker in made:
            worker.wait()


def supervise(running: list[Worker], databases: tuple[Database, ...], stopping: threading.Event) -> None:
    """Starts again whatever ends by itself, until it is told to stop.

    Raises:
        DatabaseError: a database does not start again.
    """
    told = False
    while not stopping.wait(_LOOK_EVERY):
        for database in databases:
            if database.ended:
                print(f"{type(database).__name__} has ended and is started again; see {database.log}", flush=True)
                database.start()
        for worker in running:
            changed = worker.tend()
            if changed:
                print(f"{worker.name}: {changed}", flush=True)
        if not told and all(worker.ready for worker in running):
            told = True
            print("Ready (Ctrl+C stops it)", flush=True)


def _healthy(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/health", timeout=2) as answer:  # noqa: S310 - always http
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


if __name__ == "__main__":
    sys.exit(main())
