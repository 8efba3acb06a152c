"""How the tests use the widget."""

from __future__ import annotations

from typing import Any


def say(page: Any, text: str) -> None:
    """Types a message and waits for the answer."""
    before = page.locator("#log .turn").count()
    page.locator("#message").fill(text)
    page.locator("#message").press("Enter")
    answered(page, before)


def press(page: Any, title: str) -> None:
    """Presses a quick reply and waits for the answer."""
    before = page.locator("#log .turn").count()
    page.locator(".chat .choice", has_text=title).first.click()
    answered(page, before)


def answered(page: Any, before: int) -> None:
    """Waits until the log has one more turn and nothing is on its way."""
    page.locator("#log .turn").nth(before).locator(".assistant").first.wait_for()
    page.locator(".outgoing").wait_for(state="detached")


def last(page: Any, kind: str) -> str:
    """The text of the latest message of a kind."""
    return str(page.locator(f"#log [data-kind={kind}]").last.inner_text())


def visit(page: Any, route: str) -> None:
    """Goes to a page of the widget."""
    page.evaluate("route => { location.hash = '#/' + route }", route)
    page.locator(".page h2").first.wait_for()
