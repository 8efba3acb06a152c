"""Everything clinical that the project has in words, to prove that removing identifiers leaves it alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.yaml_files import read_yaml

ROOT = Path(__file__).resolve().parents[2]
SETS = (
    "tests/evaluation/sets/*.yaml",
    "tests/knowledge/nlu/messages/*.yaml",
    "tests/dialogue/messages/*.yml",
    "nlu_data/*/*.yml",
    "knowledge/data/**/*.yaml",
)


def texts() -> Iterator[tuple[str, str]]:
    """Each text once, with the file it stands in; lists of examples line by line."""
    seen: set[str] = set()
    for pattern in SETS:
        for file in sorted(ROOT.glob(pattern)):
            for text in _strings(read_yaml(file)):
                if text not in seen:
                    seen.add(text)
                    yield file.relative_to(ROOT).as_posix(), text


def _strings(data: Any) -> Iterator[str]:
    match data:
        case str() if data.startswith("- "):
            yield from (line.removeprefix("- ") for line in data.splitlines())
        case str() if len(data) > 2:
            yield data
        case dict():
            for value in data.values():
                yield from _strings(value)
        case list():
            for value in data:
                yield from _strings(value)
