"""Teams, against a stand-in of the Bot Connector that signs its own tokens."""

from __future__ import annotations

import base64
import json
import time

import pytest

from bot.channels.choices import as_choices
from bot.channels.model import Message
from bot.channels.teams.output import render
from tests.channels.live import Live
from tests.channels.standins.serving import status, until
from tests.channels.standins.teams import (
    OTHER_KEY,
    TeamsStandIn,
    actions,
    deliver,
    mention,
    pressed,
    problem,
    said,
    token,
)


@pytest.fixture
def teams(connected: Live) -> TeamsStandIn:
    standin: TeamsStandIn = connected.standins["teams"]
    standin.errors.clear()
    return standin


def test_a_case_in_chinese_with_a_card(connected: Live, teams: TeamsStandIn) -> None:
    first = said(teams.url, "a:case", "不可切除，3枚，最大2.8cm，KRAS G12D，BRAF野生型，一线FOLFOX后PD，肝外无转移")
    for _ in range(2):
        assert deliver(connected.url, first, token(teams.url)).status_code == 200
    card = teams.card("a:case")
    assert "未做过肝切除" in [action["title"] for action in actions(card)]
    deliver(connected.url, pressed(teams.url, card, "未做过肝切除"), token(teams.url))
    until(lambda: "已记录：未做过肝切除" in teams.texts("a:case"))
    deliver(connected.url, said(teams.url, "a:case", "直接看方案"), token(teams.url))
    until(lambda: "首选：全身化疗" in teams.texts("a:case"))
    assert teams.texts("a:case").count("已记录：不可切除") == 1
    assert not teams.errors


@pytest.mark.parametrize(
    "change",
    [
        "none",
        "no bearer",
        "algorithm",
        "none algorithm",
        "key",
        "unknown key",
        "channel",
        "aud",
        "iss",
        "exp",
        "nbf",
        "url",
    ],
)
def test_what_is_not_from_the_bot_connector_is_refused(connected: Live, teams: TeamsStandIn, change: str) -> None:
    now = int(time.time())
    bearer = {
        "none": lambda: None,
        "no bearer": lambda: "",
        "algorithm": lambda: token(teams.url, key="a shared secret that is long enough for it", algorithm="HS256"),
        "none algorithm": lambda: token(teams.url, key=None, algorithm="none"),
        "key": lambda: token(teams.url, key=OTHER_KEY),
        "unknown key": lambda: token(teams.url, kid="k9"),
        "channel": lambda: token(teams.url, kid="k2"),
        "aud": lambda: token(teams.url, aud="another"),
        "iss": lambda: token(teams.url, iss="https://evil.example"),
        "exp": lambda: token(teams.url, exp=now - 400),
        "nbf": lambda: token(teams.url, nbf=now + 400),
        "url": lambda: token("https://evil.example"),
    }[change]()
    answer = deliver(connected.url, said(teams.url, "a:forged", "hello"), bearer)
    assert answer.status_code == 401
    assert not teams.sent("a:forged")


def test_a_key_that_the_token_brings_itself_counts_for_nothing(connected: Live, teams: TeamsStandIn) -> None:
    _, body, signature = token(teams.url, key=OTHER_KEY).split(".")
    claimed = json.dumps({"alg": "RS256", "kid": "k1", "jku": "http://127.0.0.1:9/keys"}).encode()
    forged = ".".join([base64.urlsafe_b64encode(claimed).decode().rstrip("="), body, signature])
    assert deliver(connected.url, said(teams.url, "a:forged", "hello"), forged).status_code == 401


def test_an_address_that_is_not_the_one_of_the_token_is_not_written_to(connected: Live, teams: TeamsStandIn) -> None:
    activity = {**said(teams.url, "a:forged", "hello"), "serviceUrl": "https://evil.example"}
    assert deliver(connected.url, activity, token(teams.url)).status_code == 401


@pytest.mark.parametrize("body", [b"", b"[1]", b"{", b"\xff"])
def test_what_cannot_be_read_is_refused(connected: Live, teams: TeamsStandIn, body: bytes) -> None:
    assert deliver(connected.url, body, token(teams.url)).status_code == 400


def test_what_is_signed_but_incomplete_is_refused(connected: Live, teams: TeamsStandIn) -> None:
    broken = said(teams.url, "a:broken", "hello")
    del broken["conversation"]
    assert deliver(connected.url, broken, token(teams.url)).status_code == 400
    update = {**broken, "type": "conversationUpdate"}
    assert deliver(connected.url, update, token(teams.url)).status_code == 200


def test_channels_and_group_chats_are_answered_when_addressed(connected: Live, teams: TeamsStandIn) -> None:
    thread = "19:channel@thread.tacv2;messageid=1"

    def say(place: str, text: str, kind: str, who: str = "29:u1", **more: object) -> None:
        assert deliver(
            connected.url, said(teams.url, place, text, kind=kind, who=who, **more), token(teams.url)
        ).is_success

    say(thread, "7 lesions", "channel")
    say(thread, "<at>CRLM</at> unresectable,&nbsp;7 lesions", "channel", entities=mention())
    card = teams.card(thread)
    assert "each thread is a case" in teams.texts(thread)
    assert "lesions: 7" in teams.texts(thread)
    say(thread, "<at>CRLM</at> case so far", "channel", who="29:u2", entities=mention())
    until(lambda: teams.texts(thread).count("lesions: 7") == 2)
    assert card["replyToId"]
    say("19:group", "<at>CRLM</at> unresectable, 5 lesions", "groupChat", entities=mention())
    until(lambda: "lesions: 5" in teams.texts("19:group"))
    group = teams.card("19:group")
    before = teams.texts("19:group")
    say("19:group", "<at>CRLM</at> case so far", "groupChat", who="29:u2", entities=mention())
    until(lambda: teams.texts("19:group") != before)
    assert "5" not in teams.texts("19:group")[len(before) :]
    foreign = pressed(teams.url, group, actions(group)[0]["title"], who="29:u2", kind="groupChat")
    deliver(connected.url, foreign, token(teams.url))
    until(lambda: "earlier message" in teams.texts("19:group"))


def test_an_ended_token_and_limits_are_waited_out(connected: Live, teams: TeamsStandIn) -> None:
    teams.tokens.clear()
    teams.faults.plan(status(429, {}, **{"Retry-After": "1"}), to="a:busy")
    deliver(connected.url, said(teams.url, "a:busy", "hello"), token(teams.url))
    until(lambda: teams.texts("a:busy"))
    assert not teams.faults.planned


def test_a_card_that_is_too_large_is_sent_as_text(connected: Live, teams: TeamsStandIn) -> None:
    teams.faults.plan(status(413, {"error": {"code": "MessageSizeTooBig"}}), to="a:large")
    deliver(connected.url, said(teams.url, "a:large", "hello"), token(teams.url))
    until(lambda: teams.sent("a:large"))
    assert "3. Help" in teams.sent("a:large")[0]["text"]


def test_long_answers_and_many_buttons_fit() -> None:
    choices = as_choices("m", [{"title": f"很长的按钮{n}" * 5, "payload": "p"} for n in range(14)])
    address = {"service": "https://s", "place": "a", "reply_to": "1", "bot": "b"}
    parts = render(Message("肝转移“P<0.05”[21]，2.5 cm。\n" * 1200, choices), address)
    assert len(parts) > 3
    for part in parts:
        assert problem(part.request["activity"]) is None
        assert part.plain is None or problem(part.plain["activity"]) is None
    assert len(actions(parts[-1].request["activity"])) == 14
    assert "P&lt;0.05" in parts[0].request["activity"]["text"]
