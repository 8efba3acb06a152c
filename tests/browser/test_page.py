"""Conversations on the page in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.talking import answered, last, press, say

pytestmark = pytest.mark.browser

Open = Callable[..., Any]


def test_a_case_in_chinese_with_buttons(open_page: Open) -> None:
    page = open_page(locale="zh-CN")
    assert page.locator("h1").inner_text() == "结直肠癌肝转移助手"
    page.locator(".intro .choice").first.click()
    answered(page, 0)
    assert "不可切除" in last(page, "facts")
    press(page, "化疗有效或稳定")
    assert "化疗有效" in last(page, "facts")
    say(page, "SRFA 的 5 年生存率是多少？")
    assert "34.8%" in last(page, "answer")
    assert page.locator("#log [data-kind=question]").count() >= 3, "the intake goes on after the question"
    press(page, "直接看方案")
    card = page.locator(".card[data-therapy=thermal_ablation]")
    card.wait_for()
    assert "首选" in card.inner_text()
    card.locator(".chip", has_text="21").first.click()
    dialog = page.get_by_role("dialog")
    assert "Radiology" in dialog.inner_text()
    assert "已核实" in dialog.inner_text()
    page.keyboard.press("Escape")
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
    page.locator(".card").first.wait_for()
    assert "Preferred" in last(page, "options")
    press(page, "More")
    say(page, "new patient")
    say(page, "case so far")
    assert "3.5" not in page.locator("#log .bubble").last.inner_text()
    assert page.locator("#case .fact[data-fact=largest_lesion_cm] .words").count() == 0


def test_hostile_text_is_shown_as_text(open_page: Open) -> None:
    page = open_page()
    hostile = (
        "<img src=x onerror=\"document.title='broken'\"><b>3 liver mets</b> RAS<script>alert(1)</script> mutant [14]"
    )
    say(page, hostile)
    assert page.locator("#log .user .text").inner_text() == hostile
    page.locator("#case .fact[data-fact=lesion_count]").wait_for()
    page.evaluate("location.hash = '#/summary'")
    page.locator(".sheet").wait_for()
    page.evaluate("location.hash = '#/statements/<img src=x onerror=alert(1)>'")
    page.locator(".page h2", has_text="no such entry").wait_for()
    assert page.locator("crlm-assistant img, crlm-assistant b, crlm-assistant script").count() == 0
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
    answered(page, 0)
    assert page.locator("#log .user .text").inner_text() == "unresectable\n2 liver mets"
    assert box.evaluate("box => [box.value, box.rows]") == ["", 1]


def test_enter_while_composing_chinese_does_not_send(open_page: Open) -> None:
    page = open_page(locale="zh-CN")
    page.locator("#message").fill("buke")
    page.locator("#message").evaluate(
        "box => box.dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', isComposing: true, bubbles: true}))"
    )
    assert page.locator(".user").count() == 0


def test_a_long_note_is_taken_whole_and_one_that_is_too_long_is_kept(open_page: Open) -> None:
    page = open_page()
    note = "Referred for liver metastases, unresectable. " + "Nothing of note in the history. " * 200 + "KRAS mutant."
    say(page, note)
    assert page.locator("#log .user .text").inner_text() == note
    assert "RAS mutant" in last(page, "facts")
    box = page.locator("#message")
    box.fill("x" * 8001)
    box.press("Enter")
    assert "8001" in page.locator(".problem:visible").inner_text()
    assert page.locator("#send").is_disabled()
    assert len(box.input_value()) == 8001
    box.fill("x" * 10)
    assert page.locator("#send").is_enabled()


def test_the_language_can_be_changed_at_any_time_and_is_kept(open_page: Open) -> None:
    page = open_page(locale="zh-TW")
    assert page.locator("html").get_attribute("lang") == "zh-CN"
    say(page, "不可切除，肝转移2枚")
    page.get_by_role("button", name="English").click()
    answered(page, 1)
    assert page.get_by_role("button", name="Send").is_visible()
    assert page.locator("#case .fact[data-fact=lesion_count] .value").inner_text() == "lesions: 2"
    assert "English" in page.locator("#log .assistant").last.inner_text() or "?" in last(page, "question")
    page.reload()
    page.locator("#log .turn").first.wait_for()
    assert page.locator("html").get_attribute("lang") == "en"


def test_a_reload_goes_on_and_an_ended_session_does_not(open_page: Open) -> None:
    page = open_page()
    say(page, "unresectable, 2 liver mets")
    page.reload()
    page.locator("#log .turn").first.wait_for()
    assert page.locator("#log .user").count() == 1
    say(page, "case so far")
    assert "lesions: 2" in last(page, "facts")
    page.get_by_role("button", name="End", exact=True).click()
    page.get_by_role("button", name="End and delete").click()
    page.locator("#log .turn").first.wait_for(state="detached")
    assert page.locator(".intro").is_visible()
    assert page.locator("#case .fact .words").count() == 0
    say(page, "case so far")
    assert "lesions: 2" not in page.locator("#log").inner_text()


def test_the_token_is_in_no_address(open_page: Open) -> None:
    page = open_page()
    seen: list[str] = []
    page.on("request", lambda request: seen.append(request.url))
    page.on("websocket", lambda socket: seen.append(socket.url))
    say(page, "unresectable")
    page.reload()
    page.locator("#log .turn").first.wait_for()
    token = page.evaluate("JSON.parse(Object.values(sessionStorage)[0]).token")
    assert len(token) > 40
    assert seen
    assert not [url for url in seen if token in url]


def test_two_tabs_are_two_conversations(open_page: Open) -> None:
    pages = [open_page() for _ in range(2)]
    for page in pages:
        say(page, "hello")
    tokens = {page.evaluate("JSON.parse(Object.values(sessionStorage)[0]).token") for page in pages}
    assert len(tokens) == 2


def test_an_answer_can_be_copied(open_page: Open) -> None:
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    say(page, "What is 5-year survival after SRFA?")
    page.locator("[data-kind=answer] .copy").click()
    page.get_by_text("Copied", exact=True).wait_for()
    assert "34.8%" in page.evaluate("navigator.clipboard.readText()")


def test_every_example_on_the_page_of_the_interface_can_be_sent(open_page: Open) -> None:
    page = open_page("/docs")
    routes = page.locator("details")
    routes.first.wait_for()
    assert routes.count() >= 14
    for number in range(routes.count()):
        route = routes.nth(number)
        route.locator("summary").click()
        route.get_by_role("button", name="Send").click()
        route.locator("pre:not([hidden])").wait_for()
        answer = route.locator("pre").inner_text()
        assert answer.startswith("200"), route.locator("summary").inner_text()
        assert route.locator("img").is_visible() is ("image/" in answer)


def test_the_words_of_the_widget_are_complete_in_both_languages(open_page: Open) -> None:
    page = open_page()
    missing = page.evaluate(
        """async () => {
            const { WORDS } = await import("/widget/words.js");
            const keys = (words, path = "") => Object.entries(words).flatMap(([key, word]) =>
                typeof word === "object" ? keys(word, path + key + ".") : [`${path}${key} ${typeof word}`]);
            const empty = (words) => Object.values(words).flat().filter((word) => word === "").length;
            const [zh, en] = [keys(WORDS.zh), keys(WORDS.en)];
            return {
                zh: en.filter((key) => !zh.includes(key)),
                en: zh.filter((key) => !en.includes(key)),
                count: zh.length,
                empty: empty(WORDS.zh) + empty(WORDS.en),
            };
        }"""
    )
    assert missing["zh"] == missing["en"] == []
    assert missing["count"] > 100
    assert missing["empty"] == 0


def test_the_review_is_read_again_when_it_could_not_be_read_at_first(open_page: Open) -> None:
    page = open_page("/docs")
    page.route("**/api/statements", lambda route: route.abort(), times=2)
    page.goto(page.url.replace("/docs", "/#/learn"))
    page.locator(".learn .tiles a").first.wait_for()


@pytest.mark.parametrize(("pressed", "then"), [("nav a[href$=learn]", ".topics"), (".intro .choice", "#log .turn")])
def test_what_is_pressed_while_the_review_arrives_counts(open_page: Open, pressed: str, then: str) -> None:
    page = open_page("/docs")
    asked: list[Any] = []
    page.route("**/api/names", lambda route: asked.append(route))  # noqa: PLW0108 Playwright writes on what it is given
    page.goto(page.url.replace("/docs", "/"))
    page.locator(pressed).first.hover()
    page.mouse.down()
    page.wait_for_timeout(500)
    (names,) = asked
    names.continue_()
    page.locator(".panel [data-fact=lesion_count] .value", has_text="Number").wait_for()
    page.mouse.up()
    page.locator(then).first.wait_for()
