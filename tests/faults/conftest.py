"""The workers that tests of faults share; each test leaves them in order."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.cluster import Cluster, cluster


@pytest.fixture(scope="package")
def shared(trained_model: Path) -> Iterator[Cluster]:
    """Two workers on PostgreSQL and Redis."""
    folder = Path(tempfile.mkdtemp(prefix="crlm-"))
    folder.chmod(0o711)
    try:
        with cluster(trained_model, folder) as running:
            yield running
    finally:
        shutil.rmtree(folder, ignore_errors=True)
