"""One's own conversation over HTTP and over the connection of a session."""

from __future__ import annotations

import uuid
from typing import Any

import httpx
import pytest

from tests.bot.server.test_session_connection import connected, new_session, texts


def call(server: str, what: str, **content: Any) -> httpx.Response:
    return httpx.post(f"{server}/api/conversation/{what}", json=content, timeout=60)


def say(server: str, sender: str, message: str) -> list[dict[str, Any]]:
    content = {"sender": sender, "message": message}
    answer: list[dict[str, Any]] = httpx.post(f"{server}/webhooks/rest/webhook", json=content, timeout=60).json()
    return answer


@pytest.fixture
def sender() -> str:
    return uuid.uuid4().hex


def test_a_sender_gets_rates_and_deletes(server: str, sender: str) -> None:
    say(server, sender, "患者张三，男，不可切除，2枚")
    assert call(server, "feedback", sender=sender, helpful=False, reason="找李四主任").json() == {"done": True}
    answer = call(server, "export", sender=sender)
    assert answer.headers["cache-control"] == "no-store"
    data = answer.json()
    assert data["messages"][0]["message"] == "患者[姓名]，男，不可切除，2枚"
    assert data["case"]["facts"] == {"resectability": "unresectable", "lesion_count": 2}
    assert (data["feedback"][0]["helpful"], data["feedback"][0]["reason"]) == (False, "找[姓名]主任")
    assert data["audit"][0]["channel"] == "rest"
    assert call(server, "delete", sender=sender).json() == {"done": True}
    gone = call(server, "export", sender=sender).json()
    assert (gone["messages"], gone["case"]["facts"], gone["feedback"], gone["audit"]) == ([], {}, [], [])


async def test_a_session_gets_rates_and_deletes_by_its_token(server: str) -> None:
    token = new_session(server)
    async with connected(server, token) as client:
        turn = (await client.say("Mr Smith, unresectable, 2 liver mets"))["turn"]
        assert turn["text"] == "Mr [name], unresectable, 2 liver mets"
        assert call(server, "feedback", token=token, answer=turn["id"], helpful=True).status_code == 200
        data = call(server, "export", token=token).json()
        assert data["feedback"][0]["helpful"] is True
        assert token not in str(data)
        assert call(server, "delete", token=token).status_code == 200
        after = await client.say("case so far")
        assert after["case"]["facts"] == {}
        assert len(call(server, "export", token=token).json()["messages"]) == 1


async def test_a_session_is_deleted_in_words(server: str) -> None:
    token = new_session(server)
    async with connected(server, token) as client:
        await client.say("unresectable, 2 liver mets")
        asked = await client.say("delete my conversation")
        button = asked["turn"]["messages"][-1]["buttons"][0]["id"]
        done = await client.ask(type="press", id=uuid.uuid4().hex, button=button)
        assert done["deleted"] is True
        assert "is deleted" in texts(done)
        assert done["case"]["facts"] == {}
        assert call(server, "export", token=token).json()["messages"] == []
        assert "deleted" not in await client.say("unresectable")
    async with connected(server) as other:
        ready = await other.ask(type="hello", token=token)
        assert [turn["text"] for turn in ready["turns"]] == ["unresectable"]


@pytest.mark.parametrize(
    ("what", "content", "status"),
    [
        ("export", {"token": "made-up.token"}, 404),
        ("delete", {"token": "made-up.token"}, 404),
        ("feedback", {"token": "made-up.token", "helpful": True}, 404),
        ("feedback", {"sender": "nobody-has-this-name", "helpful": True}, 404),
        ("export", {}, 422),
        ("export", {"token": "a", "sender": "b"}, 422),
        ("export", {"sender": "session:whatever"}, 422),
        ("feedback", {"sender": "someone"}, 422),
    ],
)
def test_others_get_nothing(server: str, what: str, content: dict[str, Any], status: int) -> None:
    answer = call(server, what, **content)
    assert answer.status_code == status
    assert "error" in answer.json()


def test_an_answer_of_another_conversation_cannot_be_rated(server: str, sender: str) -> None:
    say(server, sender, "不可切除")
    assert call(server, "feedback", sender=sender, answer="another", helpful=True).status_code == 404


def test_asking_without_a_conversation_reads_the_question_as_it_was_cleaned(server: str) -> None:
    question = {"question": "Mr Smith asks: 5-year survival after SRFA?"}
    assert httpx.post(f"{server}/api/ask", json=question, timeout=60).json()["kind"] == "answer"
