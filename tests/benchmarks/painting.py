"""How soon a new visitor sees the page, beside a page of a few words that the same server sends to the same browser."""

from __future__ import annotations

import tempfile
from pathlib import Path

from deploy.browser import FLAGS, find_browser
from tests.benchmarks.report import percentile
from tests.running import start

PAGES = {"widget": "/", "a few words": "/health/live"}
VISITS = 15
_FIRST_PAINT = "performance.getEntriesByName('first-paint')[0].startTime"


def measure(model: Path, visits: int = VISITS) -> dict[str, list[float]]:
    """Milliseconds from the request to the first paint, for every visit of each page; {} where there is no browser."""
    from playwright.sync_api import sync_playwright

    found = find_browser()
    if found is None:
        return {}
    paints: dict[str, list[float]] = {name: [] for name in PAGES}
    with (
        tempfile.TemporaryDirectory() as folder,
        start(model, Path(folder)) as server,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=found, args=list(FLAGS))
        for _ in range(visits):
            for name, path in PAGES.items():
                # a context of its own has nothing in its cache
                context = browser.new_context()
                page = context.new_page()
                page.goto(server.url + path)
                page.wait_for_function(f"() => {_FIRST_PAINT.removesuffix('.startTime')} !== undefined")
                paints[name].append(page.evaluate(_FIRST_PAINT))
                context.close()
        browser.close()
    return paints


def table(paints: dict[str, list[float]]) -> str:
    """The figures beside each other."""
    if not paints:
        return "first paint: not measured, there is no browser"
    rows = [f"{'first paint of a new visitor':30}{'p50':>12}{'p95':>12}"]
    for name, times in paints.items():
        rows.append(f"{name:30}{percentile(times, 50):9.0f} ms{percentile(times, 95):9.0f} ms")
    return "\n".join(rows)
