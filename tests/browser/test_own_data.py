"""Feedback, getting one's data, and deleting it, in the widget."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.browser.talking import say
from tests.browser.test_accessibility import violations

pytestmark = pytest.mark.browser

Open = Callable[..., Any]


def kept(page: Any) -> dict[str, Any]:
    """What the server keeps of the session, as the button for it saves it."""
    page.locator("#end").click()
    with page.expect_download() as saved:
        page.get_by_role("dialog").get_by_role("button", name="Save my data").click()
    page.keyboard.press("Escape")
    data: dict[str, Any] = json.loads(Path(saved.value.path()).read_text(encoding="utf-8"))
    return data


def test_an_answer_is_rated_with_a_reason_and_the_data_is_saved(open_page: Open) -> None:
    page = open_page()
    say(page, "Mr Smith, 5-year survival after SRFA?")
    assert page.locator(".bubble.user").inner_text().endswith("Mr [name], 5-year survival after SRFA?")
    rating = page.locator("#log .rating")
    assert rating.count() == 1
    rating.get_by_role("button", name="Not helpful").click()
    rating.locator("[aria-pressed=true]").wait_for()
    assert violations(page) == []
    rating.get_by_label("Why? (optional)").fill("Dr Jones expected the median")
    rating.get_by_role("button", name="Send").click()
    page.get_by_text("Thank you").wait_for()
    data = kept(page)
    assert [(given["helpful"], given["reason"]) for given in data["feedback"]] == [
        (False, "Dr [name] expected the median")
    ]
    rating.get_by_role("button", name="Helpful", exact=True).click()
    rating.get_by_role("button", name="Helpful", exact=True).and_(page.locator("[aria-pressed=true]")).wait_for()
    assert [given["helpful"] for given in kept(page)["feedback"]] == [True]


def test_a_conversation_deleted_in_words_is_gone_from_the_page(open_page: Open) -> None:
    page = open_page(locale="zh-CN")
    say(page, "不可切除，肝转移2枚")
    say(page, "删除我的对话")
    page.locator(".chat .choice", has_text="确认删除对话").first.click()
    page.get_by_text("对话已删除").wait_for()
    assert page.locator("#log .turn").count() == 1
    assert page.locator("#case .facts > li").count() == 0


def test_a_failed_rating_is_told(open_page: Open) -> None:
    page = open_page()
    say(page, "5-year survival after SRFA?")
    page.route("**/api/conversation/feedback", lambda route: route.abort())
    page.locator("#log .rating").get_by_role("button", name="Not helpful").click()
    page.get_by_text("There was no answer").wait_for()
    assert page.locator("#log .rating [aria-pressed=true]").count() == 0
