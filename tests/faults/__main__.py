"""Figures on faults: `python -m tests.faults [clients|takeover|stores]`. Not part of the suite: they take minutes."""

from __future__ import annotations

import argparse
import asyncio
import json
import resource
import shutil
import sqlite3
import statistics
import sys
import tempfile
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import psutil

from bot.train import train
from deploy.databases import Database
from tests.faults.cluster import Worker, cluster
from tests.running import start
from tests.sessions import connected, new_session

_CLIENTS = 1000
_ROUNDS = 5
_CLEAR = {200, 429, 503}
"""What a client may be answered when everybody comes at once."""


def main() -> int:
    """Prints the figures that are asked for; 1 if a client was left without a clear answer."""
    kinds: dict[str, Callable[[], bool]] = {"clients": clients, "takeover": takeover, "stores": stores}
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("kinds", nargs="*", choices=[*kinds, []], help="by default all")
    chosen = parser.parse_args().kinds or list(kinds)
    passed = [kinds[kind]() for kind in chosen]
    return 0 if all(passed) else 1


@contextmanager
def _folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="crlm-"))
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def clients() -> bool:
    """Everybody at once, each with a connection and a patient of its own."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    with _folder() as folder, start(train(), folder) as server:
        process = psutil.Process(server.pid)
        before = process.memory_info().rss
        answers, live = asyncio.run(_all_at_once(server.url))
        held = process.memory_info().rss - before
        with sqlite3.connect(folder / "conversations.db") as connection:
            query = "select sender_id, count(*) from events where type_name = 'user' group by sender_id"
            taken = dict(connection.execute(query).fetchall())
    statuses = Counter(status for _, status, _ in answers)
    times = sorted(seconds for _, _, seconds in answers)
    acknowledged = {sender for sender, status, _ in answers if status == 200}
    lost = [sender for sender in acknowledged if taken.get(sender) != 1]
    print(f"{_CLIENTS} clients at once, one worker")
    print(f"  answers: {', '.join(f'{count} x {status}' for status, count in sorted(statuses.items()))}")
    print(f"  p50 {statistics.median(times):.1f} s, p95 {times[int(len(times) * 0.95)]:.1f} s, last {times[-1]:.1f} s")
    print(f"  acknowledged and not kept exactly once: {len(lost)}")
    print(f"  /health/live meanwhile: p50 {statistics.median(live) * 1000:.0f} ms, longest {max(live) * 1000:.0f} ms")
    print(f"  memory: {held / 1e6:+.0f} MB")
    return set(statuses) <= _CLEAR and not lost


async def _all_at_once(url: str) -> tuple[list[tuple[str, int, float]], list[float]]:
    limits = httpx.Limits(max_connections=_CLIENTS + 10, max_keepalive_connections=0)
    async with httpx.AsyncClient(timeout=300, limits=limits) as http:

        async def one(number: int) -> tuple[str, int, float]:
            sender, began = f"client-{number}", time.monotonic()
            body = {"sender": sender, "message": f"unresectable, {number % 9 + 1} liver mets"}
            try:
                status = (await http.post(f"{url}/webhooks/rest/webhook", json=body)).status_code
            except httpx.TransportError:
                status = 0
            return sender, status, time.monotonic() - began

        async def watch() -> None:
            while True:
                began = time.monotonic()
                await http.get(f"{url}/health/live")
                live.append(time.monotonic() - began)
                await asyncio.sleep(0.5)

        live: list[float] = []
        watching = asyncio.create_task(watch())
        answers = await asyncio.gather(*(one(number) for number in range(_CLIENTS)))
        watching.cancel()
        return list(answers), live


def takeover() -> bool:
    """A worker dies in the middle of a turn; how long until another one answers the message."""

    async def die_and_go_on(dying: Worker, other: Worker) -> float:
        token, name = new_session(other.url), uuid.uuid4().hex
        dying.database.hold_before(b"INSERT INTO events")
        async with connected(dying.url, token) as client:
            await client.socket.send(json.dumps({"type": "say", "id": name, "text": "unresectable"}))
            await asyncio.to_thread(dying.database.reached.wait, 60)
            await asyncio.to_thread(dying.kill)
        began = time.monotonic()
        async with connected(other.url, token) as client:
            answer = await client.say("unresectable", name)
        assert answer["case"]["facts"] == {"resectability": "unresectable"}
        return time.monotonic() - began

    with _folder() as folder, cluster(train(), folder) as running:
        seconds = []
        for _ in range(_ROUNDS):
            seconds.append(asyncio.run(die_and_go_on(*running.workers)))
            running.workers[0].begin()
    print(f"A worker killed in the middle of a turn, {_ROUNDS} times: another one answered the message")
    print(f"  after {', '.join(f'{one:.1f}' for one in sorted(seconds))} s")
    return True


def stores() -> bool:
    """Stores that go away or say nothing: when the user is told, and when it goes on."""
    with _folder() as folder, cluster(train(), folder) as running:
        worker = running.workers[0]
        for name, store in (("PostgreSQL", running.postgresql), ("Redis", running.redis)):
            _away(name, store, worker)
        for name, store in (("PostgreSQL", worker.database), ("Redis", worker.locks)):
            store.hold()
            told = _measured(lambda: worker.say("2 liver mets", uuid.uuid4().hex))
            store.release()
            print(f"{name} takes connections and says nothing: told after {told:.1f} s")
    return True


def _away(name: str, store: Database, worker: Worker) -> None:
    store.kill()
    told = _measured(lambda: worker.say("2 liver mets", uuid.uuid4().hex))
    store.start()
    back = _measured(lambda: _until(lambda: worker.status("/health/ready") == 200))
    print(f"{name} is killed: told after {told:.2f} s; ready {back:.2f} s after it takes connections again")


def _until(holds: Callable[[], bool]) -> None:
    while not holds():
        time.sleep(0.02)


def _measured(do: Callable[[], object]) -> float:
    began = time.monotonic()
    do()
    return time.monotonic() - began


if __name__ == "__main__":
    sys.exit(main())
