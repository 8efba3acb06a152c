"""What the tests of the understanding share."""

from __future__ import annotations

import pytest

from knowledge.nlu.extraction import FactExtractor


@pytest.fixture(scope="session")
def extractor() -> FactExtractor:
    return FactExtractor.create()
