"""Who comes in when others can reach the server, and that it does not start without secrets there."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import websockets
from fastapi.testclient import TestClient
from starlette.datastructures import Headers
from websockets.exceptions import InvalidStatusCode

from bot.server.__main__ import main
from bot.server.access import COOKIE, GOOD_FOR, Access, is_public_name
from bot.server.app import create_app
from bot.server.assistant import Assistant
from bot.server.settings import Settings, SettingsError
from bot.server.startup import Startup
from tests.bot.server.test_app import Agent
from tests.running import ACCESS_CODE, ACCESS_TOKEN, Server
from tests.sessions import Client

BEARER = {"Authorization": f"Bearer {ACCESS_TOKEN}"}
WHSEC = "whsec_" + "QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFB"


@pytest.fixture(scope="module")
def closed() -> Iterator[TestClient]:
    """An application with secrets and a stand-in for the assistant."""
    environ = {
        "ACCESS_TOKEN": ACCESS_TOKEN,
        "ACCESS_CODE": ACCESS_CODE,
        "CLIENT_RATE": "1000",
        "CREDENTIALS": "/nowhere",
        "WEBHOOK_SECRET": WHSEC,
        "WEBHOOK_ANSWER_URL": "http://127.0.0.1:9/answers",
        "TRACKER_STORE_URL": "sqlite://",
    }
    startup = Startup(lambda _: Assistant(Agent()))
    app = create_app(Settings.from_environment(environ), startup=startup)
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


def test_everything_but_the_public_parts_wants_a_secret(closed: TestClient) -> None:
    described = closed.get("/openapi.json", headers=BEARER).json()["paths"]
    addresses = [(method, path) for path, methods in described.items() for method in methods]
    assert len(addresses) > 12
    for method, path in [
        *addresses,
        ("get", "/docs"),
        ("get", "/openapi.json"),
        ("get", "/nothing"),
        ("get", "//health"),
    ]:
        expected = 200 if path.startswith("/health") else 401
        for wrong in (
            {},
            {"Authorization": f"Bearer {ACCESS_TOKEN[:-1]}"},
            {"Authorization": "Bearer"},
            {COOKIE: "1.x"},
        ):
            answer = closed.request(method, path, headers=wrong)
            assert answer.status_code == expected, (method, path, wrong)
        if expected == 401:
            assert answer.headers["www-authenticate"] == "Bearer"
            assert answer.json()["error"]["code"] == "unauthorized"
            assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
            assert closed.request(method, path, headers=BEARER).status_code != 401


def test_what_is_public_is_the_widget_the_login_and_the_health(closed: TestClient) -> None:
    for path in ("/health", "/login", "/login/login.css", "/widget/crlm-assistant.js"):
        assert closed.get(path).status_code == 200, path
    for path in ("/widget/../openapi.json", "/widget/%2e%2e/openapi.json", "/login/../api/therapies", "/health/"):
        assert closed.get(path).status_code in (401, 404), path


def test_deliveries_of_platforms_are_checked_by_their_signature(closed: TestClient) -> None:
    for _ in range(50):
        if closed.post("/webhooks/generic/webhook", content=b"{}").status_code != 503:
            break
        time.sleep(0.1)
    assert closed.post("/webhooks/generic/webhook", content=b"{}").text == "refused"
    assert closed.post("/webhooks/generic/other", content=b"{}").status_code == 401
    assert closed.post("/webhooks/callback/webhook", content=b"{}").status_code == 401


def test_a_connection_wants_a_secret_too(closed: TestClient) -> None:
    from starlette.testclient import WebSocketDenialResponse

    with pytest.raises(WebSocketDenialResponse) as refused, closed.websocket_connect("/ws"):
        pass
    assert refused.value.status_code == 401
    with closed.websocket_connect("/ws", headers=dict(BEARER)) as socket:
        socket.send_json({"type": "ping"})
        assert socket.receive_json() == {"type": "pong"}


def test_a_page_leads_to_the_login_and_the_login_to_the_page(closed: TestClient) -> None:
    html = {"accept": "text/html,*/*"}
    led = closed.get("/", headers=html, follow_redirects=False)
    assert (led.status_code, led.headers["location"]) == (303, "/login")
    assert "form-action 'self'" in closed.get("/login").headers["content-security-policy"]
    for code in ("", "wrong", ACCESS_TOKEN, ACCESS_CODE + "x", "访问码"):
        wrong = closed.post("/login", data={"code": code}, follow_redirects=False)
        assert wrong.headers["location"] == "/login#wrong", code
        assert "set-cookie" not in wrong.headers
    entered = closed.post("/login", data={"code": ACCESS_CODE}, follow_redirects=False)
    assert (entered.status_code, entered.headers["location"]) == (303, "/")
    given = entered.headers["set-cookie"].lower()
    assert "httponly" in given
    assert "samesite=lax" in given
    assert ACCESS_CODE not in given
    assert closed.get("/", headers=html).status_code == 200
    assert closed.post("/api/options", json={}).status_code == 200
    closed.cookies.clear()


def test_over_tls_the_cookie_stays_there(closed: TestClient) -> None:
    over_tls = TestClient(closed.app, base_url="https://crlm.example")
    entered = over_tls.post("/login", data={"code": ACCESS_CODE}, follow_redirects=False)
    assert "secure" in entered.headers["set-cookie"].lower()
    assert "max-age=" in entered.headers["strict-transport-security"]
    assert "strict-transport-security" not in closed.get("/health").headers


def test_guessing_the_code_gets_slow(closed: TestClient) -> None:
    tried = [
        closed.post("/login", data={"code": str(n)}, follow_redirects=False).headers["location"] for n in range(20)
    ]
    assert tried[-1] == "/login#wait"
    right = closed.post("/login", data={"code": ACCESS_CODE}, follow_redirects=False)
    assert "set-cookie" not in right.headers


def test_a_cookie_cannot_be_made_changed_or_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    access = Access(ACCESS_TOKEN, ACCESS_CODE)

    def lets_in(value: str, by: Access = access) -> bool:
        return by.lets_in(Headers({"cookie": f"a=b; {COOKIE}={value}"}))

    good = access.cookie()
    until, _, signature = good.partition(".")
    assert lets_in(good)
    later = str(int(until) + 1)
    for wrong in (
        "",
        ".",
        until,
        f"{until}.",
        f"{later}.{signature}",
        f".{signature}",
        good + "0",
        good[:-1],
        "².x",
        '"',
    ):
        assert not lets_in(wrong), wrong
    assert not lets_in(good, Access(ACCESS_TOKEN, "another code"))
    assert not lets_in(good, Access("another" + ACCESS_TOKEN, ACCESS_CODE))
    assert not lets_in(Access(ACCESS_TOKEN, None).cookie(), Access(ACCESS_TOKEN, None))
    now = time.time()
    monkeypatch.setattr("bot.server.access.time.time", lambda: now + GOOD_FOR + 1)
    assert not lets_in(good)


def test_without_secrets_public_names_are_not_answered() -> None:
    with TestClient(create_app(Settings(), startup=Startup(lambda _: Assistant(Agent())))) as client:
        for host, status in (("127.0.0.1:8000", 200), ("localhost", 200), ("[::1]:8000", 200), ("evil.example", 421)):
            assert client.get("/api/therapies", headers={"host": host}).status_code == status, host
        body = client.post("/webhooks/rest/webhook", json={}, headers={"host": "evil.example:8000"}).json()
        assert "ACCESS_TOKEN" in body["error"]["message"]


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example:80", "a.b:1", "[evil.example]"])
def test_public_names(host: str) -> None:
    assert is_public_name(host)


@pytest.mark.parametrize(
    "host", ["10.1.2.3", "app.localhost:1", "localhost", "assistant:8000", "[::1]:8000", "[fe80::1]"]
)
def test_names_that_cannot_be_public(host: str) -> None:
    assert not is_public_name(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "assistant.example"])  # noqa: S104
def test_on_another_address_it_does_not_start_without_secrets(
    host: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HOST", host)
    monkeypatch.delenv("ACCESS_TOKEN", raising=False)
    assert main() == 1
    said = capsys.readouterr().err
    assert said.startswith(f"HOST={host}: ")
    assert "ACCESS_TOKEN" in said
    assert Settings.from_environment({"HOST": host, "ACCESS_TOKEN": ACCESS_TOKEN}).host == host


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "::1", "localhost"])
def test_on_loopback_it_needs_none(host: str) -> None:
    assert Settings.from_environment({"HOST": host}).access_token is None


@pytest.mark.parametrize(
    ("environ", "said"),
    [
        ({"ACCESS_TOKEN": "short-secret"}, "ACCESS_TOKEN: "),
        ({"ACCESS_TOKEN": "secret" * 10}, "ACCESS_TOKEN: "),
        ({"ACCESS_TOKEN": "a secret " + ACCESS_TOKEN}, "ACCESS_TOKEN: "),
        ({"ACCESS_TOKEN": ACCESS_TOKEN, "ACCESS_CODE": "secret"}, "ACCESS_CODE: "),
        ({"ACCESS_CODE": "secret-ward-7-opens"}, "ACCESS_TOKEN is not"),
        ({"ACCESS_TOKEN_FILE": "/nowhere/secret"}, "ACCESS_TOKEN_FILE=/nowhere/secret: cannot be read"),
        ({"TRUSTED_PROXIES": "proxy.example"}, "TRUSTED_PROXIES=proxy.example: addresses"),
        ({"TRUSTED_PROXIES": "*"}, "TRUSTED_PROXIES=*"),
        ({"MODEL_SHA256": "abc"}, "MODEL_SHA256=abc"),
    ],
)
def test_weak_secrets_are_refused_and_not_repeated(environ: dict[str, str], said: str) -> None:
    with pytest.raises(SettingsError) as told:
        Settings.from_environment(environ)
    assert said in str(told.value)
    if not any(name.endswith("_FILE") for name in environ):
        assert "secret" not in str(told.value).replace("needs a secret", "")


def test_secrets_may_stand_in_files(tmp_path: Path) -> None:
    for name, content in (("token", f"{ACCESS_TOKEN}\n"), ("db", "postgresql://u:p@h/d"), ("slack", "xoxb-1")):
        (tmp_path / name).write_text(content)
    environ: dict[str, Any] = {
        "ACCESS_TOKEN_FILE": str(tmp_path / "token"),
        "TRACKER_STORE_URL_FILE": str(tmp_path / "db"),
        "SLACK_BOT_TOKEN_FILE": str(tmp_path / "slack"),
        "SLACK_SIGNING_SECRET": "s",
    }
    settings = Settings.from_environment(environ)
    assert settings.access_token == ACCESS_TOKEN
    assert settings.tracker_store_url == "postgresql://u:p@h/d"
    assert settings.channels.platforms["slack"].bot_token == "xoxb-1"  # type: ignore[attr-defined]
    with pytest.raises(SettingsError, match="set one of them"):
        Settings.from_environment({**environ, "ACCESS_TOKEN": ACCESS_TOKEN})
    assert ACCESS_TOKEN not in repr(settings)


def test_a_whole_case_over_the_rest_channel_with_the_token(guarded: Server) -> None:
    said: list[dict[str, Any]] = []
    with httpx.Client(base_url=guarded.url, timeout=60, headers=BEARER) as client:
        for text in ("不可切除，肝转移2枚，最大2.5cm，RAS野生型", "没有化疗", "直接看方案"):
            answer = client.post("/webhooks/rest/webhook", json={"sender": "with-the-token", "message": text})
            assert answer.status_code == 200
            said += answer.json()
    kinds = [(part.get("custom") or {}).get("kind") for part in said]
    assert "options" in kinds


async def test_a_whole_conversation_through_a_proxy_that_adds_the_token(guarded: Server) -> None:
    """What a proxy with a login of its own does: it hands on what the page sends, with the token added."""
    token = httpx.post(f"{guarded.url}/api/session", headers=BEARER, timeout=60).json()["token"]
    address = guarded.url.replace("http", "ws") + "/ws"
    with pytest.raises(InvalidStatusCode) as refused:
        async with websockets.connect(address):  # type: ignore[attr-defined]
            pass
    assert refused.value.status_code == 401
    async with websockets.connect(address, extra_headers=BEARER) as socket:  # type: ignore[attr-defined]
        client = Client(socket)
        assert (await client.ask(type="hello", token=token))["type"] == "ready"
        await client.say("unresectable, two liver mets")
        answer = await client.say("show me the options")
    assert answer["case"]["facts"]["lesion_count"] == 2


RASA = """/conversations/x/tracker /conversations/x/messages /conversations/x/execute /conversations/x/predict
/model /model/parse /model/train /model/test/intents /status /version /domain /webhooks/rest /webhooks/callback/"""


@pytest.mark.parametrize("path", RASA.split())
def test_the_interface_of_rasa_is_not_served(guarded: Server, path: str) -> None:
    for method in ("GET", "POST", "PUT", "DELETE"):
        client = {"X-Forwarded-For": f"10.7.{len(path)}.1"}
        answer = httpx.request(method, guarded.url + path, headers={**BEARER, **client}, timeout=60)
        assert answer.status_code in (404, 405), (method, answer.text)
