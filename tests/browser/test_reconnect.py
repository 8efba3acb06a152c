"""The conversation outlives lost answers, dead connections and a server that is killed."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.browser.talking import last, press, say
from tests.running import free_port, start

pytestmark = pytest.mark.browser

Open = Callable[..., Any]


def said(folder: Path) -> list[str]:
    """What the server has heard, in order."""
    with sqlite3.connect(folder / "conversations.db") as connection:
        rows = connection.execute("select data from events where type_name = 'user' order by id")
        return [text for (data,) in rows for text in [json.loads(data)["text"]]]


def test_a_killed_server(open_page: Open, trained_model: Path, tmp_path: Path) -> None:
    port = free_port()
    with start(trained_model, tmp_path, port) as killed:
        page = open_page(at=killed.url)
        say(page, "unresectable, 2 liver mets")
        os.kill(killed.pid, signal.SIGKILL)
        page.locator(".status[data-status=offline]").wait_for()
        assert "Go on typing" in page.locator(".status").inner_text()
        for text in ("largest 2.5 cm", "RAS wt"):
            page.locator("#message").fill(text)
            page.locator("#message").press("Enter")
        assert page.locator(".outgoing .unsent").count() == 2
        assert page.locator("#log .turn").count() == 1, "what was said before is still there"
        page.get_by_role("button", name="End", exact=True).click()
        page.get_by_text("cannot be reached now").wait_for()
    with start(trained_model, tmp_path, port):
        page.locator("#log .turn").nth(2).wait_for()
        page.locator(".outgoing").wait_for(state="detached")
        assert "RAS wild type" in last(page, "facts")
        assert page.locator("#case .fact .words").count() == 4
        press(page, "Show me the options")
        page.locator(".card").first.wait_for()
        assert said(tmp_path) == ["unresectable, 2 liver mets", "largest 2.5 cm", "RAS wt", "Show me the options"]
        page.reload()
        page.locator("#log .turn").nth(3).wait_for()
        assert page.locator("#log .turn").count() == 4


def test_an_answer_that_is_lost_is_asked_for_again_and_the_message_is_said_once(open_page: Open) -> None:
    page = open_page("/docs")
    lost = []

    def connect(socket: Any) -> None:
        real = socket.connect_to_server()

        def answer(message: str) -> None:
            if '"type":"turn"' in message and not lost:
                lost.append(message)
                socket.close()
            else:
                socket.send(message)

        real.on_message(answer)

    page.route_web_socket("**/ws", connect)
    page.goto(page.url.replace("/docs", "/"))
    say(page, "unresectable, 2 liver mets")
    assert lost
    assert page.locator("#log .turn").count() == 1
    say(page, "case so far")
    assert page.locator("#log .user").all_inner_texts() == ["You:\nunresectable, 2 liver mets", "You:\ncase so far"]


def test_a_connection_that_is_dead_without_saying_so_is_given_up(open_page: Open) -> None:
    page = open_page("/docs")
    page.clock.install()
    dead = []

    def connect(socket: Any) -> None:
        real = socket.connect_to_server()
        first = not dead

        def answer(message: str) -> None:
            if first and '"type":"turn"' in message:
                dead.append(message)
            else:
                socket.send(message)

        real.on_message(answer)

    page.route_web_socket("**/ws", connect)
    page.goto(page.url.replace("/docs", "/"))
    page.locator("#message").fill("unresectable, 2 liver mets")
    page.locator("#message").press("Enter")
    while not dead:
        page.wait_for_timeout(50)
    assert page.locator("#log .turn").count() == 0
    page.clock.fast_forward(26_000)
    page.clock.fast_forward(2_000)
    page.locator("#log .turn").wait_for()
    assert "unresectable" in last(page, "facts")


def test_a_failing_turn_can_be_tried_again(open_page: Open) -> None:
    page = open_page("/docs")
    refused = []

    def connect(socket: Any) -> None:
        real = socket.connect_to_server()

        def ask(message: str) -> None:
            if '"say"' in message and not refused:
                refused.append(message)
                error = {"type": "error", "code": "failed", "id": json.loads(message)["id"]}
                socket.send(json.dumps({**error, "text": "Something went wrong: <b>77</b>"}))
            else:
                real.send(message)

        socket.on_message(ask)

    page.route_web_socket("**/ws", connect)
    page.goto(page.url.replace("/docs", "/"))
    page.locator("#message").fill("unresectable")
    page.locator("#message").press("Enter")
    failure = page.locator(".failure")
    failure.wait_for()
    assert "Something went wrong: <b>77</b>" in failure.inner_text()
    page.reload()
    failure.wait_for()
    failure.get_by_role("button", name="Try again").click()
    page.locator("#log .turn").wait_for()
    assert page.locator(".failure").count() == 0
    assert page.locator(".user").count() == 1


def test_a_session_the_server_does_not_know_is_replaced(open_page: Open) -> None:
    page = open_page()
    say(page, "unresectable")
    page.evaluate(
        """() => {
            const key = Object.keys(sessionStorage)[0];
            sessionStorage.setItem(key, JSON.stringify({ token: "forged.token", outbox: [] }));
        }"""
    )
    page.reload()
    say(page, "case so far")
    assert page.locator("#log .turn").count() == 1
    assert "unresectable" not in page.locator("#log .assistant").last.inner_text()
