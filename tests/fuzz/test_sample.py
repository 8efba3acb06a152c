"""A sample of what `python -m tests.fuzz` does at length."""

from __future__ import annotations

import json
from pathlib import Path

import httpx
import pytest

from tests.fuzz.hearing import Hearing, Report
from tests.fuzz.messages import MAKERS, made, sensible
from tests.running import Server

SEED = 20
FORMER = [
    "①②③ ➎➏ lesions",
    "肝转移" + "9" * 400 + "枚",
    "文献" + "9" * 5000,
    "n=" + "五" * 400 + "个",
    "CEA " + "٣" * 400,
    "these mets came up 4 years after the anterior resection",
    "now 2 new mets seg",
]
"""What once made it fail."""


@pytest.fixture(scope="module")
def hearing(trained_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Hearing:
    return Hearing(trained_model, tmp_path_factory.mktemp("fuzz"))


def nothing_found(report: Report) -> None:
    assert [(one.what, one.kind, ascii(one.text)) for one in report.findings] == []


def test_the_same_seed_makes_the_same_messages_of_every_kind() -> None:
    first, again = list(made(3, 60)), list(made(3, 60))
    assert first == again
    assert {kind for kind, _ in first} == set(MAKERS)
    assert len({text for _, text in first}) > 50
    assert max(len(text) for _, text in made(5, 9000)) > 5000
    assert len(sensible()) > 200


def test_whole_turns_end_in_words_whatever_is_said(hearing: Hearing) -> None:
    nothing_found(hearing.talk(made(SEED, 120)))


def test_everything_can_be_understood_and_asked(hearing: Hearing) -> None:
    nothing_found(hearing.ask(made(SEED + 1, 250)))


def test_what_once_made_it_fail(hearing: Hearing) -> None:
    messages = [("former", text) for text in FORMER]
    nothing_found(hearing.talk(messages))
    nothing_found(hearing.ask(messages))


def test_a_finding_is_found(hearing: Hearing, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("knowledge.nlu.extraction.FactExtractor._facts", lambda *_: 1 / 0)
    found = [one.what for one in hearing.talk([("any", "2 lesions")]).findings]
    assert any("GraphComponentException" in what for what in found)
    assert hearing.ask([("any", "2 lesions")]).findings


BODIES = {
    "cut off within a character": '{"sender": "x", "message": "不可切除'.encode()[:-1],
    "cut off and closed": '{"sender": "x", "message": "不可切'.encode()[:-1] + b'"}',
    "overlong UTF-8": b'{"sender": "x", "message": "\xc0\xaf"}',
    "UTF-16": '{"sender": "x", "message": "2 lesions"}'.encode("utf-16"),
    "nested lists": b'{"sender": "x", "message": ' + b"[" * 200_000,
    "nested objects": b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    "a million keys": b"{" + b",".join(b'"%d":0' % n for n in range(70_000)) + b"}",
    "an endless number": b'{"sender": "x", "message": ' + b"1" * 900_000 + b"}",
    "the same key often": b"{" + b'"sender": "x",' * 20_000 + b'"message": "hello"}',
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
@pytest.mark.parametrize("address", ["/webhooks/rest/webhook", "/api/ask", "/api/case"])
def test_bodies_that_are_bombs_are_refused(running: Server, address: str, body: bytes) -> None:
    answer = httpx.post(running.url + address, content=body, headers={"Content-Type": "application/json"}, timeout=60)
    assert answer.status_code < 500
    assert answer.json() or answer.status_code == 200
    assert answer.elapsed.total_seconds() < 20
    if answer.status_code == 422:
        assert len(answer.json()["error"]["problems"]) <= 20


def test_nothing_that_is_sent_is_logged(running: Server) -> None:
    before = running.log.read_text()
    for text in ("\r\n2026-01-01 ERROR bot: forged", "${jndi:ldap://127.0.0.1/forged}", "%(forged)s {{7*7}} forged"):
        body = {"sender": f"forged {text.strip()}", "message": text}
        for sent in (body, {"sender": text, "message": text}, text):
            httpx.post(f"{running.url}/webhooks/rest/webhook", content=json.dumps(sent), timeout=60)
        httpx.get(f"{running.url}/forged%0d%0aERROR{text[:1].strip()}", headers={"X-Forged": text.strip()}, timeout=60)
    assert running.log.read_text() == before
