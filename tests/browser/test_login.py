"""The widget where an access code is wanted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.talking import last, say
from tests.running import ACCESS_CODE, Server

pytestmark = pytest.mark.browser


def test_a_whole_conversation_behind_the_access_code(open_page: Callable[..., Any], guarded: Server) -> None:
    page = open_page(at=guarded.url)
    assert page.url == f"{guarded.url}/login"
    assert not page.locator("#wrong").is_visible()
    page.get_by_label("Access code").fill("let me in")
    page.get_by_role("button").click()
    page.locator("#wrong").wait_for()
    page.get_by_label("Access code").fill(ACCESS_CODE)
    page.get_by_role("button").click()
    page.locator("#message").wait_for()
    say(page, "unresectable, two liver mets, largest 2.5 cm")
    assert "lesions: 2" in last(page, "facts")
    page.reload()
    page.locator("#log .turn").first.wait_for()
    say(page, "show me the options")
    page.locator(".card[data-therapy=thermal_ablation]").wait_for()
