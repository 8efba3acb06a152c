"""What tests of the knowledge base share."""

from __future__ import annotations

import pytest

from knowledge.loading import Knowledge, load_knowledge


@pytest.fixture(scope="session")
def kb() -> Knowledge:
    """The knowledge base as it is shipped."""
    return load_knowledge()
