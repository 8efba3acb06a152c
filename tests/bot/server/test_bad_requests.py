"""Requests that no sensible client sends: answered clearly, the conversation intact."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

WEBHOOK = "/webhooks/rest/webhook"
JSON = {"Content-Type": "application/json"}

NOT_JSON = {
    "nothing": b"",
    "half an object": b'{"sender": "x"',
    "words": "不可切除".encode(),
    "not UTF-8": b'{"sender": "x", "message": "\xff\xfe"}',
    "GBK": '{"sender": "x", "message": "不可切除"}'.encode("gbk"),
    "binary": bytes(range(256)),
    "deep": b"[" * 100_000,
    "a number too long to read": b'{"lesion_count": ' + b"9" * 10_000 + b"}",
}
NOT_THE_RIGHT_JSON: dict[str, Any] = {
    "a list": [],
    "null": None,
    "a number": 3,
    "text": "message",
    "empty": {},
    "no sender": {"message": "x"},
    "no message": {"sender": "x"},
    "null message": {"sender": "x", "message": None},
    "a number as message": {"sender": "x", "message": 3},
    "a list as message": {"sender": "x", "message": ["x"]},
    "an empty sender": {"sender": "", "message": "x"},
    "a sender of control characters": {"sender": "a\x00b", "message": "x"},
    "a sender too long to keep": {"sender": "x" * 201, "message": "x"},
}
NO_MESSAGE = {
    "empty": "",
    "blanks": " \n\t",
    "control characters": "\x00\x01\x1b[2J\x7f",
    "100 kB": "肝" * 34_000,
    "mojibake": "ä¸å¯åˆ‡é™¤",
    "emoji": "🙂👍🏽👩‍⚕️",
    "binary as text": bytes(range(256)).decode("latin-1"),
}
COMMANDS = ["/restart", '/inform{"ras": "mutant"}', "/new_patient", " /session_start", '/inform{"lesion_count": "']


@pytest.fixture(scope="module")
def client(server: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server, timeout=60) as client:
        yield client


@pytest.mark.parametrize("address", [WEBHOOK, "/api/options", "/api/ask"])
@pytest.mark.parametrize("body", NOT_JSON.values(), ids=NOT_JSON.keys())
def test_a_body_that_is_not_json_is_a_400(client: httpx.Client, address: str, body: bytes) -> None:
    answer = client.post(address, content=body, headers=JSON)
    assert answer.status_code == (400 if body else 422)
    assert answer.json()["error"]["message"]


@pytest.mark.parametrize("body", NOT_THE_RIGHT_JSON.values(), ids=NOT_THE_RIGHT_JSON.keys())
def test_json_of_another_shape_is_a_422(client: httpx.Client, body: Any) -> None:
    answer = client.post(WEBHOOK, json=body)
    assert answer.status_code == 422
    assert answer.json()["error"]["problems"]


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999", "-1", "0", "1e308", "3.5", "true", '"3"'])
def test_a_number_that_is_none_is_a_422(client: httpx.Client, number: str) -> None:
    answer = client.post("/api/options", content=f'{{"lesion_count": {number}}}', headers=JSON)
    assert answer.status_code == 422
    assert [problem["field"] for problem in answer.json()["error"]["problems"]] == ["lesion_count"]


def test_a_body_of_two_megabytes_is_a_413(client: httpx.Client) -> None:
    answer = client.post(WEBHOOK, json={"sender": "x", "message": "x" * 2_000_000})
    assert answer.status_code == 413
    assert answer.json()["error"]["code"] == "too_large"


def test_a_form_is_a_422(client: httpx.Client) -> None:
    assert client.post(WEBHOOK, data={"sender": "x", "message": "x"}).status_code == 422


@pytest.fixture
def case(client: httpx.Client) -> tuple[str, dict[str, Any]]:
    """A conversation in the middle of the intake, and its facts."""
    sender = uuid4().hex
    return sender, facts_of(client, sender, "不可切除，2个病灶，最大2.5cm")


def facts_of(client: httpx.Client, sender: str, message: str) -> dict[str, Any]:
    said = client.post(WEBHOOK, json={"sender": sender, "message": message}).json()
    found: dict[str, Any] = next(part["custom"]["facts"] for part in said if "facts" in part.get("custom", {}))
    return found


@pytest.mark.parametrize("text", NO_MESSAGE.values(), ids=NO_MESSAGE)
def test_a_message_that_is_none_is_answered_in_words_and_changes_nothing(
    client: httpx.Client, case: tuple[str, dict[str, Any]], text: str
) -> None:
    sender, facts = case
    answer = client.post(WEBHOOK, json={"sender": sender, "message": text})
    assert answer.status_code == 200
    said = answer.json()
    assert said
    assert all(part["text"] for part in said)
    assert said[0]["custom"]["kind"] == "decline"
    assert facts_of(client, sender, "目前的情况") == facts


@pytest.mark.parametrize("command", COMMANDS)
def test_a_typed_command_is_the_text_behind_its_slash(client: httpx.Client, command: str) -> None:
    answers = []
    for text in (command, command.strip().removeprefix("/")):
        sender = uuid4().hex
        facts_of(client, sender, "不可切除，2个病灶")
        said = client.post(WEBHOOK, json={"sender": sender, "message": text}).json()
        answers.append([part["text"] for part in said])
    assert answers[0] == answers[1]
    assert answers[0]


def test_markup_comes_back_as_it_was_typed(client: httpx.Client) -> None:
    typed = "<script>alert(1)</script> KRAS <b>mutant</b>"
    answer = client.post(WEBHOOK, json={"sender": uuid4().hex, "message": typed})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"


json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
known = st.sampled_from(["ras", "lesion_count", "largest_lesion_cm", "local_therapy_failed", "question", "lang", "foo"])


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(address=st.sampled_from(["/api/options", "/api/ask"]), body=st.dictionaries(known, json_values) | json_values)
def test_any_json_is_answered_with_json(client: httpx.Client, address: str, body: Any) -> None:
    answer = client.post(address, content=json.dumps(body), headers=JSON)
    assert answer.status_code in (200, 422)
    answer.json()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(st.characters(codec=None), max_size=60))
def test_any_text_is_answered_in_words(client: httpx.Client, text: str) -> None:
    content = json.dumps({"sender": "any-text", "message": text})
    answer = client.post(WEBHOOK, content=content, headers=JSON)
    assert answer.status_code == 200
    assert answer.json()
    assert "出了错" not in answer.text
    assert "Something went wrong" not in answer.text
