"""A model that is missing or damaged: said in words and in /health, while the process lives and answers the rest."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from bot.server.app import create_app
from bot.server.assistant import Assistant
from bot.server.model_file import note_digest
from bot.server.settings import Settings
from bot.server.startup import Startup
from tests.running import PATIENCE

Damage = Callable[[bytes], bytes]


@pytest.mark.parametrize(
    "damage",
    [lambda _: b"", lambda data: data[: len(data) // 2], lambda data: data[:5000] + bytes(2000) + data[7000:]],
    ids=["empty", "cut", "overwritten"],
)
def test_a_damaged_model(trained_model: Path, tmp_path: Path, damage: Damage) -> None:
    model = tmp_path / "broken.tar.gz"
    model.write_bytes(damage(trained_model.read_bytes()))
    note_digest(model)  # else its hash would tell before it is opened
    _says(model, tmp_path, "cannot be loaded: it is damaged")


def test_a_missing_model(tmp_path: Path) -> None:
    _says(tmp_path, tmp_path, "There is no model in")


def _says(model: Path, folder: Path, words: str) -> None:
    settings = Settings(model_path=model, tracker_store_url=f"sqlite:///{folder / 'c.db'}", credentials=folder / "none")
    ended = threading.Event()
    startup = Startup(partial(Assistant.load, settings), lambda _: ended.set())
    with TestClient(create_app(settings, startup=startup)) as client:
        assert ended.wait(PATIENCE)
        for path in ("/health", "/health/ready"):
            answer = client.get(path)
            assert answer.status_code == 503
            assert words in answer.json()["error"]["message"]
            assert "python -m bot.train" in answer.json()["error"]["message"]
        assert client.get("/health/live").status_code == 200
        assert client.get("/api/therapies").status_code == 200
