"""The workers that tests of faults share."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.cluster import Cluster, cluster


@pytest.fixture(scope="package")
def together(trained_model: Path) -> Iterator[Cluster]:
    """Two workers on PostgreSQL and Redis."""
    folder = Path(tempfile.mkdtemp(prefix="crlm-"))
    folder.chmod(0o711)
    try:
        with cluster(trained_model, folder) as running:
            yield running
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def shared(together: Cluster) -> Cluster:
    """Both workers, whatever the test before has done to them."""
    for worker in together.workers:
        if worker.server is None:
            worker.begin()
    return together
