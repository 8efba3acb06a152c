"""What takes long to have is made once for all tests: the trained model and a running server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.running import Server, free_port, start


@pytest.fixture(scope="session")
def trained_model() -> Path:
    """The model for the present inputs; trained only if there is none."""
    from bot.train import train

    return train()


@pytest.fixture(scope="session")
def portal_port() -> int:
    """Where a page of another origin may be served that shows the widget."""
    return free_port()


@pytest.fixture(scope="session")
def running(trained_model: Path, portal_port: int, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The server as people start it, with conversations of its own."""
    origin = f"http://localhost:{portal_port}"
    with start(trained_model, tmp_path_factory.mktemp("server"), ALLOWED_ORIGINS=origin) as server:
        yield server


@pytest.fixture(scope="session")
def server(running: Server) -> str:
    """The address of a running server."""
    return running.url
