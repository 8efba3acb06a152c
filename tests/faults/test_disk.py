"""A full disk: nothing is acknowledged that was not kept, and it goes on by itself once there is room."""

from __future__ import annotations

import os
import resource
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx
import pytest

from deploy.databases import PostgreSQL
from tests.running import Server, free_port, start
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


@contextmanager
def small_disk(megabytes: int) -> Iterator[Path]:
    """A disk of its own, empty, that others may enter; mounting one needs the rights of root."""
    folder = Path(tempfile.mkdtemp(prefix="crlm-"))
    mount = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=755", "tmpfs", str(folder)]
    try:
        if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
            pytest.skip("this machine lets nobody here mount a disk")
        try:
            yield folder
        finally:
            subprocess.run(["umount", str(folder)], check=True)
    finally:
        folder.rmdir()


@contextmanager
def ballast(disk: Path) -> Iterator[None]:
    """Whatever room is left on a disk, taken."""
    weight = disk / "ballast"
    try:
        with weight.open("wb", buffering=0) as file, suppress(OSError):
            while True:
                file.write(bytes(4096))
        yield
    finally:
        weight.unlink()


async def test_a_full_disk_under_postgresql(trained_model: Path, tmp_path: Path) -> None:
    with (
        small_disk(150) as disk,
        PostgreSQL(disk / "postgresql", free_port()) as database,
        start(trained_model, tmp_path, TRACKER_STORE_URL=database.url) as server,
    ):
        async with connected(server.url, new_session(server.url)) as client:
            await client.say("unresectable, 2 liver mets")
            names = [uuid.uuid4().hex for _ in range(60)]
            kept = 0
            with ballast(disk):
                # Pages that were begun still take a few turns.
                while (answer := await client.say("RAS wt", names[kept]))["type"] != "error":
                    kept += 1
                assert answer["code"] == "failed"
                assert "cannot be reached right now" in answer["text"]
                assert httpx.get(f"{server.url}/health/live", timeout=20).status_code == 200
            again = await client.say("RAS wt", names[kept])
        assert again["case"]["facts"] == {"resectability": "unresectable", "lesion_count": 2, "ras": "wild_type"}
        count = "SELECT count(*) FROM events WHERE type_name = 'user' AND data LIKE '%RAS wt%'"
        asked = database.tool("psql", "-d", "crlm", "-At", "-c", count)
        told = subprocess.run(asked, capture_output=True, text=True, check=True)
        assert int(told.stdout) == kept + 1, "what was acknowledged is there once, what was not is not"
        assert httpx.get(f"{server.url}/health", timeout=20).status_code == 200
