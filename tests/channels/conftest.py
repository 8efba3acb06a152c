"""What tests of the platforms share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.channels.standins.receiver import Receiver
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
