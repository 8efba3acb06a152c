"""Two workers on one PostgreSQL and one Redis, each behind proxies of its own."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from deploy.databases import PostgreSQL, Redis
from tests.faults.proxy import Proxy, proxy
from tests.running import Server, free_port, start


@dataclass
class Worker:
    """A server process, what it talks to the stores through, and how it is started again."""

    model: Path
    folder: Path
    database: Proxy
    locks: Proxy
    port: int = field(default_factory=free_port)
    server: Server | None = None
    _running: ExitStack = field(default_factory=ExitStack)

    def begin(self) -> None:
        """Start it and wait until it is ready."""
        self.server = self._running.enter_context(
            start(
                self.model,
                self.folder,
                self.port,
                TRACKER_STORE_URL=f"postgresql://postgres@127.0.0.1:{self.database.port}/crlm",
                LOCK_STORE_URL=f"redis://127.0.0.1:{self.locks.port}/0",
            )
        )

    def kill(self) -> None:
        """End it as a crash would, with whatever is under way."""
        os.kill(self.process, signal.SIGKILL)
        self.end()
        self.database.release()

    def end(self) -> None:
        """Stop it, if it runs."""
        self._running.close()
        self.server = None

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def process(self) -> int:
        """Its process."""
        assert self.server is not None
        return self.server.pid

    def say(self, text: str, sender: str) -> str:
        """What the assistant answers over the REST channel."""
        body = {"sender": sender, "message": text}
        answer = httpx.post(f"{self.url}/webhooks/rest/webhook", json=body, timeout=60).raise_for_status()
        return "\n".join(part["text"] for part in answer.json())

    def status(self, path: str, within: float = 10.0) -> int:
        """The status of what is at a path."""
        return httpx.get(f"{self.url}{path}", timeout=within).status_code


@dataclass
class Cluster:
    """The stores and the workers."""

    postgresql: PostgreSQL
    redis: Redis
    workers: list[Worker]


@contextmanager
def cluster(model: Path, folder: Path) -> Iterator[Cluster]:
    """Two workers that are ready; `folder` must be open to others, see `deploy.databases`."""
    with ExitStack() as stack:
        postgresql = PostgreSQL(folder / "postgresql", free_port())
        redis = Redis(folder / "redis", free_port())
        stack.enter_context(postgresql)
        stack.enter_context(redis)
        workers = []
        for name in ("a", "b"):
            own = folder / name
            own.mkdir()
            through = [stack.enter_context(proxy(store.port)) for store in (postgresql, redis)]
            workers.append(Worker(model, own, *through))
            stack.callback(workers[-1].end)
        with ThreadPoolExecutor() as pool:
            list(pool.map(Worker.begin, workers))
        yield Cluster(postgresql, redis, workers)
