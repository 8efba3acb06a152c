"""DingTalk, against a stand-in of its Stream gateway and of the robot's interface."""

from __future__ import annotations

import pytest

from bot.channels.choices import as_choices
from bot.channels.dingtalk.output import render
from bot.channels.model import Message
from tests.channels.live import Live
from tests.channels.standins.dingtalk import DingTalkStandIn, frame, problem, said, words_of
from tests.channels.standins.serving import status, until


@pytest.fixture
def dingtalk(connected: Live) -> DingTalkStandIn:
    standin: DingTalkStandIn = connected.standins["dingtalk"]
    standin.errors.clear()
    return standin


def test_a_case_in_chinese_with_a_card(dingtalk: DingTalkStandIn) -> None:
    first = said("s-case", "不可切除，3枚，最大2.8cm，KRAS G12D，BRAF野生型，一线FOLFOX后PD，肝外无转移")
    dingtalk.push(first)
    dingtalk.push({**first, "headers": {**first["headers"], "messageId": "again"}})
    card = dingtalk.card("s-case")
    assert "1. 未做过肝切除" in dingtalk.texts("s-case")
    dingtalk.push(said("s-case", words_of(card, "未做过肝切除")))
    until(lambda: "已记录：未做过肝切除" in dingtalk.texts("s-case"))
    dingtalk.push(said("s-case", "直接看方案"))
    until(lambda: "回复“更多”" in dingtalk.texts("s-case"))
    assert dingtalk.texts("s-case").count("已记录：不可切除") == 1
    assert not dingtalk.errors


def test_groups_have_a_case_for_each_person_and_no_cards(dingtalk: DingTalkStandIn) -> None:
    dingtalk.push(said("s-1", "unresectable, 7 lesions", group="cid-group"))
    until(lambda: "systemic therapy" in dingtalk.texts("cid-group"))
    assert "identifies a patient" in dingtalk.texts("cid-group")
    before = dingtalk.texts("cid-group")
    dingtalk.push(said("s-2", "case so far", group="cid-group"))
    until(lambda: dingtalk.texts("cid-group") != before)
    assert "7" not in dingtalk.texts("cid-group")[len(before) :]
    assert all(message["kind"] == "sampleText" for message in dingtalk.sent("cid-group"))


def test_frames_of_every_kind_are_survived(dingtalk: DingTalkStandIn) -> None:
    for text in ("", "{", "[]", '{"headers": {}}'):
        dingtalk.push(text)
    dingtalk.push(frame({"opaque": "x"}, topic="ping", kind="SYSTEM"))
    dingtalk.push(frame({}, topic="/v1.0/unknown"))
    dingtalk.push(frame({}))
    dingtalk.push(said(None, "from another organisation"))
    dingtalk.push(said("s-kinds", "", msgtype="picture", content={"downloadCode": "x"}))
    until(lambda: dingtalk.texts("s-kinds"))
    rich = {"richText": [{"text": "unresectable,"}, {"pictureDownloadCode": "x"}, {"text": " 2 mets"}]}
    dingtalk.push(said("s-kinds", "", msgtype="richText", content=rich))
    until(lambda: "lesions: 2" in dingtalk.texts("s-kinds"))


def test_a_connection_that_ends_is_made_anew(dingtalk: DingTalkStandIn) -> None:
    until(lambda: dingtalk.connections)
    before = dingtalk.connections
    dingtalk.opened.planned = [status(500)]
    dingtalk.push(frame({"reason": "persistent connection is timeout"}, topic="disconnect", kind="SYSTEM"))
    until(lambda: dingtalk.connections == before + 1)
    dingtalk.push(said("s-anew", "hello"))
    until(lambda: dingtalk.texts("s-anew"))


def test_an_ended_token_and_limits_are_waited_out(dingtalk: DingTalkStandIn) -> None:
    dingtalk.faults.plan(
        status(429, {"code": "Throttling.User"}), status(200, {"flowControlledStaffIdList": ["s-busy"]}), to="s-busy"
    )
    dingtalk.push(said("s-busy", "hello"))
    until(lambda: dingtalk.texts("s-busy"))
    assert not dingtalk.faults.planned


@pytest.mark.parametrize("count", [1, 2, 5, 9])
def test_long_answers_and_cards_fit(count: int) -> None:
    choices = as_choices("m", [{"title": f"按钮{n}", "payload": f"说 {n}&"} for n in range(count)])
    parts = render(Message("肝转移“P<0.05”[21]。" * 1000, choices), {"place": "s", "group": False, "thread": None})
    assert len(parts) > 4
    assert [problem(part.request["body"]) for part in parts] == [None] * len(parts)
    assert parts[-1].optional
