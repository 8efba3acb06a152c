"""What tests of the platforms share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.channels.live import Live, live
from tests.channels.peers import peers
from tests.channels.standins.receiver import Receiver
from tests.channels.standins.sdk import Sdk
from tests.channels.standins.serving import serving


@pytest.fixture
def database(tmp_path: Path) -> str:
    """A database of its own."""
    return f"sqlite:///{tmp_path / 'mailbox.db'}"


@pytest.fixture
def receiver() -> Iterator[tuple[str, Receiver]]:
    """The other side of the signed webhook."""
    other = Receiver()
    with serving(other.app) as url:
        yield url, other


@pytest.fixture(scope="session")
def connected(trained_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """The real server with every platform connected to its stand-in."""
    with live(trained_model, tmp_path_factory.mktemp("live")) as started:
        yield started
        log = started.server.log.read_text(encoding="utf-8", errors="replace")
        assert "Traceback" not in log, log[-4000:]


@pytest.fixture(scope="session")
def sdk() -> Iterator[Sdk]:
    """The SDKs of the platforms."""
    asked = Sdk(peers())
    yield asked
    asked.close()
