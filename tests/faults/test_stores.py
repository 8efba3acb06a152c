"""Stores that go away, come back, are slow, or say nothing: told to the user and in /health, mended by itself."""

from __future__ import annotations

import statistics
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import httpx
import pytest

from deploy.databases import Database
from tests.faults.cluster import Cluster, Worker
from tests.sessions import connected, new_session

TOLD_WITHIN = 15.0
"""Seconds until a user is told that a store says nothing; a connection and a statement have five each."""


def soon(holds: Callable[[], bool], within: float = 20.0) -> bool:
    """Whether something comes true in time."""
    end = time.monotonic() + within
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.1)
    return False


@contextmanager
def stopped(store: Database) -> Iterator[None]:
    """A store that is down for a while."""
    store.kill()
    try:
        yield
    finally:
        store.start()


@pytest.mark.parametrize("name", ["postgresql", "redis"])
async def test_a_store_that_is_away(shared: Cluster, name: str) -> None:
    worker, sender = shared.workers[0], uuid.uuid4().hex
    process, token = worker.process, new_session(worker.url)
    worker.say("unresectable, 2 liver mets", sender)
    async with connected(worker.url, token) as client:
        await client.say("不可切除，肝转移2枚")
        with stopped(getattr(shared, name)):
            assert "cannot be reached right now" in worker.say("largest 2.5 cm", sender)
            assert "暂时无法读写" in worker.say("最大2.5cm", sender)
            failed = await client.say("RAS wt")
            assert (failed["type"], failed["code"]) == ("error", "failed")
            assert "暂时无法读写" in failed["text"], "in the language the conversation is held in"
            assert worker.status("/health") == worker.status("/health/ready") == 503
            assert worker.status("/health/live") == 200
        assert soon(lambda: worker.status("/health/ready") == 200)
        assert (await client.say("RAS wt"))["case"]["facts"]["ras"] == "wild_type"
    said = worker.say("largest 2.5 cm", sender)
    assert "Noted: largest 2.5 cm" in said
    assert "unresectable · lesions: 2 · largest 2.5 cm" in worker.say("case so far", sender)
    assert worker.process == process


class Slow:
    """What a turn takes that goes on while the server is asked other things."""

    def __init__(self, worker: Worker, text: str, sender: str) -> None:
        self.said = ""
        began = time.monotonic()

        def run() -> None:
            self.said = worker.say(text, sender)
            self.seconds = time.monotonic() - began

        self._thread = threading.Thread(target=run)
        self._thread.start()

    @property
    def goes_on(self) -> bool:
        """Whether it has not ended."""
        return self._thread.is_alive()

    def end(self) -> None:
        """Wait for it."""
        self._thread.join()


def test_a_slow_database_makes_a_turn_slow_and_nothing_else(shared: Cluster) -> None:
    worker, sender = shared.workers[0], uuid.uuid4().hex
    worker.say("unresectable", sender)
    worker.database.delay = 0.2
    try:
        turn, others = Slow(worker, "2 liver mets", sender), []
        with httpx.Client(base_url=worker.url) as http:
            while turn.goes_on:
                began = time.monotonic()
                assert http.get("/health/live").status_code == 200
                others.append(time.monotonic() - began)
                time.sleep(0.05)
        turn.end()
    finally:
        worker.database.delay = 0.0
    assert "lesions: 2" in turn.said
    assert turn.seconds > 2.0
    assert statistics.median(others) < turn.seconds / 8


@pytest.mark.slow
@pytest.mark.parametrize("name", ["database", "locks"])
def test_a_store_that_says_nothing_is_given_up(shared: Cluster, name: str) -> None:
    worker, sender = shared.workers[0], uuid.uuid4().hex
    worker.say("unresectable", sender)
    store = getattr(worker, name)
    store.hold()
    try:
        turn = Slow(worker, "2 liver mets", sender)
        assert worker.status("/health/live", within=3) == 200
        assert worker.status("/health") == 503
        turn.end()
    finally:
        store.release()
    assert "cannot be reached right now" in turn.said
    assert turn.seconds < TOLD_WITHIN
    assert soon(lambda: worker.status("/health/ready") == 200)
    assert "lesions: 2" in worker.say("2 liver mets", sender)
