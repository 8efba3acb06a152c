"""Attempts at the conversation of somebody else."""

from __future__ import annotations

import random
import sqlite3
import uuid

import httpx
import pytest

from bot.channels.settings import PLATFORMS
from bot.server.bodies import UserMessage
from bot.server.sessions import PREFIX, Sessions
from tests.running import Server
from tests.sessions import connected, new_session, texts

SESSIONS = Sessions(b"the secret of a server")


def test_no_changed_token_leads_anywhere() -> None:
    token = SESSIONS.issue()
    own = SESSIONS.conversation(token)
    assert own
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+/ "
    for place in range(len(token)):
        for letter in letters:
            changed = token[:place] + letter + token[place + 1 :]
            assert SESSIONS.conversation(changed) in ((own,) if changed == token else (None,)), changed
    for place in range(len(token) + 1):
        assert SESSIONS.conversation(token[:place]) in (None, own if place == len(token) else None)
        assert SESSIONS.conversation(token[:place] + "\n" + token[place:]) is None
    assert SESSIONS.conversation(token.upper()) is None
    number, _, signature = token.partition(".")
    other, _, other_signature = SESSIONS.issue().partition(".")
    for mixed in (f"{number}.{other_signature}", f"{other}.{signature}", f"{signature}.{number}", f"{number}.{number}"):
        assert SESSIONS.conversation(mixed) is None


def test_nothing_that_is_shown_or_stored_is_a_token() -> None:
    """The signatures for tokens, conversations and quick replies are of different kinds."""
    token = SESSIONS.issue()
    number = token.partition(".")[0]
    conversation = SESSIONS.conversation(token)
    assert conversation is not None
    name, mark = conversation.removeprefix(PREFIX), SESSIONS.mark(conversation, number)
    for tried in (conversation, name, mark, f"{number}.{name}", f"{number}.{mark}", f"token\n{token}"):
        assert SESSIONS.conversation(tried) is None
    assert Sessions(b"the secret of another server").conversation(token) is None


def test_tokens_cannot_be_foreseen() -> None:
    tokens = {SESSIONS.issue() for _ in range(2000)}
    assert len(tokens) == 2000
    numbers = [token.partition(".")[0] for token in tokens]
    for place in range(len(numbers[0]) - 1):
        assert len({number[place] for number in numbers}) > 50


async def test_a_client_cannot_choose_its_session(server: str) -> None:
    """Fixation: a session that an attacker prepared for somebody else."""
    chosen = random.Random(1).randbytes(18).hex()
    for sent in ({"token": chosen}, {"session": chosen}, {}):
        answer = httpx.post(f"{server}/api/session", json=sent, params=sent, cookies=sent, timeout=60)
        assert chosen not in answer.text
    async with connected(server) as client:
        for token in (chosen, f"{chosen}.{chosen}", PREFIX + chosen):
            assert (await client.ask(type="hello", token=token))["code"] == "no_session"
            assert (await client.say("case so far"))["code"] == "no_session"


async def test_names_of_another_session_are_worthless(server: str) -> None:
    async with connected(server, new_session(server)) as one, connected(server, new_session(server)) as other:
        name = uuid.uuid4().hex
        answer = await one.say("unresectable, 2 liver mets", name)
        button = next(b["id"] for m in answer["turn"]["messages"] for b in m.get("buttons", ()))
        assert (await other.ask(type="press", id=uuid.uuid4().hex, button=button))["code"] == "no_such_button"
        same_name = await other.say("case so far", name)
        assert same_name["turn"]["text"] == "case so far"
        assert "unresectable" not in texts(same_name)
        assert same_name["case"]["facts"] == {}


async def test_a_failed_greeting_does_not_keep_the_former_session_open_to_another(server: str) -> None:
    """A connection is bound to the token it showed last and was right."""
    mine, theirs = new_session(server), new_session(server)
    async with connected(server, theirs) as client:
        await client.say("unresectable, 3 liver mets")
        assert (await client.ask(type="hello", token=mine))["turns"] == []
        assert (await client.say("case so far"))["case"]["facts"] == {}


@pytest.mark.parametrize("platform", PLATFORMS)
def test_conversations_of_platforms_have_names_that_the_rest_channel_refuses(server: str, platform: str) -> None:
    body = {"sender": f"{platform}:{'0' * 32}", "message": "case so far"}
    answer = httpx.post(f"{server}/webhooks/rest/webhook", json=body, timeout=60)
    assert answer.status_code == 422
    assert "platforms" in answer.json()["error"]["problems"][0]["message"]


def test_what_looks_like_a_reserved_name_is_another_conversation(running: Server) -> None:
    """Names are compared as they are, byte for byte, so nothing that passes leads to a reserved one."""
    names = ["Session:x", " session:x", "ｓession:x", "session：x", "sessiоn:x", "session\u200b:x"]
    for name in names:
        assert UserMessage(sender=name, message="x").sender == name
    httpx.post(f"{running.url}/webhooks/rest/webhook", json={"sender": names[0], "message": "hello"}, timeout=60)
    with sqlite3.connect(running.log.parent / "conversations.db") as connection:
        stored = {row[0] for row in connection.execute("select sender_id from events where sender_id like '%ession:x'")}
    assert stored == {names[0]}
