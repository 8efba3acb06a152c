"""What is too much is refused early and in words, and the others are answered meanwhile."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import websockets
from starlette.testclient import TestClient, WebSocketDenialResponse
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from bot.server.app import create_app
from bot.server.limits import TURNS, TURNS_OF_ONE, Buckets, Limits, OverloadError, Slots, client_of
from bot.server.settings import Settings
from bot.server.startup import Startup
from tests.bot.server.test_access import BEARER
from tests.running import Server
from tests.sessions import Client

WEBHOOK = "/webhooks/rest/webhook"


def test_a_bucket_gives_a_burst_and_then_so_many_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    monkeypatch.setattr("bot.server.limits.time.monotonic", lambda: now)
    buckets = Buckets(rate=2.0, burst=3.0)
    for _ in range(3):
        buckets.take("one")
    with pytest.raises(OverloadError) as refused:
        buckets.take("one")
    assert refused.value.status_code == 429
    assert refused.value.headers == {"Retry-After": "1"}
    buckets.take("another")
    now += 0.5
    buckets.take("one")
    assert buckets.wait("one") == pytest.approx(0.5)
    now += 3600
    assert [buckets.wait("one") for _ in range(4)] == [0.0, 0.0, 0.0, 0.5]


def test_clients_that_are_silent_are_forgotten() -> None:
    buckets = Buckets(rate=0.001, burst=1.0)
    for number in range(20_000):
        buckets.wait(f"client {number}")
    assert len(buckets._levels) == 10_000
    assert buckets.wait("client 19999") > 0
    assert buckets.wait("client 0") == 0


def test_slots_are_given_back_whatever_happens() -> None:
    slots = Slots(3, 2)
    with slots.taken("one"), slots.taken("one"):
        with pytest.raises(OverloadError) as own, slots.taken("one"):
            pass
        with slots.taken(None), pytest.raises(OverloadError) as all_of_them, slots.taken("another"):
            pass
    assert (own.value.status_code, all_of_them.value.status_code) == (429, 503)
    with pytest.raises(ValueError, match="x"), slots.taken("one"):
        raise ValueError("x")
    with slots.taken("one"), slots.taken("one"), slots.taken("another"):
        pass
    assert not slots._taken


def test_a_machine_does_not_become_many_by_its_ipv6_addresses() -> None:
    one, two, other = ({"client": (f"2001:db8:{net}::{host}", 1)} for net, host in (("1", "a"), ("1", "b"), ("2", "a")))
    assert client_of(one) == client_of(two) != client_of(other)
    assert client_of({"client": ("10.0.0.1", 1)}) == "10.0.0.1"
    assert client_of({"client": None}) == ""


class Waiting:
    """An assistant whose turns take until they are let go."""

    def __init__(self) -> None:
        self.go_on = asyncio.Event()
        self.begun = 0

    async def answer(self, sender: str, *_: Any) -> list[dict[str, Any]]:
        self.begun += 1
        await self.go_on.wait()
        return [{"recipient_id": sender, "text": "done"}]

    async def check(self) -> None:
        """The stores answer."""

    model = "a model"


@asynccontextmanager
async def application(**settings: Any) -> AsyncIterator[tuple[httpx.AsyncClient, Waiting]]:
    assistant = Waiting()
    app = create_app(
        Settings(credentials=Path("/nowhere"), **settings),
        startup=Startup(lambda _: assistant),  # type: ignore[arg-type, return-value]
    )
    transport = httpx.ASGITransport(app, client=("10.0.0.1", 1))
    async with app.router.lifespan_context(app), httpx.AsyncClient(transport=transport, base_url="http://x") as client:
        while (await client.get("/health")).status_code != 200:
            await asyncio.sleep(0.01)
        yield client, assistant


async def say(client: httpx.AsyncClient, sender: str) -> httpx.Response:
    return await client.post(WEBHOOK, json={"sender": sender, "message": "hello"}, headers=dict(BEARER))


async def test_beyond_what_can_be_answered_soon_everything_is_refused_at_once() -> None:
    async with application() as (client, assistant):
        tasks = [asyncio.create_task(say(client, f"sender {n}")) for n in range(TURNS + 20)]
        refused = [await task for task in tasks[TURNS:]]
        assert {answer.status_code for answer in refused} == {503}
        assert all(int(answer.headers["retry-after"]) >= 1 for answer in refused)
        assert refused[0].json()["error"]["code"] == "unavailable"
        assert (await client.get("/health")).status_code == 200
        assert assistant.begun == TURNS
        assistant.go_on.set()
        assert {(await task).status_code for task in tasks[:TURNS]} == {200}
        assert (await say(client, "afterwards")).status_code == 200


async def test_one_conversation_does_not_take_the_room_of_the_others() -> None:
    async with application(access_token=BEARER["Authorization"][7:]) as (client, assistant):
        tasks = [asyncio.create_task(say(client, "the same")) for _ in range(TURNS_OF_ONE + 5)]
        refused = [await task for task in tasks[TURNS_OF_ONE:]]
        assert {answer.status_code for answer in refused} == {429}
        other = asyncio.create_task(say(client, "another"))
        await asyncio.sleep(0)
        assistant.go_on.set()
        assert (await other).status_code == 200
        assert {(await task).status_code for task in tasks[:TURNS_OF_ONE]} == {200}


async def test_a_conversation_in_which_too_much_is_said_is_slowed_down() -> None:
    async with application(access_token=BEARER["Authorization"][7:]) as (client, assistant):
        assistant.go_on.set()
        statuses: list[int] = []
        while len(statuses) < 500 and 429 not in statuses:
            statuses.append((await say(client, "the same")).status_code)
        assert statuses[:20] == [200] * 20
        assert statuses[-1] == 429, "two a second in the long run"
        assert (await say(client, "another")).status_code == 200


async def test_a_client_that_asks_too_much_is_refused_and_another_is_not() -> None:
    app = ProxyHeadersMiddleware(closed(client_rate=1.0), trusted_hosts=["10.0.0.0/24"])

    async def ask(client: str, proxy: str = "10.0.0.1") -> httpx.Response:
        transport = httpx.ASGITransport(app, client=(proxy, 1))  # type: ignore[arg-type]
        async with httpx.AsyncClient(transport=transport, base_url="http://x") as http:
            return await http.get("/api/therapies", headers={**BEARER, "X-Forwarded-For": client})

    answers = [await ask("10.1.1.1") for _ in range(12)]
    assert [answer.status_code for answer in answers[:8]] == [200] * 8
    refused = answers[-1]
    assert refused.status_code == 429
    assert int(refused.headers["retry-after"]) >= 1
    assert refused.json()["error"]["code"] == "too_many"
    assert refused.headers["content-security-policy"]
    assert (await ask("10.1.1.2")).status_code == 200
    assert (await ask("10.1.1.7, 10.1.1.1")).status_code == 429, "what a client itself writes there does not count"
    assert (await ask("10.1.1.1", proxy="10.9.9.9")).status_code == 200, "nor what a stranger says of others"


def test_a_client_has_so_many_connections_and_the_next_one_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.server.limits.CONNECTIONS_OF_ONE", 3)
    monkeypatch.setattr("bot.server.limits.CONNECTIONS", 4)
    app = closed()
    with ExitStack() as opened:
        client, other, third = (
            TestClient(app, client=(host, 1), headers=dict(BEARER)) for host in ("10.2.2.1", "10.2.2.2", "10.2.2.3")
        )
        sockets = [opened.enter_context(client.websocket_connect("/ws")) for _ in range(3)]
        with pytest.raises(WebSocketDenialResponse) as refused, client.websocket_connect("/ws"):
            pass
        assert refused.value.status_code == 429
        assert int(refused.value.headers["retry-after"]) >= 1
        last = opened.enter_context(other.websocket_connect("/ws"))
        last.send_json({"type": "ping"})
        assert last.receive_json() == {"type": "pong"}
        with pytest.raises(WebSocketDenialResponse) as full, third.websocket_connect("/ws"):
            pass
        assert full.value.status_code == 503
        sockets[0].close()
        third.websocket_connect("/ws").__enter__().close()


def closed(**settings: Any) -> Any:
    """An application with secrets, whose assistant is never asked."""
    settings = {"access_token": BEARER["Authorization"][7:], "credentials": Path("/nowhere"), **settings}
    return create_app(Settings(**settings), startup=Startup(lambda _: None))  # type: ignore[arg-type, return-value]


async def test_frames_that_come_too_fast_are_read_more_slowly_and_none_is_lost(guarded: Server) -> None:
    headers = {**BEARER, "X-Forwarded-For": "10.3.3.3"}
    async with websockets.connect(guarded.url.replace("http", "ws") + "/ws", extra_headers=headers) as socket:  # type: ignore[attr-defined]
        client = Client(socket)
        began = time.monotonic()
        for _ in range(100):
            await socket.send('{"type": "ping"}')
        for _ in range(99):
            await socket.recv()
        assert (await client.ask(type="ping"))["type"] == "pong"
    assert time.monotonic() - began > 1.5, "100 frames, 80 at once and 10 a second"


def test_on_one_machine_nobody_is_counted() -> None:
    limits = Limits.local()
    for _ in range(1000):
        limits.clients.take("127.0.0.1")
        limits.conversations.take("one")
