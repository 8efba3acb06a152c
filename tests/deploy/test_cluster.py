"""Several workers on one machine, with a real PostgreSQL and Redis: conversations move freely between them."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import psutil
import pytest
import sqlalchemy as sa  # type: ignore[import-untyped]

from tests.running import ROOT, answers, free_port

PATIENCE = 240.0


@dataclass
class Cluster:
    """A cluster of two workers that can be ended and started again."""

    folder: Path
    port: int = 0
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def workers(self) -> list[str]:
        return [f"http://127.0.0.1:{self.port + number}" for number in (1, 2)]

    @property
    def database(self) -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port + 90}/crlm"

    @property
    def log(self) -> str:
        return (self.folder / "cluster.log").read_text(encoding="utf-8")

    def start(self) -> None:
        with (self.folder / "cluster.log").open("ab") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "deploy.cluster", "2", "--data", str(self.folder)],
                cwd=ROOT,
                env={**os.environ, "PORT": str(self.port)},
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        begun = self.log.count("Ready")
        self.until(lambda: self.log.count("Ready") > begun)

    def until(self, condition: Callable[[], bool]) -> None:
        end = time.monotonic() + PATIENCE
        while not condition():
            assert self.process is not None
            assert self.process.poll() is None, self.log
            assert time.monotonic() < end, self.log
            time.sleep(0.1)

    def stop(self, how: signal.Signals = signal.SIGINT) -> list[psutil.Process]:
        """Ends it as Ctrl+C does; returns the processes it had."""
        assert self.process is not None
        had = psutil.Process(self.process.pid).children(recursive=True)
        self.process.send_signal(how)
        assert self.process.wait(60) == 0, self.log
        return had

    def worker_process(self, number: int) -> psutil.Process:
        line = next(line for line in reversed(self.log.splitlines()) if line.startswith(f"worker {number}: ready"))
        return psutil.Process(int(line.partition("process ")[2].partition(":")[0]))


@pytest.fixture(scope="module")
def cluster(trained_model: Path) -> Iterator[Cluster]:
    folder = Path(tempfile.mkdtemp(prefix="crlm-"))
    folder.chmod(0o711)
    started = Cluster(folder, free_port(1, 2, 90, 91))  # workers and databases
    try:
        started.start()
        yield started
    finally:
        if started.process is not None and started.process.poll() is None:
            started.process.terminate()
            started.process.wait(60)
        shutil.rmtree(folder)


def say(url: str, sender: str, text: str) -> str:
    """What is answered over a connection of its own."""
    said = httpx.post(f"{url}/webhooks/rest/webhook", json={"sender": sender, "message": text}, timeout=60)
    said.raise_for_status()
    return "\n".join(message["text"] for message in said.json())


async def connected(url: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    parts = urlsplit(url)
    return await asyncio.open_connection(parts.hostname, parts.port)


def request(sender: str, text: str) -> bytes:
    body = json.dumps({"sender": sender, "message": text}).encode()
    head = f"POST /webhooks/rest/webhook HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {len(body)}\r\n"
    return head.encode() + b"Content-Type: application/json\r\nConnection: close\r\n\r\n" + body


async def answered(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> str:
    answer = await asyncio.wait_for(reader.read(), 120)
    writer.close()
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 "), head
    return "\n".join(message["text"] for message in json.loads(body))


def heard(database: str, sender: str) -> list[str]:
    """What a person has said, as the database keeps it."""
    engine = sa.create_engine(database)
    kept = sa.text("SELECT data::json->>'text' FROM events WHERE sender_id = :s AND type_name = 'user' ORDER BY id")
    with engine.connect() as connection:
        texts = connection.execute(kept, {"s": sender}).scalars().all()
    engine.dispose()
    return list(texts)


@pytest.mark.slow
def test_a_conversation_moves_between_workers_that_die_and_start_again(cluster: Cluster) -> None:
    one, two = cluster.workers
    zh, en = uuid.uuid4().hex, uuid.uuid4().hex
    assert "病灶 3 个" in say(one, zh, "直肠癌肝转移，不可切除，3枚")
    assert "lesions: 2" in say(two, en, "unresectable, two liver mets")
    assert "2.8 cm" in say(two, zh, "最大2.8cm")
    assert "largest 2.5 cm" in say(one, en, "2.5 cm")

    cluster.worker_process(2).kill()
    assert "RAS 突变" in say(cluster.url, zh, "KRAS G12D"), "the others take what comes"
    assert "no extrahepatic" in say(cluster.url, en, "no extrahepatic disease")
    cluster.until(lambda: answers(f"{two}/health"))
    assert "worker 2: ended with -9, started again in 1 s" in cluster.log
    assert "2.5 cm → largest 3.5 cm" in say(two, en, "sorry, the largest is 3.5 cm")

    had = cluster.stop()
    assert len(had) >= 4
    assert not any(process.is_running() for process in had), "Ctrl+C ends all of them"
    cluster.start()
    case = say(two, zh, "总结")
    assert all(fact in case for fact in ("不可切除", "病灶 3 个", "最大 2.8 cm", "RAS 突变"))
    case = say(one, en, "case so far")
    assert all(fact in case for fact in ("lesions: 2", "largest 3.5 cm", "no extrahepatic"))


@pytest.mark.slow
async def test_fifty_messages_of_one_person_over_two_workers_are_answered_once_and_in_order(cluster: Cluster) -> None:
    sender = uuid.uuid4().hex
    texts = [f"{number} liver mets" for number in range(1, 51)]

    # Side by side on both workers; what is sent to one of them keeps its order. Each message goes out in one piece on
    # a connection that is open already: a client under load would send the rest of an earlier one after it.
    connections = [await connected(cluster.workers[number % 2]) for number in range(50)]
    asked = []
    for (reader, writer), text in zip(connections, texts, strict=True):
        writer.write(request(sender, text))
        asked.append(asyncio.create_task(answered(reader, writer)))
        await asyncio.sleep(0.01)
    said = await asyncio.gather(*asked)
    kept = heard(cluster.database, sender)
    assert sorted(kept) == sorted(texts), "none is lost, none is taken twice"
    for worker in (0, 1):
        assert [text for text in kept if texts.index(text) % 2 == worker] == texts[worker::2]
    for text, answer in zip(texts, said, strict=True):
        count = text.partition(" ")[0]
        assert f"lesions: {count}" in answer or f"→ lesions: {count}" in answer, (text, answer)

    # One after the other, each on the other worker.
    sender = uuid.uuid4().hex
    for number, text in enumerate(texts[:10]):
        assert f"lesions: {number + 1}" in await asyncio.to_thread(say, cluster.workers[number % 2], sender, text)
    assert heard(cluster.database, sender) == texts[:10]


def test_make_starts_it() -> None:
    command = ["make", "--no-print-directory", "--dry-run", "run-cluster", "ARGS=4", "PYTHON=python3"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "exec .venv/bin/python -m deploy.cluster 4"
