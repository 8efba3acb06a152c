"""The widget in a page of another server, under a policy that allows nothing inline."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from tests.browser.talking import answered, say
from tests.running import free_port

pytestmark = pytest.mark.browser

Open = Callable[..., Any]

PAGE = """<!doctype html>
<html lang="de"><head><title>Portal</title><meta name="viewport" content="width=device-width">
<script type="module" src="{server}/widget/crlm-assistant.js"></script></head>
<body><h1>Portal</h1><pre>{lines}</pre><p id="own">Own text</p><button class="choice">Own button</button>
<crlm-assistant language="en" theme="dark" height="540px"></crlm-assistant></body></html>"""
LINES = "A line of the portal.\n" * 40
POLICY = (
    "default-src 'none'; script-src {server}; connect-src {server} {socket}; img-src {server}; "
    "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'"
)


@contextmanager
def portal(server: str, port: int) -> Iterator[str]:
    """A page of another origin that shows the widget."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.path == "/" else 204)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            policy = POLICY.format(server=server, socket=server.replace("http", "ws"))
            self.send_header("Content-Security-Policy", policy)
            self.end_headers()
            if self.path == "/":
                self.wfile.write(PAGE.format(server=server, lines=LINES).encode())

        def log_message(self, *_: Any) -> None:
            """Nobody reads it."""

    with ThreadingHTTPServer(("127.0.0.1", port), Handler) as running:
        thread = threading.Thread(target=running.serve_forever)
        thread.start()
        try:
            yield f"http://localhost:{port}"
        finally:
            running.shutdown()
            thread.join()


@pytest.fixture(scope="module")
def foreign(server: str, portal_port: int) -> Iterator[str]:
    """A portal whose origin the server allows."""
    with portal(server, portal_port) as address:
        yield address


def test_a_conversation_in_a_foreign_page(open_page: Open, foreign: str) -> None:
    page = open_page(at=foreign, viewport={"width": 1100, "height": 900})
    say(page, "unresectable, 2 liver mets, largest 2.5 cm, RAS wt")
    say(page, "show me the options")
    page.locator(".card .chip").first.click()
    assert page.get_by_role("dialog").locator(".state").is_visible()
    page.keyboard.press("Escape")
    page.locator("#case .fact[data-fact=ras]").get_by_role("button", name="Edit").click()
    page.get_by_label("RAS", exact=True).select_option(label="RAS mutant")
    page.get_by_role("button", name="Save").click()
    answered(page, 2)
    pathway = page.locator("#case details.section")
    pathway.locator("summary").click()
    pathway.locator("svg").wait_for()
    page.get_by_role("link", name="Compare").click()
    page.get_by_label("TACE", exact=True).check()
    page.get_by_label("HAIP", exact=True).check()
    page.locator(".comparison").wait_for()
    page.get_by_role("link", name="Summary").click()
    page.locator(".sheet").wait_for()
    page.get_by_role("button", name="Print").click()
    page.locator("iframe[title=print]").wait_for(state="attached")
    assert "Case summary" in page.frames[-1].locator("body").text_content()
    assert page.url == foreign + "/", "the address of the portal is its own"
    assert page.title() == "Portal"
    assert page.locator("html").get_attribute("lang") == "de"


def test_the_portal_does_not_jump(open_page: Open, foreign: str) -> None:
    page = open_page(at=foreign, viewport={"width": 1100, "height": 400}, reduced_motion="reduce")
    say(page, "unresectable, 2 liver mets, largest 2.5 cm, RAS wt")
    place = page.evaluate("scrollY")
    assert place > 0
    say(page, "show me the options")
    page.locator(".card").first.wait_for()
    assert page.evaluate("scrollY") == place
    top = page.locator("#log .turn").last.bounding_box()["y"]
    assert abs(top - page.locator(".chat").bounding_box()["y"]) < 30, (
        "the question stands at the top of the conversation"
    )
    page.evaluate("scrollTo(0, 0)")
    page.reload()
    page.locator("#log .turn").nth(1).wait_for()
    page.wait_for_timeout(300)
    assert page.evaluate("scrollY") == 0


def test_the_portal_keeps_its_look_and_the_widget_has_its_attributes(open_page: Open, foreign: str) -> None:
    page = open_page(at=foreign, locale="zh-CN", color_scheme="light")
    page.locator(".intro").wait_for()
    style = (
        "element => { const s = getComputedStyle(element); return [s.color, s.fontFamily, s.margin, s.borderRadius] }"
    )
    styles = [page.locator(selector).evaluate(style) for selector in ("#own", "body > button", "body")]
    page.evaluate("document.querySelector('crlm-assistant').remove()")
    assert styles == [page.locator(selector).evaluate(style) for selector in ("#own", "body > button", "body")]
    assert page.evaluate("document.adoptedStyleSheets.length + document.styleSheets.length") == 0
    page.reload()
    page.locator(".intro").wait_for()
    element = page.locator("crlm-assistant")
    assert element.bounding_box()["height"] == 540
    assert page.locator(".frame").get_attribute("data-theme") == "dark"
    assert "Describe a patient" in page.locator(".intro").inner_text()
    element.evaluate("element => { element.setAttribute('language', 'zh'); element.setAttribute('height', '400px'); }")
    page.locator(".intro", has_text="描述患者").wait_for()
    assert element.bounding_box()["height"] == 400
    element.evaluate("element => element.setAttribute('theme', 'contrast')")
    assert page.locator(".frame").get_attribute("data-theme") == "contrast"


def test_a_page_that_is_not_allowed_gets_no_conversation(browser: Any, server: str) -> None:
    with portal(server, free_port()) as address:
        page = browser.new_context(locale="en-US").new_page()
        page.goto(address)
        page.locator(".intro").wait_for()
        page.locator("#message").fill("unresectable")
        page.locator("#message").press("Enter")
        page.locator(".status[data-status=offline]").wait_for()
        assert page.locator("#log .turn").count() == 0
        page.context.close()


def test_the_element_can_be_taken_out_and_put_back(open_page: Open) -> None:
    page = open_page()
    say(page, "unresectable, 2 liver mets")
    page.evaluate("() => { window.kept = document.querySelector('crlm-assistant'); kept.remove(); }")
    page.evaluate("() => document.body.append(window.kept)")
    say(page, "case so far")
    assert "lesions: 2" in page.locator("#log [data-kind=facts]").last.inner_text()
