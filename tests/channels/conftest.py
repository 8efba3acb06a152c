"""What tests of the platforms share."""

from __future__ import annotations

import itertools
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.databases import PostgreSQL
from tests.channels.live import Live, live
from tests.channels.peers import peers
from tests.channels.standins.receiver import Receiver
from tests.channels.standins.sdk import Sdk
from tests.channels.standins.serving import serving
from tests.running import free_port


@pytest.fixture
def database(tmp_path: Path) -> str:
    """A database of its own."""
    return f"sqlite:///{tmp_path / 'mailbox.db'}"


_NAMES = itertools.count()


@pytest.fixture(scope="session")
def server_of_databases() -> Iterator[PostgreSQL]:
    """A PostgreSQL that tests share, each with a database of its own."""
    folder = Path(tempfile.mkdtemp(prefix="crlm-"))
    folder.chmod(0o711)
    with PostgreSQL(folder / "postgresql", free_port()) as server:
        yield server
    shutil.rmtree(folder)


@pytest.fixture(params=["sqlite", "postgresql"])
def either_database(request: pytest.FixtureRequest) -> str:
    """A database of its own, of each kind that deliveries are kept in."""
    if request.param == "sqlite":
        return str(request.getfixturevalue("database"))
    server: PostgreSQL = request.getfixturevalue("server_of_databases")
    name = f"mailbox{next(_NAMES)}"
    subprocess.run(server.tool("createdb", name), check=True, capture_output=True)
    return server.url.removesuffix("crlm") + name


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
