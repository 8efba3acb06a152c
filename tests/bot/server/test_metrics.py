"""The figures at /metrics, and who may have them."""

from __future__ import annotations

import uuid

import httpx
import pytest
from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families

from bot.server.app import create_app
from bot.server.assistant import Assistant
from bot.server.settings import Settings
from bot.server.startup import Startup
from tests.bot.server.test_app import Agent
from tests.running import Server
from tests.sessions import connected, new_session

TOKEN = "a-token-for-the-figures"

Samples = dict[tuple[str, tuple[tuple[str, str], ...]], float]


def samples(server: str) -> Samples:
    """All samples by name and labels."""
    text = httpx.get(f"{server}/metrics", timeout=30).raise_for_status().text
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def grown(before: Samples, after: Samples, name: str, **labels: str) -> float:
    """By how much a sample has grown."""
    key = (name, tuple(sorted(labels.items())))
    return after.get(key, 0.0) - before.get(key, 0.0)


async def test_turns_declines_and_stores_are_counted(running: Server) -> None:
    before = samples(running.url)
    sender = uuid.uuid4().hex

    def post(message: str) -> None:
        httpx.post(f"{running.url}/webhooks/rest/webhook", json={"sender": sender, "message": message}, timeout=60)

    post("unresectable, 2 liver mets")
    post("今天天气怎么样")
    async with connected(running.url, new_session(running.url)) as client:
        await client.say("不可切除，3枚")
        during = samples(running.url)
    after = samples(running.url)
    assert grown(before, after, "crlm_turn_seconds_count", channel="rest", language="en") == 1
    assert grown(before, after, "crlm_turn_seconds_count", channel="rest", language="zh") == 1
    assert grown(before, after, "crlm_turn_seconds_count", channel="widget", language="zh") == 1
    assert grown(before, after, "crlm_declines_total", channel="rest", language="zh", reason="out_of_scope") == 1
    assert grown(before, after, "crlm_store_seconds_count", store="conversations", call="write") == 3
    assert grown(before, after, "crlm_http_responses_total", status="200") >= 3
    assert grown(before, during, "crlm_widget_connections") == 1
    assert after["crlm_turns_in_progress", ()] == 0
    assert after["crlm_ready", ()] == 1
    assert after["process_resident_memory_bytes", ()] > 1e8
    channels = {dict(labels)["channel"] for _, labels in after if "channel" in dict(labels)}
    assert channels <= {"rest", "widget"}
    assert sender not in str(after)


def test_only_this_machine_may_have_them_unless_there_is_a_token(running: Server) -> None:
    for proxied in ("X-Forwarded-For", "X-Real-IP", "Forwarded"):
        assert httpx.get(f"{running.url}/metrics", headers={proxied: "127.0.0.1"}).status_code == 404
    app = create_app(Settings(metrics_token=TOKEN), startup=Startup(lambda _: Assistant(Agent())))
    with TestClient(app) as client:
        assert client.get("/metrics").status_code == 404
        assert client.get("/metrics", headers={"Authorization": "Bearer wrong"}).status_code == 404
        answer = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
        assert answer.status_code == 200
        assert "crlm_turns_in_progress" in answer.text
    with TestClient(create_app(Settings(), startup=Startup(lambda _: Assistant(Agent())))) as client:
        assert client.get("/metrics").status_code == 404, "a client that is not on loopback"


def test_a_turn_that_fails_is_counted_by_its_cause(caplog: pytest.LogCaptureFixture) -> None:
    import redis

    from bot.server.metrics import REGISTRY

    def count(cause: str) -> float:
        return REGISTRY.get_sample_value("crlm_errors_total", {"cause": cause}) or 0.0

    def fails(error: Exception) -> Assistant:
        def fail(_: object) -> None:
            raise error

        return Assistant(Agent(fail))

    for cause, error, said in (
        ("turn", ValueError("x"), "went wrong"),
        ("stores", redis.ConnectionError("x"), "cannot be reached"),
    ):
        assistant, before = fails(error), count(cause)
        with TestClient(create_app(Settings(), startup=Startup(lambda _, made=assistant: made))) as client:
            body = {"sender": "someone", "message": "unresectable"}
            answer = client.post("/webhooks/rest/webhook", json=body)
        assert said in answer.text
        assert count(cause) == before + 1
