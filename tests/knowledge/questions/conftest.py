"""The knowledge base and its questions, read once for all tests."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from knowledge.loading import Knowledge, load_knowledge
from knowledge.questions import Questions

HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def kb() -> Knowledge:
    return load_knowledge()


@pytest.fixture(scope="session")
def questions(kb: Knowledge, tmp_path_factory: pytest.TempPathFactory) -> Questions:
    return Questions.create(kb, tmp_path_factory.mktemp("vectors"))


def read(name: str) -> object:
    """A file of expectations beside the tests."""
    return yaml.safe_load((HERE / name).read_text(encoding="utf-8"))
