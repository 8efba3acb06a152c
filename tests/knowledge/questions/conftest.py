"""The answering of questions, made once for all tests."""

from __future__ import annotations

import pytest

from knowledge.loading import Knowledge
from knowledge.questions import Questions


@pytest.fixture(scope="session")
def questions(kb: Knowledge, tmp_path_factory: pytest.TempPathFactory) -> Questions:
    return Questions.create(kb, tmp_path_factory.mktemp("vectors"))
