"""Feishu, against a stand-in with the limits of its documentation; its own SDK takes the events that are delivered."""

from __future__ import annotations

import json
import time

import httpx
import pytest

from bot.channels.choices import as_choices
from bot.channels.feishu.crypto import opened
from bot.channels.feishu.output import render
from bot.channels.model import Message, RefusedError
from tests.channels.live import Live
from tests.channels.standins.feishu import (
    BOT,
    KEY,
    TOKEN,
    FeishuStandIn,
    deliver,
    event,
    pressed,
    problem,
    said,
    sealed,
    signed,
    titles,
)
from tests.channels.standins.sdk import Sdk
from tests.channels.standins.serving import status, until


@pytest.fixture
def feishu(connected: Live) -> FeishuStandIn:
    standin: FeishuStandIn = connected.standins["feishu"]
    standin.errors.clear()
    return standin


def test_the_published_example_is_opened() -> None:
    assert opened("test key", "P37w+VZImNgPEO1RBhJ6RtKl7n6zymIbEG1pReEzghk=") == b"hello world"


def test_the_sdk_takes_what_the_tests_deliver(sdk: Sdk) -> None:
    body = sealed(said("oc", "肝"))
    encrypted = json.loads(body)["encrypt"]
    assert sdk("feishu_opened", key=KEY, sealed=encrypted) == opened(KEY, encrypted).decode()
    assert sdk("feishu_taken", key=KEY, token=TOKEN, headers=signed(body), body=body.decode()) == 200
    assert sdk("feishu_taken", key=KEY, token=TOKEN, headers=signed(body, "another"), body=body.decode()) == 500


def test_the_address_is_confirmed(connected: Live) -> None:
    asked = {"type": "url_verification", "challenge": "ajls384kdjx98XX", "token": TOKEN}
    began = time.monotonic()
    answer = httpx.post(f"{connected.url}/webhooks/feishu/webhook", content=sealed(asked), timeout=3)
    assert answer.json() == {"challenge": "ajls384kdjx98XX"}
    assert time.monotonic() - began < 1
    forged = httpx.post(f"{connected.url}/webhooks/feishu/webhook", content=sealed({**asked, "token": "x"}), timeout=3)
    assert forged.status_code == 401


def test_a_case_in_chinese_with_a_card(connected: Live, feishu: FeishuStandIn) -> None:
    first = said("oc-case", "不可切除，3枚，最大2.8cm，KRAS G12D，BRAF野生型，一线FOLFOX后PD，肝外无转移")
    assert deliver(connected.url, first).json() == {}
    assert deliver(connected.url, first).status_code == 200
    card = feishu.card("oc-case")
    assert "未做过肝切除" in titles(card)
    assert deliver(connected.url, pressed(card, "未做过肝切除")).json() == {}
    until(lambda: "已记录：未做过肝切除" in feishu.texts("oc-case"))
    deliver(connected.url, said("oc-case", "直接看方案"))
    until(lambda: "首选：全身化疗" in feishu.texts("oc-case"))
    assert feishu.texts("oc-case").count("已记录：不可切除") == 1
    assert not feishu.errors


@pytest.mark.parametrize("change", ["key", "old", "unsigned", "token", "app", "plain", "cut", "garbage"])
def test_what_is_not_from_feishu_is_refused(connected: Live, feishu: FeishuStandIn, change: str) -> None:
    data = said("oc-forged", "hello")
    body = sealed(data)
    headers = signed(body)
    match change:
        case "key":
            body = sealed(data, "another")
            headers = signed(body, "another")
        case "old":
            headers = signed(body, at=time.time() - 9 * 3600)
        case "unsigned":
            headers = {}
        case "token" | "app":
            data["header"]["token" if change == "token" else "app_id"] = "another"
            body = sealed(data)
            headers = signed(body)
        case "plain":
            body = json.dumps(data).encode()
            headers = signed(body)
        case "cut":
            body = body[:-6] + b'"}'
            headers = signed(body)
        case _:
            body = b"\xff"
            headers = signed(body)
    answer = httpx.post(f"{connected.url}/webhooks/feishu/webhook", content=body, headers=headers)
    assert answer.status_code in (400, 401)
    assert not feishu.sent("oc-forged")


def test_damage_is_told_apart_from_content() -> None:
    for damaged in ("", "QUJD", "!!", "P37w+VZImNgPEO1RBhJ6Rg=="):
        with pytest.raises(RefusedError):
            opened("test key", damaged)


def test_groups_are_answered_when_addressed_and_each_person_has_a_case(connected: Live, feishu: FeishuStandIn) -> None:
    unasked = said("oc-group", "7 lesions", kind="group")
    other = said("oc-group", "@_user_1 hello", kind="group", mention="ou_somebody")
    asked = said("oc-group", "@_user_1 unresectable, 7 lesions", kind="group", mention=BOT)
    for data in (unasked, other, asked):
        assert deliver(connected.url, data).status_code == 200
    message = asked["event"]["message"]["message_id"]
    card = feishu.card(message)
    assert "identifies a patient" in feishu.texts(message)
    second = said("oc-group", "@_user_1 case so far", kind="group", mention=BOT, who="ou_2")
    deliver(connected.url, second)
    until(lambda: feishu.sent(second["event"]["message"]["message_id"]))
    deliver(connected.url, pressed(card, titles(card)[0], who="ou_2", chat="oc-group"))
    until(lambda: "earlier message" in feishu.texts(card["id"]))
    deliver(connected.url, pressed(card, titles(card)[0], chat="oc-group"))
    until(lambda: "Noted" in feishu.texts(card["id"]))
    assert "7" not in feishu.texts(second["event"]["message"]["message_id"])
    assert not feishu.sent(unasked["event"]["message"]["message_id"])
    assert not feishu.sent(other["event"]["message"]["message_id"])


def test_topics_are_answered_in_them(connected: Live, feishu: FeishuStandIn) -> None:
    asked = said("oc-topic", "@_user_1 不可切除", kind="group", mention=BOT, thread_id="omt_1")
    deliver(connected.url, asked)
    until(lambda: feishu.sent(asked["event"]["message"]["message_id"]))
    assert feishu.sent(asked["event"]["message"]["message_id"])[0]["reply_in_thread"] is True


def test_an_answer_whose_receipt_is_lost_is_shown_once(connected: Live, feishu: FeishuStandIn) -> None:
    feishu.lose_answers = 2
    deliver(connected.url, said("oc-lost", "unresectable, 2 liver mets"))
    feishu.card("oc-lost")
    assert feishu.texts("oc-lost").count("Noted") == 1
    assert feishu.texts("oc-lost").count("supports clinicians") == 1


def test_an_ended_token_limits_and_other_kinds(connected: Live, feishu: FeishuStandIn) -> None:
    feishu.tokens.clear()
    feishu.faults.plan(status(400, {"code": 99991400, "msg": "request trigger frequency limit"}), to="oc-ended")
    deliver(connected.url, said("oc-ended", "", message_type="image", content='{"image_key": "x"}'))
    until(lambda: feishu.sent("oc-ended"))
    post = json.dumps(
        {"title": "", "content": [[{"tag": "text", "text": "unresectable,"}], [{"tag": "text", "text": "2 mets"}]]}
    )
    deliver(connected.url, said("oc-ended", "", message_type="post", content=post))
    until(lambda: "lesions: 2" in feishu.texts("oc-ended"))
    robot = said("oc-robot", "hello")
    robot["event"]["sender"]["sender_type"] = "app"
    assert deliver(connected.url, robot).status_code == 200
    assert deliver(connected.url, event("im.chat.updated_v1", {})).status_code == 200


def test_a_card_that_is_refused_is_sent_as_text(connected: Live, feishu: FeishuStandIn) -> None:
    feishu.faults.plan(status(400, {"code": 230099, "msg": "Failed to create card content"}), to="oc-refused")
    deliver(connected.url, said("oc-refused", "hello"))
    until(lambda: feishu.sent("oc-refused"))
    assert feishu.sent("oc-refused")[0]["msg_type"] == "text"
    assert "3. Help" in feishu.texts("oc-refused")


def test_long_answers_fit() -> None:
    choices = as_choices("m", [{"title": "很长" * 60, "payload": "p"}] * 9)
    parts = render(Message("肝转移“P<0.05”[21]。" * 4000, choices), {"place": "oc", "thread": None, "reply_to": None})
    assert len(parts) > 2
    for part in parts:
        assert problem({**part.request["body"], "uuid": "u"}) is None
        assert part.plain is None or problem({**part.plain["body"], "uuid": "u"}) is None
