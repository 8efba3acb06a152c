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


def test_the_page_loads_its_own_files_only(open_page: Callable[..., Any], server: str) -> None:
    page = open_page()
    page.locator(".intro").wait_for()
    page.wait_for_load_state("networkidle")
    loaded = set(page.evaluate("performance.getEntriesByType('resource').map((entry) => entry.name)"))
    assert {Path(url).name for url in loaded if "/widget/" in url} <= {file.name for file in WIDGET.iterdir()}
    assert all(url.startswith(server) for url in loaded)


def test_the_page_is_there_while_the_server_answers_nothing_else(open_page: Callable[..., Any], server: str) -> None:
    """How soon it paints is measured by `make bench`; here, that it waits for nothing but its own files."""
    page = open_page("about:blank", at="")
    held: list[str] = []
    page.route(lambda url: "/widget/" not in url and url != f"{server}/", lambda route: held.append(route.request.url))
    page.goto(f"{server}/")
    page.locator(".intro").wait_for()
    assert page.locator("textarea").is_visible()
    assert page.evaluate("performance.getEntriesByName('first-paint').length") == 1
    assert held, "nothing was asked of the server, so nothing was held up"


def test_modules_are_small() -> None:
    for file in WIDGET.glob("*.js"):
        assert len(file.read_text(encoding="utf-8").splitlines()) <= 360, file.name
