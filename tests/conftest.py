"""What takes long to have is made once for all tests: the trained model and a running server."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from deploy.databases import PostgreSQL, Redis
from tests.running import ACCESS_CODE, ACCESS_TOKEN, Server, free_port, start, start_command

LONG = ("faults", "documentation", "deploy", "bot/server", "channels", "browser", "evaluation", "fuzz", "dialogue")
"""Folders whose tests take long, the longest first: what is short at the end keeps both processes busy."""
TOGETHER = ("tests/faults/",)
"""Folders that one process works through, as their tests share what takes long to start."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes long."""

    def place(item: pytest.Item) -> int:
        return next((place for place, name in enumerate(LONG) if f"tests/{name}/" in item.nodeid), len(LONG))

    items.sort(key=place)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Hands out files, or whole folders, to the processes in the order in which they were collected."""
    from xdist.scheduler import LoadFileScheduling

    class InOrder(LoadFileScheduling):  # type: ignore[misc]
        def _split_scope(self, nodeid: str) -> str:
            together = (folder for folder in TOGETHER if nodeid.startswith(folder))
            return str(next(together, super()._split_scope(nodeid)))

    return InOrder(config, log)


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
    with start_command(trained_model, tmp_path_factory.mktemp("server"), ALLOWED_ORIGINS=origin) as server:
        yield server


@pytest.fixture(scope="session")
def server(running: Server) -> str:
    """The address of a running server."""
    return running.url


@pytest.fixture(scope="session")
def guarded(trained_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The server as others can reach it: behind a proxy on this machine, with secrets and all limits."""
    secrets = {"ACCESS_TOKEN": ACCESS_TOKEN, "ACCESS_CODE": ACCESS_CODE, "TRUSTED_PROXIES": "127.0.0.1"}
    with start(trained_model, tmp_path_factory.mktemp("guarded"), **secrets) as server:
        yield server


@contextmanager
def _open_folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="crlm-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that a database may enter which runs as nobody, because these tests run as root."""
    with _open_folder() as folder:
        yield folder


@pytest.fixture(scope="session")
def lasting_postgresql() -> Iterator[PostgreSQL]:
    """A PostgreSQL for all tests that leave it running."""
    with _open_folder() as folder, PostgreSQL(folder / "postgresql", free_port()) as database:
        yield database
        database.kill()  # nothing of it is kept, so it need not put it in order


@pytest.fixture
def fresh_database(lasting_postgresql: PostgreSQL) -> str:
    """The URL of an empty database in it."""
    name = f"test_{uuid.uuid4().hex}"
    subprocess.run(lasting_postgresql.tool("createdb", name), cwd=lasting_postgresql.folder, check=True)
    return lasting_postgresql.url.replace("/crlm", f"/{name}")


@pytest.fixture(scope="session")
def lasting_redis() -> Iterator[Redis]:
    """A Redis for all tests that leave it running; conversations of random names do not meet in it."""
    with _open_folder() as folder, Redis(folder / "redis", free_port()) as store:
        yield store


@pytest.fixture
def postgresql(open_folder: Path) -> Iterator[PostgreSQL]:
    """A PostgreSQL of its own, which a test may stop, kill and start again."""
    with PostgreSQL(open_folder / "postgresql", free_port()) as database:
        yield database


@pytest.fixture
def redis(open_folder: Path) -> Iterator[Redis]:
    """A Redis of its own, which a test may stop, kill and start again."""
    with Redis(open_folder / "redis", free_port()) as store:
        yield store
