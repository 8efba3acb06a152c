"""Telegram, against a stand-in with the limits of its documentation."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

import pytest

from bot.channels.choices import as_choices
from bot.channels.model import Message
from bot.channels.telegram.output import render
from tests.channels.live import Live
from tests.channels.standins.serving import status, until
from tests.channels.standins.telegram import BOT, TelegramStandIn, deliver, mention, pressed, problem, said

NAME = f"@{BOT['username']}"


@pytest.fixture
def telegram(connected: Live) -> TelegramStandIn:
    standin: TelegramStandIn = connected.standins["telegram"]
    standin.errors.clear()
    return standin


def titles(message: Mapping[str, Any]) -> list[str]:
    keyboard = (message.get("reply_markup") or {}).get("inline_keyboard", ())
    return [button["text"] for row in keyboard for button in row]


def test_a_case_in_chinese_with_buttons(connected: Live, telegram: TelegramStandIn) -> None:
    assert deliver(connected.url, said(1, "/start")).status_code == 200
    (hello,) = telegram.wait(1, 1)
    assert "助手" in hello["text"]
    deliver(connected.url, said(1, "不可切除，肝转移2枚，最大2.5cm，RAS野生型，无肝外转移"))
    question = until(lambda: [m for m in telegram.sent(1) if len(titles(m)) > 2])[-1]
    answer = deliver(connected.url, pressed(question, titles(question)[0]))
    assert answer.json()["method"] == "answerCallbackQuery"
    count = len(telegram.sent(1))
    until(lambda: len(telegram.sent(1)) > count)
    deliver(connected.url, said(1, "直接看方案"))
    until(lambda: "首选：" in telegram.sent(1)[-1]["text"])
    assert not telegram.errors


@pytest.mark.parametrize("secret", [None, "", "another-secret-of-a-webhook", "ü" * 20])
def test_without_the_secret_nothing_is_taken(connected: Live, telegram: TelegramStandIn, secret: str | None) -> None:
    import httpx

    update = said(2, "hello")
    if secret and not secret.isascii():
        headers = [("X-Telegram-Bot-Api-Secret-Token", secret.encode())]
        answer = httpx.post(f"{connected.url}/webhooks/telegram/webhook", json=update, headers=headers)
    else:
        answer = deliver(connected.url, update, secret)
    assert answer.status_code == 401
    assert not telegram.sent(2)


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"message": 5}', b'{"message": {"chat": {}}}', b"\xff"])
def test_what_cannot_be_read_is_refused(connected: Live, body: bytes) -> None:
    assert deliver(connected.url, body).status_code == 400


def test_what_is_repeated_late_or_somebody_elses_is_not_answered(connected: Live, telegram: TelegramStandIn) -> None:
    first = said(3, "hello")
    for update in (first, first, said(3, "old", date=int(time.time()) - 90_000), {"update_id": 1, "poll": {}}):
        assert deliver(connected.url, update).status_code == 200
    edited = {"update_id": 2, "edited_message": first["message"]}
    assert deliver(connected.url, edited).status_code == 200
    deliver(connected.url, said(3, "case so far"))
    telegram.wait(3, 2)
    time.sleep(0.5)
    assert len(telegram.sent(3)) == 2


def test_a_picture_without_words_is_answered_in_words(connected: Live, telegram: TelegramStandIn) -> None:
    update = said(4, "")
    update["message"] |= {"photo": [{"file_id": "x"}]}
    deliver(connected.url, update)
    telegram.wait(4, 1)


def test_groups_are_answered_when_addressed_and_each_person_has_a_case(
    connected: Live, telegram: TelegramStandIn
) -> None:
    group = -5
    text = f"🙂 {NAME} unresectable, 7 lesions"
    deliver(connected.url, said(group, "unasked", kind="supergroup"))
    deliver(connected.url, said(group, text, kind="supergroup", entities=mention(text), user=1))
    first = telegram.wait(group, 3)
    assert "person" in first[0]["text"]
    assert first[0]["reply_parameters"]["message_id"]
    question = until(lambda: [m for m in telegram.sent(group) if titles(m)])[-1]
    count = len(telegram.sent(group))
    own = {"from": BOT, "message_id": 1, "chat": {"id": group, "type": "supergroup"}}
    deliver(connected.url, said(group, "case so far", kind="supergroup", user=2, reply_to_message=own))
    second = telegram.wait(group, count + 1)[count:]
    assert all("7" not in m["text"] for m in second)
    deliver(connected.url, pressed(question, titles(question)[0], user=2, kind="supergroup"))
    until(
        lambda: "no longer counts" in telegram.sent(group)[-1]["text"] or "不再有效" in telegram.sent(group)[-1]["text"]
    )
    deliver(connected.url, pressed(question, titles(question)[0], user=1, kind="supergroup"))
    until(lambda: "Noted" in "".join(m["text"] for m in telegram.sent(group)[-2:]))


def test_topics_are_cases(connected: Live, telegram: TelegramStandIn) -> None:
    text = f"{NAME} 不可切除"
    more = {"kind": "supergroup", "entities": mention(text), "message_thread_id": 77, "is_topic_message": True}
    deliver(connected.url, said(-6, text, **more))
    assert all(message["message_thread_id"] == 77 for message in telegram.wait(-6, 2))


def test_limits_and_failures_are_waited_out(connected: Live, telegram: TelegramStandIn) -> None:
    limited = {"ok": False, "error_code": 429, "description": "Too Many Requests", "parameters": {"retry_after": 1}}
    telegram.faults.plan(status(429, limited), status(502, "Bad Gateway"), to="8")
    deliver(connected.url, said(8, "hello"))
    telegram.wait(8, 1)
    assert telegram.faults.met == 2


def test_long_answers_and_long_titles_fit() -> None:
    text = "前期消融 5 年 DFS 36%（P=0.02）[21]（3.3/2）🙂。" * 400
    buttons = as_choices("m", [{"title": "很长的按钮文字" * 20, "payload": "p"}] * 5)
    parts = render(Message(text, buttons), {"place": "1", "thread": None, "reply_to": None})
    assert len(parts) > 2
    assert all(problem(part.request) is None for part in parts)
    assert [bool(titles(part.request)) for part in parts] == [False] * (len(parts) - 1) + [True]
