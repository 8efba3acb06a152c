"""Conversations on the chat page in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.browser

Open = Callable[..., Any]


def say(page: Any, text: str) -> None:
    """Types a message and waits for the answer."""
    page.locator("#message").fill(text)
    page.locator("#message").press("Enter")
    answered(page)


def press(page: Any, title: str) -> None:
    """Presses a quick reply and waits for the answer."""
    page.locator("#log .choice", has_text=title).first.click()
    answered(page)


def answered(page: Any) -> None:
    page.locator("#send:not([disabled])").wait_for()


def last(page: Any, kind: str) -> str:
    """The text of the latest message of a kind."""
    return str(page.locator(f"[data-kind={kind}]").last.inner_text())


def test_a_case_in_chinese_with_buttons(open_page: Open) -> None:
    page = open_page(locale="zh-CN")
    assert page.locator("h1").inner_text() == "结直肠癌肝转移助手"
    page.locator("#examples .choice").first.click()
    answered(page)
    assert "不可切除" in last(page, "facts")
    press(page, "化疗有效或稳定")
    assert "化疗有效" in last(page, "facts")
    say(page, "SRFA 的 5 年生存率是多少？")
    assert "34.8%" in last(page, "answer")
    assert page.locator("[data-kind=question]").count() >= 3, "the intake goes on after the question"
    press(page, "直接看方案")
    assert "首选" in last(page, "options")
    page.locator("[data-kind=options] .citation", has_text="[21]").first.click()
    answered(page)
    assert "Radiology" in page.locator("#log").inner_text()
    say(page, "总结")
    assert "不能代替多学科团队" in last(page, "summary")


def test_a_case_in_english_step_by_step(open_page: Open) -> None:
    page = open_page()
    say(page, "62-year-old man, colon cancer, liver metastases not resectable")
    assert "unresectable" in last(page, "facts")
    for _ in range(20):
        question = last(page, "question")
        if re.search("how many", question, re.IGNORECASE):
            say(page, "2")
        elif "diameter" in question:
            say(page, "2.5 cm")
            say(page, "sorry, 3.5 cm")
            assert "3.5" in last(page, "facts")
            break
        else:
            press(page, "Unknown")
    say(page, "why do you ask")
    press(page, "Show me the options")
    assert "Preferred" in last(page, "options")
    press(page, "More")
    say(page, "new patient")
    say(page, "case so far")
    assert "3.5" not in page.locator("#log .bubble").last.inner_text()


def test_a_phone(open_page: Open) -> None:
    page = open_page(viewport={"width": 320, "height": 568}, has_touch=True, is_mobile=True)
    say(page, "unresectable, 2 liver mets, 2.5 cm")
    press(page, "Show me the options")
    wide = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]")
    assert wide == [320, 568], "nothing sticks out, and only the conversation scrolls"
    header, send = page.locator("header").bounding_box(), page.locator("#send").bounding_box()
    assert header["y"] >= 0
    assert send["y"] + send["height"] <= 568
    assert send["height"] >= 44


def test_hostile_text_is_shown_as_text(open_page: Open) -> None:
    page = open_page()
    hostile = "<img src=x onerror=\"document.title='broken'\"><b>RAS</b> mutant [14] </script>"
    say(page, hostile)
    assert page.locator(".user .text").inner_text() == hostile
    assert page.locator("#log img, #log b").count() == 0
    assert page.title() == "CRLM assistant"


def test_enter_sends_and_shift_enter_breaks_the_line(open_page: Open) -> None:
    page = open_page()
    box = page.locator("#message")
    box.press("Enter")
    assert page.locator(".user").count() == 0
    box.type("unresectable")
    box.press("Shift+Enter")
    box.type("2 liver mets")
    assert box.evaluate("box => box.rows") == 2
    box.press("Enter")
    answered(page)
    assert page.locator(".user .text").inner_text() == "unresectable\n2 liver mets"
    assert box.evaluate("box => [box.value, box.rows]") == ["", 1]


def test_enter_while_composing_chinese_does_not_send(open_page: Open) -> None:
    page = open_page(locale="zh-CN")
    page.locator("#message").fill("buke")
    page.locator("#message").evaluate(
        "box => box.dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', isComposing: true, bubbles: true}))"
    )
    assert page.locator(".user").count() == 0


def test_a_lost_connection_can_be_tried_again(open_page: Open) -> None:
    page = open_page()
    page.route("**/webhooks/**", lambda route: route.abort())
    page.locator("#message").fill("unresectable")
    page.locator("#send").click()
    failure = page.get_by_role("alert")
    failure.wait_for()
    assert "cannot be reached" in failure.inner_text()
    page.unroute("**/webhooks/**")
    failure.get_by_role("button").click()
    page.locator("[data-kind=facts]").wait_for()
    assert page.get_by_role("alert").count() == 0
    assert page.locator(".user").count() == 1


def test_the_language_of_the_page_can_be_changed_and_is_kept(open_page: Open) -> None:
    page = open_page(locale="zh-TW")
    assert page.locator("html").get_attribute("lang") == "zh-CN"
    page.get_by_role("button", name="English").click()
    assert page.get_by_role("button", name="Send").is_visible()
    page.reload()
    assert page.locator("html").get_attribute("lang") == "en"


def test_a_reload_goes_on_and_a_new_conversation_does_not(open_page: Open) -> None:
    page = open_page()
    say(page, "unresectable, 2 liver mets")
    page.reload()
    assert page.locator(".user").count() == 1
    assert "lesions: 2" in last(page, "facts")
    say(page, "case so far")
    assert "lesions: 2" in last(page, "facts")
    page.get_by_role("button", name="New conversation").click()
    assert page.locator(".bubble").count() == 0
    say(page, "case so far")
    assert "lesions: 2" not in page.locator("#log").inner_text()


def test_two_tabs_are_two_conversations(open_page: Open) -> None:
    senders = [open_page().evaluate("() => sessionStorage.getItem('crlm-session')") for _ in range(2)]
    assert senders[0] != senders[1]
    assert all(re.fullmatch("web-[0-9a-f]{32}", sender) for sender in senders)


def test_the_page_can_be_used_by_keyboard_and_screen_reader(open_page: Open) -> None:
    page = open_page()
    page.get_by_label("Your message").press_sequentially("unresectable")
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.activeElement.id") == "send"
    page.keyboard.press("Enter")
    answered(page)
    assert page.evaluate("() => document.activeElement.id") == "message"
    log = page.get_by_role("log", name="Conversation")
    assert log.get_attribute("aria-live") == "polite"
    assert log.get_by_text("You:").count() == 1
    page.keyboard.press("Shift+Tab")
    assert page.evaluate("() => document.activeElement.className") == "choice"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_has_enough_contrast(open_page: Open, scheme: str) -> None:
    page = open_page(color_scheme=scheme)
    colours = page.evaluate(
        """() => Object.fromEntries(
            ["page", "surface", "text", "quiet", "accent", "on-accent", "own", "caution", "failure"].map(
                (name) => [name, getComputedStyle(document.documentElement).getPropertyValue("--" + name)]))"""
    )
    pairs = [
        (text, ground) for text in ("text", "quiet", "accent", "caution", "failure") for ground in ("page", "surface")
    ]
    for text, ground in [*pairs, ("text", "own"), ("accent", "own"), ("on-accent", "accent")]:
        assert contrast(colours[text], colours[ground]) >= 4.5, (text, ground)


def contrast(first: str, second: str) -> float:
    """The contrast of two colours by WCAG."""

    def luminance(colour: str) -> float:
        parts = [int(colour.strip()[place : place + 2], 16) / 255 for place in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    bright, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def test_every_example_on_the_page_of_the_interface_can_be_sent(open_page: Open) -> None:
    page = open_page("/docs")
    routes = page.locator("details")
    routes.first.wait_for()
    assert routes.count() == 13
    for number in range(routes.count()):
        route = routes.nth(number)
        route.locator("summary").click()
        route.get_by_role("button", name="Send").click()
        route.locator("pre:not([hidden])").wait_for()
        answer = route.locator("pre").inner_text()
        assert answer.startswith("200"), route.locator("summary").inner_text()
        assert route.locator("img").is_visible() is ("image/" in answer)
