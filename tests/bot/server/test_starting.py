"""`python -m bot.server` at the terminal."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from bot.server.model_file import note_digest
from tests.running import ROOT, Server, answers, environment, free_port

COMMAND = [sys.executable, "-m", "bot.server"]


def run(**settings: str) -> subprocess.CompletedProcess[str]:
    """The command with these settings; it is expected to end by itself."""
    environ = {**os.environ, **settings}
    return subprocess.run(COMMAND, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=60, check=False)


def test_a_wrong_setting_is_told_in_one_line() -> None:
    ended = run(PORT="eighty")
    assert ended.returncode == 1
    assert ended.stderr.startswith("PORT=eighty: ")
    assert ended.stderr.count("\n") == 1


def test_no_model_says_how_to_get_one(tmp_path: Path) -> None:
    ended = run(MODEL_PATH=str(tmp_path), PORT=str(free_port()))
    assert ended.returncode == 1
    assert ended.stderr == f"There is no model in {tmp_path}. Train one with: python -m bot.train\n"


def test_a_taken_port_is_named_at_once(trained_model: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        started = time.monotonic()
        ended = run(MODEL_PATH=str(trained_model), PORT=str(port))
    assert ended.returncode == 1
    assert f"PORT={port} cannot be listened on: Address already in use" in ended.stderr
    assert time.monotonic() - started < 10


def test_a_file_that_is_no_model_ends_it(tmp_path: Path) -> None:
    broken = tmp_path / "broken.tar.gz"
    broken.write_bytes(b"nothing")
    note_digest(broken)
    ended = run(**environment(broken, tmp_path, free_port()))
    assert ended.returncode == 1
    last = ended.stderr.splitlines()[-1]
    assert last.startswith("The model broken.tar.gz cannot be loaded: it is damaged")
    assert last.endswith("python -m bot.train")


def test_it_says_where_it_is_and_nothing_else(running: Server) -> None:
    lines = running.log.read_text(encoding="utf-8").splitlines()
    assert lines[:2] == ["Loading the assistant …", f"Ready: {running.url} (Ctrl+C stops it)"]


def test_it_gets_by_without_tensorflow(running: Server) -> None:
    maps = Path(f"/proc/{running.pid}/maps")
    if not maps.exists():
        pytest.skip("only Linux shows which libraries a process has loaded")
    assert "tensorflow" not in maps.read_text()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_stops_when_it_is_told_to(trained_model: Path, tmp_path: Path, number: int) -> None:
    port = free_port()
    process = subprocess.Popen(
        COMMAND,
        cwd=ROOT,
        env=environment(trained_model, tmp_path, port),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    try:
        deadline = time.monotonic() + 60
        while not answers(f"http://127.0.0.1:{port}/api/therapies") and time.monotonic() < deadline:
            time.sleep(0.1)
        process.send_signal(number)
        _, errors = process.communicate(timeout=30)
    finally:
        process.kill()
    assert errors == b""
    with pytest.raises(httpx.TransportError):
        httpx.get(f"http://127.0.0.1:{port}/health")


def test_conversations_outlive_the_server(trained_model: Path, tmp_path: Path) -> None:
    from tests.running import start

    said = []
    for message in ("unresectable, 2 liver mets", "case so far"):
        with start(trained_model, tmp_path) as server:
            answer = httpx.post(
                f"{server.url}/webhooks/rest/webhook", json={"sender": "returning", "message": message}, timeout=60
            )
        said.append(" ".join(part["text"] for part in answer.json()))
    assert re.search(r"unresectable.*2", said[1])
