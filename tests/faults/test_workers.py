"""A worker that is killed: nothing that was acknowledged is lost, and nothing is answered twice."""

from __future__ import annotations

import asyncio
import json
import time
import uuid
from typing import Any

import pytest
import websockets

from tests.faults.cluster import Cluster, Worker
from tests.sessions import connected, new_session, texts

FREE_WITHIN = 12.0
"""Seconds until the conversation of a dead worker goes on: its lock is gone after five; the rest is a busy machine."""


async def killed_in_a_turn(worker: Worker, token: str, text: str, name: str) -> None:
    """The worker gets a message, and dies when its turn has reached the place the proxy waits for."""
    async with connected(worker.url, token) as client:
        await client.socket.send(json.dumps({"type": "say", "id": name, "text": text}))
        assert await asyncio.to_thread(worker.database.reached.wait, 30)
        await asyncio.to_thread(worker.kill)
        with pytest.raises(websockets.exceptions.ConnectionClosed):
            await client.socket.recv()


async def told(worker: Worker, token: str) -> list[str]:
    """What was said in a conversation, as another client finds it."""
    async with connected(worker.url) as client:
        ready: dict[str, Any] = await client.ask(type="hello", token=token)
    return [turn["text"] for turn in ready["turns"]]


async def test_one_message_on_two_workers_at_once_is_said_once(shared: Cluster) -> None:
    one, two = shared.workers
    for _ in range(5):
        token, name = new_session(one.url), uuid.uuid4().hex
        async with connected(one.url, token) as here, connected(two.url, token) as there:
            answers = await asyncio.gather(here.say("3 liver mets", name), there.say("3 liver mets", name))
        assert answers[0]["turn"] == answers[1]["turn"]
        assert await told(two, token) == ["3 liver mets"]


async def test_a_conversation_moves_between_workers(shared: Cluster) -> None:
    sender = uuid.uuid4().hex
    for number, text in enumerate(("unresectable", "2 liver mets", "largest 2.5 cm", "RAS wt")):
        shared.workers[number % 2].say(text, sender)
    said = shared.workers[0].say("case so far", sender)
    assert "unresectable · lesions: 2 · largest 2.5 cm" in said
    assert "RAS wild type" in said


@pytest.mark.slow
async def test_killed_before_a_turn_was_kept(shared: Cluster) -> None:
    dying, other = shared.workers
    token, first, second = new_session(dying.url), uuid.uuid4().hex, uuid.uuid4().hex
    async with connected(dying.url, token) as client:
        acknowledged = await client.say("不可切除，3枚，最大2.8cm", first)
    dying.database.hold_before(b"INSERT INTO events")
    await killed_in_a_turn(dying, token, "RAS 突变", second)
    began = time.monotonic()
    async with connected(other.url, token) as client:
        assert (await client.say("不可切除，3枚，最大2.8cm", first))["turn"] == acknowledged["turn"]
        answer = await client.say("RAS 突变", second)
    assert time.monotonic() - began < FREE_WITHIN
    assert answer["case"]["facts"] == {
        "resectability": "unresectable",
        "lesion_count": 3,
        "largest_lesion_cm": 2.8,
        "ras": "mutant",
    }
    assert await told(other, token) == ["不可切除，3枚，最大2.8cm", "RAS 突变"]


@pytest.mark.slow
async def test_killed_after_a_turn_was_kept_and_before_it_was_answered(shared: Cluster) -> None:
    other, dying = shared.workers
    token, name = new_session(dying.url), uuid.uuid4().hex
    dying.database.hold_after(b"COMMIT")
    await killed_in_a_turn(dying, token, "unresectable, 2 liver mets", name)
    assert await told(other, token) == ["unresectable, 2 liver mets"], "it was kept"
    async with connected(other.url, token) as client:
        answer = await client.say("unresectable, 2 liver mets", name)
        assert "Noted: unresectable · lesions: 2" in texts(answer)
        assert (await client.say("largest 2.5 cm"))["case"]["facts"]["lesion_count"] == 2
    assert await told(other, token) == ["unresectable, 2 liver mets", "largest 2.5 cm"]
