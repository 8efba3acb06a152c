"""The README's long-running commands, run as printed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.running import free_port

ROOT = Path(__file__).resolve().parents[2]
ENVIRONMENT = ROOT / ".venv" / "bin" / "python"
needs_environment = pytest.mark.skipif(
    not ENVIRONMENT.exists() or (ROOT / ".venv").is_symlink(),
    reason="the environment of `make` is not built, or belongs to another checkout, which `make` would change",
)


@contextmanager
def running(command: list[str], **environment: str) -> Iterator[subprocess.Popen[str]]:
    """A command in a process group of its own, ended by its id."""
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, **environment},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.communicate(timeout=30)


def wait_for(url: str, process: subprocess.Popen[str], seconds: float = 120) -> None:
    """Until `url` answers with 200."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        assert process.poll() is None, process.stdout and process.stdout.read()
        try:
            if httpx.get(url, timeout=5).status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.3)
    raise AssertionError(f"{url} does not answer")


def say(url: str, text: str) -> str:
    """What a REST channel answers."""
    answer = httpx.post(f"{url}/webhooks/rest/webhook", json={"sender": "commands", "message": text}, timeout=60)
    answer.raise_for_status()
    return "\n".join(message.get("text", "") for message in answer.json())


@needs_environment
def test_make_run_serves_the_page_and_the_conversation(trained_model: Path, tmp_path: Path) -> None:
    port = free_port()
    store = f"sqlite:///{tmp_path / 'conversations.db'}"
    with running(["make", "run"], PORT=str(port), TRACKER_STORE_URL=store) as process:
        url = f"http://127.0.0.1:{port}"
        wait_for(f"{url}/health", process)
        assert "<title>" in httpx.get(url).text
        assert "不可切除" in say(url, "不可切除，肝转移2枚")


@needs_environment
def test_make_chat_talks(trained_model: Path) -> None:
    done = subprocess.run(
        ["make", "chat"],
        cwd=ROOT,
        input="unresectable, 2 liver mets\nshow me the options\n",
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert "Preferred: Systemic chemo" in done.stdout, done.stderr


def test_rasas_own_server_with_its_action_server(trained_model: Path, tmp_path: Path) -> None:
    """`rasa run actions` and `rasa run` hold the same conversation, on ports of their own."""
    actions, port = free_port(), free_port()
    endpoints = tmp_path / "endpoints.yml"
    endpoints.write_text(
        f"action_endpoint:\n  url: http://127.0.0.1:{actions}/webhook\n  enable_selective_domain: true\n",
        encoding="utf-8",
    )
    rasa = [sys.executable, "-m", "rasa", "run"]
    serve = ["--model", str(trained_model), "--endpoints", str(endpoints), "--credentials", "credentials.yml"]
    listen = ["--port", str(port), "--interface", "127.0.0.1"]
    with (
        running([*rasa, "actions", "--port", str(actions)]) as action_server,
        running([*rasa, *serve, *listen]) as server,
    ):
        wait_for(f"http://127.0.0.1:{actions}/health", action_server)
        wait_for(f"http://127.0.0.1:{port}/", server)
        end = time.monotonic() + 60
        while not (answer := say(f"http://127.0.0.1:{port}", "unresectable, two liver mets")):
            assert time.monotonic() < end
        assert "unresectable" in answer


def test_rasas_own_test_command(trained_model: Path, tmp_path: Path) -> None:
    """The stories predict what the rules say."""
    command = [sys.executable, "-m", "rasa", "test", "core", "--stories", "tests/dialogue/stories"]
    command += ["--model", str(trained_model), "--out", str(tmp_path), "--fail-on-prediction-errors"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
