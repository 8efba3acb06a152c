"""What the widget weighs, and how soon it is there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.browser

WIDGET = Path(__file__).resolve().parents[2] / "bot" / "widget"
SERVED = (".html", ".js", ".css", ".svg")


def test_all_assets_together_are_small() -> None:
    files = [file for file in WIDGET.iterdir() if file.suffix in SERVED]
    assert len(files) > 10
    assert sum(file.stat().st_size for file in files) < 120_000


def test_the_page_loads_nothing_else_and_paints_at_once(open_page: Callable[..., Any], server: str) -> None:
    paints, loaded = [], set()
    for _ in range(3):
        page = open_page()
        page.locator(".intro").wait_for()
        page.wait_for_load_state("networkidle")
        paints.append(page.evaluate("performance.getEntriesByName('first-paint')[0].startTime"))
        loaded |= set(page.evaluate("performance.getEntriesByType('resource').map((entry) => entry.name)"))
    assert min(paints) < 300, paints
    assert {Path(url).name for url in loaded if "/widget/" in url} <= {file.name for file in WIDGET.iterdir()}
    assert all(url.startswith(server) for url in loaded)


def test_modules_are_small() -> None:
    for file in WIDGET.glob("*.js"):
        assert len(file.read_text(encoding="utf-8").splitlines()) <= 360, file.name
