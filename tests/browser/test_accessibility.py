"""For everybody: keyboard, screen reader, themes, forced colours, small and large windows."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest

from tests.browser.talking import answered, say, visit

pytestmark = pytest.mark.browser

Open = Callable[..., Any]

AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js")
PAGES = ("learn", "statements/upfront-ablation-disease-free-survival", "therapies/sbrt", "references/14", "summary")
FOCUSED = """() => {
    const active = document.activeElement?.shadowRoot?.activeElement ?? document.activeElement;
    return active.id || active.textContent.trim() || active.tagName;
}"""


def violations(page: Any) -> list[str]:
    """What axe complains of, with the elements. The debugger runs the script: the page's policy forbids it else."""
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")["violations"]
    return [f"{rule['id']}: {[node['html'][:200] for node in rule['nodes']]}" for rule in found]


@pytest.mark.parametrize(("theme", "lang"), [("light", "en"), ("dark", "zh"), ("contrast", "en")])
def test_no_view_breaks_a_rule_of_axe(open_page: Open, theme: str, lang: str) -> None:
    page = open_page(
        locale={"zh": "zh-CN", "en": "en-US"}[lang], reduced_motion="reduce", viewport={"width": 1200, "height": 900}
    )
    page.locator(".settings select").select_option(theme)
    page.locator("#case .open > li").first.wait_for()
    assert violations(page) == [], "start"
    say(page, "resected, unresectable, 2 liver mets" if lang == "en" else "已切除无残留，不可切除，2枚")
    say(
        page,
        "unresectable, not resected, RAS wt, 2.5 cm, chemo-naive"
        if lang == "en"
        else "没有切除过，RAS野生型，2.5cm，未化疗",
    )
    say(page, "5-year survival after SRFA?" if lang == "en" else "SRFA 的 5 年生存率？")
    say(page, "show me the options" if lang == "en" else "直接看方案")
    page.locator(".card").first.wait_for()
    for summary in page.locator(".card details > summary, .whynot > summary, #case details > summary").all():
        summary.click()
    page.locator("#case details.section svg").wait_for()
    assert violations(page) == [], "pathway"
    page.locator("#case .fact button").first.click()
    assert violations(page) == [], "conversation"
    page.keyboard.press("Escape")
    page.locator(".card .chip").first.click()
    page.get_by_role("dialog").wait_for()
    assert violations(page) == [], "reference"
    page.keyboard.press("Escape")
    for route in (*PAGES, "compare/tace+haip", "statements/none") if theme == "light" else PAGES[:2]:
        visit(page, route)
        assert violations(page) == [], route
    page.locator("#end").click()
    assert violations(page) == [], "end"


def test_axe_finds_what_is_wrong(open_page: Open) -> None:
    page = open_page()
    page.locator("#case .open > li").first.wait_for()
    page.locator("#message").evaluate("box => box.previousElementSibling.remove()")
    page.locator("#message").evaluate("box => box.removeAttribute('placeholder')")
    assert any(found.startswith("label") for found in violations(page))


def test_a_conversation_by_keyboard_alone(open_page: Open) -> None:
    page = open_page()
    page.locator("#message:focus").wait_for()
    page.keyboard.type("unresectable, 2 liver mets")
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUSED) == "send"
    page.keyboard.press("Enter")
    answered(page, 0)
    page.keyboard.press("Shift+Tab")
    back = [page.evaluate(FOCUSED)]
    while back[-1] != "No chemotherapy yet":
        page.keyboard.press("Shift+Tab")
        back.append(page.evaluate(FOCUSED))
        assert len(back) < 60, back
    page.keyboard.press("Enter")
    answered(page, 1)
    assert page.evaluate(FOCUSED) == "message", "the next message can be typed at once"
    page.keyboard.type("show me the options")
    page.keyboard.press("Enter")
    answered(page, 2)
    page.locator(".card .chip").first.wait_for()
    page.locator(".card .chip").first.focus()
    chip = page.evaluate(FOCUSED)
    page.keyboard.press("Enter")
    page.get_by_role("dialog").wait_for()
    page.keyboard.press("Escape")
    assert page.evaluate(FOCUSED) == chip, "the focus goes back to where it was"
    page.locator("nav a").nth(1).focus()
    page.keyboard.press("Enter")
    page.locator(".page h2").wait_for()
    assert page.evaluate(FOCUSED) == "Learn"


def test_the_first_stop_leads_to_the_message_box(open_page: Open) -> None:
    page = open_page("/#/learn")
    page.locator(".page h2").wait_for()
    page.evaluate("document.querySelector('crlm-assistant').shadowRoot.activeElement?.blur()")
    page.locator(".skip").focus()
    page.keyboard.press("Enter")
    assert page.evaluate(FOCUSED) == "message"


def test_a_screen_reader_hears_new_messages_and_nothing_twice(open_page: Open) -> None:
    page = open_page()
    log = page.get_by_role("log", name="Conversation")
    page.locator("#log[aria-live=polite]").wait_for(state="attached")
    say(page, "unresectable")
    assert log.get_by_text("You:").count() == 1
    assert log.get_by_text("Assistant:").count() >= 2
    changes = """() => new Promise((resolve) => {
        const log = document.querySelector("crlm-assistant").shadowRoot.getElementById("log");
        const live = [];
        new MutationObserver(() => live.push(log.ariaLive)).observe(log, { childList: true });
        document.querySelector("crlm-assistant").setAttribute("language", "zh");
        setTimeout(() => resolve([live, log.ariaLive]), 300);
    })"""
    during, after = page.evaluate(changes)
    assert set(during) == {"off"}, "drawing everything again in another language is not read out"
    assert after == "polite"
    assert page.get_by_role("status").count() >= 1


@pytest.mark.parametrize("width", [320, 360, 768, 3840])
def test_nothing_sticks_out(open_page: Open, width: int) -> None:
    page = open_page(viewport={"width": width, "height": 640}, has_touch=width < 700, is_mobile=width < 700)
    say(page, "unresectable, 2 liver mets, 2.5 cm, RAS wt")
    say(page, "show me the options")
    page.locator(".card").first.wait_for()
    for route in ("", *PAGES, "compare/tace+haip+sbrt+y90_sirt"):
        page.evaluate("route => { location.hash = '#/' + route }", route)
        page.wait_for_timeout(150)
        size = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]")
        assert size == [width, 640], route
        assert page.locator(".top").bounding_box()["y"] == 0, route
        for part in (".talk", ".page", ".chat", "#case", ".top"):
            element = page.locator(part).first
            if element.is_visible():
                over = element.evaluate("part => part.scrollWidth - part.clientWidth")
                assert over <= 1, (route, part, over)


def test_on_a_phone_the_case_is_below_and_everything_can_be_touched(open_page: Open) -> None:
    page = open_page(viewport={"width": 320, "height": 568}, has_touch=True, is_mobile=True)
    say(page, "unresectable, 2 liver mets, 2.5 cm")
    chat, panel = page.locator(".chat").bounding_box(), page.locator("#case").bounding_box()
    assert panel["y"] >= chat["y"] + chat["height"] - 1
    send = page.locator("#send").bounding_box()
    assert send["y"] + send["height"] <= 568
    assert send["height"] >= 44
    page.locator("#case .fact").first.scroll_into_view_if_needed()
    page.locator("#case .fact button").first.tap()
    page.locator(".editor select").wait_for()
    for target in page.locator("button:visible, .chat a:visible").all():
        box = target.bounding_box()
        assert min(box["width"], box["height"]) >= 23.5, target.inner_text()


def test_at_200_percent_everything_is_still_there(open_page: Open) -> None:
    page = open_page(viewport={"width": 640, "height": 400}, device_scale_factor=2)
    say(page, "unresectable, 2 liver mets, 2.5 cm")
    assert page.locator("#send").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 640
    assert page.locator(".talk").bounding_box()["height"] > 250


def test_themes(open_page: Open) -> None:
    def ground(page: Any) -> str:
        return str(page.locator(".frame").evaluate("frame => getComputedStyle(frame).backgroundColor"))

    dark, light = open_page(color_scheme="dark"), open_page(color_scheme="light")
    assert ground(dark) == "rgb(17, 24, 28)"
    assert ground(light) == "rgb(244, 246, 247)"
    light.emulate_media(color_scheme="dark")
    assert ground(light) == ground(dark), "the system's choice is followed at once"
    light.locator(".settings select").select_option("light")
    assert ground(light) == "rgb(244, 246, 247)"
    light.reload()
    assert ground(light) == "rgb(244, 246, 247)", "a choice is kept"
    contrast = open_page(contrast="more")
    assert ground(contrast) == "rgb(0, 0, 0)"


def test_forced_colours_and_reduced_motion(open_page: Open) -> None:
    page = open_page(forced_colors="active", reduced_motion="reduce")
    say(page, "unresectable, 2 liver mets, 2.5 cm")
    say(page, "show me the options")
    card = page.locator(".card").first
    card.wait_for()
    assert card.evaluate("card => parseFloat(getComputedStyle(card).borderInlineStartWidth)") >= 9
    assert page.locator("nav a[aria-current]").evaluate("a => getComputedStyle(a).borderTopWidth") == "2px"
    moving = page.evaluate("document.querySelector('crlm-assistant').getAnimations({ subtree: true }).length")
    assert moving == 0


def test_chinese_has_chinese_fonts(open_page: Open) -> None:
    page = open_page(locale="zh-CN")
    font = page.locator(".frame").evaluate("frame => getComputedStyle(frame).fontFamily")
    assert font.startswith('"PingFang SC"')
    assert "Noto Sans CJK SC" in font
    assert page.locator(".frame").get_attribute("lang") == "zh-CN"
