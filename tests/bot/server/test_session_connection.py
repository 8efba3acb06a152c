"""The widget's sessions over real connections: whose they are, and that nothing is lost or said twice."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sqlite3
import uuid
from pathlib import Path
from typing import Any

import httpx
import pytest
import websockets

from bot.server.session_api import may_connect
from bot.server.sessions import Sessions
from tests.running import Server, free_port, start
from tests.sessions import connected, new_session, texts


async def test_a_message_is_answered_with_the_case_and_the_words_it_came_from(server: str) -> None:
    async with connected(server, new_session(server)) as client:
        answer = await client.say("unresectable, two liver mets, RAS wt")
    assert answer["type"] == "turn"
    assert answer["turn"]["text"] == "unresectable, two liver mets, RAS wt"
    assert answer["case"]["facts"] == {"resectability": "unresectable", "lesion_count": 2, "ras": "wild_type"}
    assert answer["case"]["words"]["ras"] == "RAS wt"
    assert answer["case"]["lang"] == "en"
    assert "Noted: unresectable" in texts(answer)


async def test_a_message_sent_again_gets_the_same_answer_and_is_said_once(server: str) -> None:
    token, name = new_session(server), uuid.uuid4().hex
    async with connected(server, token) as client:
        first = await client.say("3 liver mets", name)
        await client.say("largest 2 cm")
        again = await client.say("3 liver mets", name)
    assert again["turn"] == first["turn"]
    async with connected(server) as client:
        resumed = await client.ask(type="hello", token=token)
    assert [turn["text"] for turn in resumed["turns"]] == ["3 liver mets", "largest 2 cm"]


async def test_a_message_sent_over_two_connections_at_once_is_said_once(server: str) -> None:
    token, name = new_session(server), uuid.uuid4().hex
    async with connected(server, token) as one, connected(server, token) as other:
        answers = await asyncio.gather(one.say("3 liver mets", name), other.say("3 liver mets", name))
        assert answers[0]["turn"] == answers[1]["turn"]
        resumed = await one.ask(type="hello", token=token)
    assert len(resumed["turns"]) == 1


async def test_a_killed_server_that_comes_back_knows_the_conversation(trained_model: Path, tmp_path: Path) -> None:
    port, name, later = free_port(), uuid.uuid4().hex, uuid.uuid4().hex
    with start(trained_model, tmp_path, port) as killed:
        token = new_session(killed.url)
        async with connected(killed.url, token) as client:
            first = await client.say("不可切除，3枚，最大2.8cm", name)
            os.kill(killed.pid, signal.SIGKILL)
            with pytest.raises(websockets.exceptions.ConnectionClosed):
                await client.say("RAS 突变", later)
    with start(trained_model, tmp_path, port) as back:
        async with connected(back.url) as client:
            ready = await client.ask(type="hello", token=token, after=name)
            assert ready["turns"] == [], "the client has had this answer"
            assert ready["case"]["facts"]["lesion_count"] == 3
            assert (await client.say("不可切除，3枚，最大2.8cm", name))["turn"] == first["turn"]
            answer = await client.say("RAS 突变", later)
            assert answer["case"]["facts"]["ras"] == "mutant"
            button = next(b for m in first["turn"]["messages"] for b in m.get("buttons", ()))
            assert (await client.ask(type="press", id=uuid.uuid4().hex, button=button["id"]))["type"] == "turn"
            ready = await client.ask(type="hello", token=token)
    assert [turn["text"] for turn in ready["turns"]] == ["不可切除，3枚，最大2.8cm", "RAS 突变", button["title"]]


async def test_quick_replies_carry_opaque_names_that_only_their_session_knows(server: str) -> None:
    async with connected(server, new_session(server)) as one, connected(server, new_session(server)) as other:
        answer = await one.say("unresectable, two liver mets")
        buttons = [b for m in answer["turn"]["messages"] for b in m.get("buttons", ())]
        assert buttons
        assert all(set(b) == {"title", "id"} and len(b["id"]) == 16 for b in buttons)
        refused = await other.ask(type="press", id=uuid.uuid4().hex, button=buttons[0]["id"])
        assert refused["code"] == "no_such_button"
        pressed = await one.ask(type="press", id=uuid.uuid4().hex, button=buttons[0]["id"])
    assert pressed["turn"]["text"] == buttons[0]["title"]
    assert pressed["case"]["facts"]["chemotherapy_status"] == "none"


@pytest.mark.parametrize("payload", ["/restart", '/inform{"ras": "mutant"}', "/session_start", "/back"])
async def test_a_typed_slash_is_plain_text(server: str, payload: str) -> None:
    answers = []
    for text in (payload, payload.removeprefix("/")):
        async with connected(server, new_session(server)) as client:
            await client.say("unresectable")
            answers.append(await client.say(text))
    with_slash, without = answers
    assert with_slash["turn"]["text"] == payload
    assert texts(with_slash) == texts(without)
    assert with_slash["case"] == without["case"]


async def test_facts_are_put_right_in_the_panel_like_in_a_sentence(server: str) -> None:
    async with connected(server, new_session(server)) as client:

        async def edit(fact: str, value: Any, **more: Any) -> dict[str, Any]:
            return await client.ask(type="edit", id=uuid.uuid4().hex, fact=fact, value=value, lang="en", **more)

        answer = await client.say("unresectable, two liver mets, RAS wt")
        answer = await edit("ras", "mutant")
        assert "Corrected: RAS wild type → RAS mutant" in texts(answer)
        assert answer["turn"]["text"] == answer["case"]["words"]["ras"] == "RAS mutant"
        answer = await edit("largest_lesion_cm", 2.5)
        assert answer["case"]["facts"]["largest_lesion_cm"] == 2.5
        answer = await edit("ras", None)
        assert "ras" not in answer["case"]["facts"]
        assert answer["case"]["unknown"] == []
        answer = await edit("braf", None, unknown=True)
        assert answer["case"]["unknown"] == ["braf"]
        for fact, value in (("lesion_count", 2.5), ("lesion_count", 0), ("ras", "maybe"), ("mood", 1), ("ras", True)):
            assert (await edit(fact, value))["code"] == "bad_frame", (fact, value)
        answer = await client.say("case so far")
    assert "2.5 cm" in texts(answer)


async def test_the_language_can_be_chosen(server: str) -> None:
    async with connected(server, new_session(server)) as client:
        await client.say("unresectable, two liver mets")
        answer = await client.ask(type="language", id=uuid.uuid4().hex, lang="zh")
        assert answer["case"]["lang"] == "zh"
        assert "中文" in texts(answer)
        assert (await client.say("RAS wt"))["case"]["lang"] == "zh"


async def test_sessions_are_issued_by_the_server_alone(server: str) -> None:
    tokens = {new_session(server) for _ in range(3)}
    assert len(tokens) == 3
    token = tokens.pop()
    number, signature = token.split(".")
    forged = Sessions(b"a guess").issue()
    async with connected(server) as client:
        assert (await client.say("unresectable"))["code"] == "no_session"
        for wrong in ("", ".", "me", forged, f"{number}.", f"{number}x.{signature}", token + "x", "a.b.c", "结直肠.癌"):
            assert (await client.ask(type="hello", token=wrong))["code"] == "no_session", wrong
        assert (await client.ask(type="hello", token=token))["type"] == "ready"


async def test_other_sessions_and_the_rest_channel_do_not_reach_a_conversation(running: Server) -> None:
    token = new_session(running.url)
    async with connected(running.url, token) as one, connected(running.url, new_session(running.url)) as other:
        await one.say("unresectable, 2 liver mets")
        assert "unresectable" not in texts(await other.say("case so far"))
    database = running.log.parent / "conversations.db"
    with sqlite3.connect(database) as connection:
        names = [name for (name,) in connection.execute("select distinct sender_id from events")]
        stored = "".join(data for (data,) in connection.execute("select data from events"))
    sessions = [name for name in names if name.startswith("session:")]
    assert sessions
    assert token not in stored
    assert token not in running.log.read_text()
    for name in sessions:
        refused = httpx.post(f"{running.url}/webhooks/rest/webhook", json={"sender": name, "message": "case so far"})
        assert refused.status_code == 422
        assert "token" in refused.json()["error"]["problems"][0]["message"]


async def test_an_ended_session_is_forgotten(running: Server) -> None:
    token = new_session(running.url)
    marker = f"unresectable, two liver mets, case {uuid.uuid4().hex}"
    async with connected(running.url, token) as client:
        await client.say(marker)
        assert (await client.ask(type="end"))["type"] == "ended"
        assert (await client.say("hello"))["code"] == "no_session"
        ready = await client.ask(type="hello", token=token)
        assert ready["turns"] == []
        assert ready["case"]["facts"] == {}
        assert "two" not in texts(await client.say("case so far"))
    with sqlite3.connect(running.log.parent / "conversations.db") as connection:
        assert not [1 for (data,) in connection.execute("select data from events") if marker in data]


async def test_what_is_no_frame_is_refused_and_the_connection_stays(server: str) -> None:
    async with connected(server, new_session(server)) as client:
        for wrong in ("", "hello", "[]", "null", "7", '{"type": "dance"}', '{"type": "say", "text": "x"}', '{"type"'):
            await client.socket.send(wrong)
            assert json.loads(await client.socket.recv())["code"] == "bad_frame", wrong
        await client.socket.send(b"\x00\xff")
        assert json.loads(await client.socket.recv())["code"] == "bad_frame"
        assert (await client.say("x" * 300_000))["code"] == "too_large"
        wrong_name = await client.ask(type="say", id="a b", text="RAS wt")
        assert (wrong_name["code"], wrong_name["id"]) == ("bad_frame", "a b")
        assert (await client.ask(type="ping"))["type"] == "pong"
        assert "8000" in texts(await client.say("x" * 10_000))
        half = await client.say("hello \ud83d")
        assert half["turn"]["text"] == "hello ?"
        assert (await client.say("  "))["type"] == "turn"


def test_pages_of_other_servers_cannot_connect_unless_they_are_allowed() -> None:
    allowed = ("https://portal.example",)
    assert may_connect(None, "crlm.example", ())
    assert may_connect("https://crlm.example:8000", "crlm.example:8000", ())
    assert may_connect("https://portal.example", "crlm.example", allowed)
    for origin in ("https://crlm.example", "http://portal.example", "null", "", "https://portal.example.evil.example"):
        assert not may_connect(origin, "crlm.example:8000", allowed), origin


async def test_a_foreign_page_is_refused(server: str) -> None:
    with pytest.raises(websockets.exceptions.InvalidStatusCode):
        async with connected(server, Origin="https://evil.example"):
            pass
