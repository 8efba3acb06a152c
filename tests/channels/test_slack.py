"""Slack, against a stand-in with the limits of its documentation; signatures are made by its SDK."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

import pytest

from bot.channels.choices import as_choices
from bot.channels.model import Message
from bot.channels.slack.input import plain
from bot.channels.slack.output import render
from tests.channels.live import Live
from tests.channels.standins.serving import status, until
from tests.channels.standins.slack import SlackStandIn, deliver, event, post, pressed, problem

HERE = {"place": "D1", "thread": ""}


@pytest.fixture
def slack(connected: Live) -> SlackStandIn:
    standin: SlackStandIn = connected.standins["slack"]
    standin.errors.clear()
    return standin


def shown(message: Mapping[str, Any]) -> str:
    return "\n".join(block["text"]["text"] for block in message["blocks"] if block["type"] == "section")


def titles(message: Mapping[str, Any]) -> list[str]:
    return [e["text"]["text"] for b in message["blocks"] if b["type"] == "actions" for e in b["elements"]]


def test_a_case_in_chinese_with_buttons(connected: Live, slack: SlackStandIn) -> None:
    said = event(
        "message", "D-case", "直肠癌肝转移，不可切除，3枚，最大2.8cm，KRAS G12D，BRAF野生型，一线FOLFOX后PD，肝外无转移"
    )
    assert deliver(connected.url, said).status_code == 200
    *_, question = slack.wait("D-case", 3)
    assert "肝转移灶以前切除过吗" in shown(question)
    assert "未做过肝切除" in titles(question)
    assert deliver(connected.url, pressed(question, "未做过肝切除")).status_code == 200
    slack.wait("D-case", 5)
    assert deliver(connected.url, event("message", "D-case", "直接看方案")).status_code == 200
    options = until(lambda: [m for m in slack.posted("D-case") if "首选：全身化疗" in shown(m)])
    assert "[21]" in shown(options[0])
    assert not slack.errors


def test_a_button_pressed_twice_is_answered_once(connected: Live, slack: SlackStandIn) -> None:
    deliver(connected.url, event("message", "D-twice", "unresectable, 2 liver mets, 2.5 cm"))
    question = until(lambda: [m for m in slack.posted("D-twice") if titles(m)])[-1]
    count = len(slack.posted("D-twice"))
    for _ in range(3):
        assert deliver(connected.url, pressed(question, titles(question)[0])).status_code == 200
    until(lambda: len(slack.posted("D-twice")) > count + 1)
    time.sleep(1)
    assert sum("Noted" in shown(m) for m in slack.posted("D-twice")) == 2


def test_what_is_too_large_is_refused_before_it_is_read(connected: Live) -> None:
    assert post(connected.url, b"x" * 1_000_001, {}).status_code == 413


def test_the_address_is_confirmed(connected: Live) -> None:
    answer = deliver(
        connected.url, {"type": "url_verification", "challenge": "3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P"}
    )
    assert answer.text == "3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P"


@pytest.mark.parametrize("change", ["forged", "old", "unsigned", "not ascii", "no number"])
def test_what_is_not_from_slack_is_refused(connected: Live, slack: SlackStandIn, change: str) -> None:
    said = event("message", "D-forged", "hello")
    headers = {"x-slack-request-timestamp": str(int(time.time())).encode(), "x-slack-signature": "v0=é".encode()}
    match change:
        case "forged":
            answer = deliver(connected.url, said, secret="another")
        case "old":
            answer = deliver(connected.url, said, at=time.time() - 301)
        case "unsigned":
            answer = post(connected.url, b"{}", {})
        case "not ascii":
            answer = post(connected.url, b"\xff{}", headers)
        case _:
            answer = post(connected.url, b"{}", {**headers, "x-slack-request-timestamp": b"now"})
    assert answer.status_code == 401
    assert not slack.posted("D-forged")


def test_a_channel_is_answered_in_threads_when_the_assistant_is_mentioned(connected: Live, slack: SlackStandIn) -> None:
    first = event("app_mention", "C1", "<@U0BOT> 不可切除，2枚")
    second = event("app_mention", "C1", "<@U0BOT> unresectable, 7 lesions")
    unasked = event("message", "C1", "what a day", channel_type="channel")
    for said in (first, unasked, second):
        assert deliver(connected.url, said).status_code == 200
    one = slack.wait("C1", 3, first["event"]["ts"])
    two = slack.wait("C1", 3, second["event"]["ts"])
    assert "可识别患者" in shown(one[0])
    assert "identifies a patient" in shown(two[0])
    assert "2" in "".join(map(shown, one))
    assert "7" not in "".join(map(shown, one))
    assert not slack.posted("C1")
    deliver(connected.url, event("app_mention", "C1", "<@U0BOT> case so far", thread_ts=second["event"]["ts"]))
    until(lambda: "".join(map(shown, slack.posted("C1", second["event"]["ts"]))).count("lesions: 7") == 2)


@pytest.mark.parametrize(
    "more", [{"bot_id": "B1"}, {"subtype": "message_changed"}, {"subtype": "channel_join"}, {"user": None}]
)
def test_what_needs_no_answer_gets_none(connected: Live, slack: SlackStandIn, more: dict[str, Any]) -> None:
    channel = f"D-quiet-{next(iter(more.values()))}"
    assert deliver(connected.url, event("message", channel, "hello", **more)).status_code == 200
    deliver(connected.url, event("message", channel, "hello"))
    slack.wait(channel, 1)
    assert len({m["text"] for m in slack.posted(channel)}) == len(slack.posted(channel))


def test_too_many_messages_and_a_failure_are_waited_out(connected: Live, slack: SlackStandIn) -> None:
    limited = status(429, {"ok": False, "error": "ratelimited"}, **{"Retry-After": "1"})
    slack.faults.plan(limited, status(200, {"ok": False, "error": "internal_error"}), to="D-busy")
    deliver(connected.url, event("message", "D-busy", "hello"))
    slack.wait("D-busy", 1)
    assert slack.faults.met == 2


def test_what_slack_refuses_is_sent_plain(connected: Live, slack: SlackStandIn) -> None:
    slack.faults.plan(status(200, {"ok": False, "error": "invalid_blocks"}), to="D-plain")
    deliver(connected.url, event("message", "D-plain", "hello"))
    (message, *_) = slack.wait("D-plain", 1)
    assert "blocks" not in message
    assert "Hello" in message["text"]


def test_long_answers_and_many_buttons_fit() -> None:
    buttons = as_choices("m", [{"title": f"{'t' * 90}{n}", "payload": "p"} for n in range(30)])
    parts = render(Message("P<0.05 & more [1] 2.5 cm；" * 1000, buttons), HERE)
    assert len(parts) > 5
    for part in parts:
        assert problem(part.request) is None
        assert part.plain is not None
        assert problem(part.plain) is None
    assert len(titles(parts[-1].request)) == 30
    assert "".join(shown(part.request) for part in parts).count("P&lt;0.05 &amp;") == 1000


def test_signs_are_shown_as_they_are() -> None:
    (part,) = render(Message("~2.5 cm, *KRAS* a_b <b> & https://doi.org/10.1/x_y"), HERE)
    block = part.request["blocks"][0]["text"]
    assert block == {"type": "plain_text", "text": "~2.5 cm, *KRAS* a_b <b> & https://doi.org/10.1/x_y", "emoji": False}
    (part,) = render(Message("see <b> & https://doi.org/10.1/x_y"), HERE)
    assert part.request["blocks"][0]["text"]["text"] == "see &lt;b&gt; &amp; <https://doi.org/10.1/x_y>"


def test_what_was_typed_is_read_as_it_was_typed() -> None:
    text = "<@U0BOT> P &lt; 0.05 &amp; <https://a.example|a.example> <#C1|general> <@U2> <!here>"
    assert plain(text, {"U0BOT"}) == "P < 0.05 & a.example #general @U2"
