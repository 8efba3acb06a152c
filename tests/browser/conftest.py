"""A real Chromium."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from deploy.browser import ADVICE, FLAGS, find_browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """The browser; the test is skipped where there is none.

    It ends with its module: as long as it is there its event loop runs, and other tests could not run theirs.
    """
    from playwright.sync_api import sync_playwright

    found = find_browser()
    if found is None:
        pytest.skip(ADVICE)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=found, args=list(FLAGS))
        yield started
        started.close()


def complains(said: Any) -> bool:
    """Whether the page reports an error; a request that a test cuts off is none."""
    return said.type == "error" and "net::ERR_" not in said.text


@pytest.fixture
def open_page(browser: Any, server: str) -> Iterator[Callable[..., Any]]:
    """Opens the page like a new visitor; at the end nothing may have been wrong on it."""
    opened: list[Any] = []
    complaints: list[str] = []
    requests: list[str] = []

    def open_page(path: str = "/", at: str = server, **visitor: Any) -> Any:
        context = browser.new_context(**{"locale": "en-US", **visitor})
        context.set_default_timeout(15_000)
        opened.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text) if complains(said) else None)
        page.on("request", lambda request: requests.append(request.url))
        page.on("websocket", lambda socket: requests.append(socket.url.replace("ws", "http", 1)))
        page.goto(at + path)
        return page

    yield open_page
    for context in opened:
        context.close()
    assert complaints == []
    local = ("http://127.0.0.1:", "http://localhost:", "data:", "blob:")
    assert all(url.startswith(local) for url in requests), requests
