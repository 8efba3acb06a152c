"""The application without a model: what it says while it is loading, when it failed, and when something fails."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from bot.server.app import create_app
from bot.server.assistant import Assistant
from bot.server.model_file import NoModelError, find_model
from bot.server.settings import Settings
from bot.server.startup import Startup

HELLO = {"sender": "someone", "message": "你好"}


class Processor:
    model_filename = "a-model.tar.gz"


class Agent:
    """Stands for Rasa's agent: does what the test wants."""

    processor = Processor()

    def __init__(self, turn: Callable[[Any], None] = lambda _: None, stores: Callable[[], None] = lambda: None) -> None:
        self.turn = turn
        self.stores = stores
        self.tracker_store = self.lock_store = self

    async def handle_message(self, message: Any) -> None:
        self.turn(message)

    def check(self) -> None:
        self.stores()


@contextmanager
def application(load: Callable[[Callable[[str], None]], Assistant]) -> Iterator[TestClient]:
    """A client of the application, once loading has ended."""
    done = threading.Event()
    app = create_app(Settings(credentials=Path("/nowhere")), startup=Startup(load, lambda _: done.set()))
    with TestClient(app, raise_server_exceptions=False) as client:
        done.wait(10)
        yield client


def fails(error: Exception) -> Callable[..., Any]:
    def fail(*_: Any) -> Any:
        raise error

    return fail


def test_while_it_is_loading_health_says_what_is_being_done() -> None:
    go_on = threading.Event()

    def load(report: Callable[[str], None]) -> Assistant:
        report("reading the model")
        go_on.wait(10)
        return Assistant(Agent())

    with TestClient(create_app(Settings(), startup=Startup(load))) as client:
        answer = client.get("/health")
        go_on.set()
        assert answer.status_code == 503
        assert "reading the model" in answer.json()["error"]["message"]
        assert client.get("/api/therapies").status_code == 200


def test_a_message_waits_for_the_assistant() -> None:
    def load(_: Any) -> Assistant:
        threading.Event().wait(0.3)
        return Assistant(Agent())

    with TestClient(create_app(Settings(), startup=Startup(load))) as client:
        assert client.post("/webhooks/rest/webhook", json=HELLO).status_code == 200
        assert client.get("/health").json()["model"] == "a-model.tar.gz"


def test_without_a_model_the_reason_is_told(tmp_path: Path) -> None:
    with application(lambda _: find_model(tmp_path)) as client:  # type: ignore[arg-type, return-value]
        for answer in (client.get("/health"), client.post("/webhooks/rest/webhook", json=HELLO)):
            assert answer.status_code == 503
            assert answer.json()["error"]["code"] == "unavailable"
            assert "python -m bot.train" in answer.json()["error"]["message"]


def test_how_loading_failed_stays_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    with application(fails(RuntimeError("secret path"))) as client:
        answer = client.get("/health")
    assert answer.status_code == 503
    assert "secret" not in answer.text
    assert "secret path" in caplog.text


def test_health_asks_the_stores(caplog: pytest.LogCaptureFixture) -> None:
    with application(lambda _: Assistant(Agent(stores=fails(OSError("connection to secret-host refused"))))) as client:
        answer = client.get("/health")
    assert answer.status_code == 503
    assert "stores" in answer.json()["error"]["message"]
    assert "secret" not in answer.text
    assert "secret-host" in caplog.text


@pytest.mark.parametrize(("message", "lang"), [("不可切除", "zh"), ("unresectable", "en")])
@pytest.mark.parametrize("turn", [fails(ValueError("secret")), lambda _: None], ids=["an exception", "silence"])
def test_a_turn_that_fails_is_answered_in_words_with_a_reference(
    turn: Callable[[Any], None], message: str, lang: str, caplog: pytest.LogCaptureFixture
) -> None:
    with application(lambda _: Assistant(Agent(turn))) as client:
        answer = client.post("/webhooks/rest/webhook", json={"sender": "s", "message": message})
    assert answer.status_code == 200
    (said,) = answer.json()
    assert said["custom"]["kind"] == "decline"
    assert said["custom"]["lang"] == lang
    assert "secret" not in answer.text
    reference = caplog.records[-1].args
    assert isinstance(reference, tuple)
    assert str(reference[0]) in said["text"]


def test_what_nobody_foresaw_is_a_500_with_a_reference(caplog: pytest.LogCaptureFixture) -> None:
    broken = create_app(Settings(), questions=fails(ValueError("secret")), startup=Startup(fails(NoModelError(""))))
    with TestClient(broken, raise_server_exceptions=False) as client:
        answer = client.post("/api/ask", json={"question": "SRFA?"})
    assert answer.status_code == 500
    assert answer.json()["error"]["code"] == "failed"
    assert "secret" not in answer.text
    assert answer.json()["error"]["message"].rsplit(" ", 1)[-1] in caplog.text


def test_half_characters_are_no_reason_to_fail() -> None:
    heard: list[str] = []
    with application(lambda _: Assistant(Agent(lambda message: heard.append(message.text)))) as client:
        body = rb'{"sender": "s", "message": "RAS \ud83d mutant"}'
        client.post("/webhooks/rest/webhook", content=body, headers={"Content-Type": "application/json"})
    assert heard == ["RAS ? mutant"]


def test_configured_connectors_are_served_beside_our_own_routes(tmp_path: Path) -> None:
    credentials = tmp_path / "credentials.yml"
    credentials.write_text("rest:\ncallback:\n  url: http://127.0.0.1:9/bot\n")
    heard: list[str] = []
    startup = Startup(lambda _: Assistant(Agent(lambda message: heard.append(message.text))))
    with TestClient(create_app(Settings(credentials=credentials), startup=startup)) as client:
        assert client.get("/webhooks/callback/").json() == {"status": "ok"}
        sent = client.post("/webhooks/callback/webhook", json={"sender": "s", "message": "over the connector"})
        assert sent.text == "success"
        assert client.post("/webhooks/rest/webhook", json={"sender": "s", "message": ""}).status_code == 200
    assert heard == ["over the connector", ""]


def test_connectors_between_people_do_not_show_the_data_for_programs(tmp_path: Path) -> None:
    from bot.server.connectors import _WithoutRawData

    class Output:
        shown: list[str] = []  # noqa: RUF012 - one instance

        async def send_custom_json(self, _: str, data: dict[str, Any]) -> None:
            self.shown.append(str(data))

    class Message:
        output_channel = Output()
        text = "hello"

    async def answer(message: Any) -> None:
        await message.output_channel.send_custom_json("someone", {"kind": "options"})

    agent = Agent()
    agent.handle_message = answer  # type: ignore[method-assign]
    asyncio.run(_WithoutRawData(agent).handle_message(Message()))
    assert Output.shown == []
