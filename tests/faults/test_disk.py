"""A full disk: nothing is acknowledged that was not kept, and it goes on by itself once there is room."""

from __future__ import annotations

import resource
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest

from tests.running import Server
from tests.sessions import connected, new_session

if not hasattr(resource, "prlimit"):
    pytest.skip("only Linux sets limits of a running process", allow_module_level=True)


@contextmanager
def full_disk(server: Server) -> Iterator[None]:
    """The process cannot make any file longer than it would be useful."""
    before = resource.prlimit(server.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(server.pid, resource.RLIMIT_FSIZE, (4096, before[1]))
    try:
        yield
    finally:
        resource.prlimit(server.pid, resource.RLIMIT_FSIZE, before)


async def test_a_full_disk(running: Server) -> None:
    name = uuid.uuid4().hex
    async with connected(running.url, new_session(running.url)) as client:
        await client.say("unresectable, 2 liver mets")
        with full_disk(running):
            failed = await client.say("RAS wt", name)
            assert failed["code"] == "failed"
            assert "cannot be reached right now" in failed["text"]
            assert httpx.get(f"{running.url}/health", timeout=20).status_code == 503
            assert httpx.get(f"{running.url}/health/live", timeout=20).status_code == 200
            question = {"question": "What is 5-year survival after SRFA?"}
            assert httpx.post(f"{running.url}/api/ask", json=question, timeout=20).status_code == 200
        answer = await client.say("RAS wt", name)
    assert answer["case"]["facts"] == {"resectability": "unresectable", "lesion_count": 2, "ras": "wild_type"}
    assert httpx.get(f"{running.url}/health", timeout=20).status_code == 200
