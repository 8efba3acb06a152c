"""The path that all platforms share, driven through the signed webhook over real HTTP."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.channels.database import open_engine
from bot.channels.generic.signature import sign
from bot.channels.mailbox import Mailbox
from bot.channels.model import Image, Incoming, Json, Message, Pace, Part, RejectedError, TryLaterError
from tests.channels.gateways import Script, gateway, generic
from tests.channels.standins.receiver import Receiver, deliver, post
from tests.channels.standins.serving import serving, status, until

Other = tuple[str, Receiver]


def posted(url: str, *arguments: Any, **named: Any) -> None:
    """Deliver, as often as the gateway is still starting."""
    until(lambda: post(url, *arguments, **named).status_code == 200)


def test_an_answer_comes_back_signed_with_its_buttons(receiver: Other, database: str) -> None:
    address, other = receiver
    script = Script(lambda _: [{"text": "Which?", "buttons": [{"title": "A", "payload": "first"}]}])
    with gateway([generic(address)], database, script) as url:
        posted(url, "case", "hello")
        (message,) = other.wait("case")
        assert message["text"] == "Which?"
        (choice,) = message["choices"]
        posted(url, "case", "", choice=choice["id"])
        other.wait("case", 2)
    assert [text for _, text in script.turns] == ["hello", "first"]
    assert not other.refused


@pytest.fixture(scope="module")
def steady(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Receiver, Script]]:
    """A gateway that tests share which only look at what it refuses."""
    other, script = Receiver(), Script()
    file = tmp_path_factory.mktemp("steady") / "mailbox.db"
    with serving(other.app) as address, gateway([generic(address)], f"sqlite:///{file}", script) as url:
        posted(url, "first", "hello")
        other.wait("first")
        yield url, other, script


@pytest.mark.parametrize("change", ["secret", "body", "old", "future", "unsigned", "truncated", "no time"])
def test_what_is_forged_late_or_cut_is_refused(steady: tuple[str, Receiver, Script], change: str) -> None:
    url, other, script = steady
    before = len(script.turns)
    body = b'{"conversation": "case", "text": "RAS mutant"}'
    now = time.time()
    match change:
        case "secret":
            answer = deliver(url, body, secret="whsec_" + "QUFB" * 10)
        case "old":
            answer = deliver(url, body, at=now - 301)
        case "future":
            answer = deliver(url, body, at=now + 310)
        case _:
            answer = _tampered(url, body, change)
    assert answer.status_code == 401
    posted(url, change, "after it")
    other.wait(change)
    assert [text for _, text in script.turns[before:]] == ["after it"]


def _tampered(url: str, body: bytes, change: str) -> Any:
    from tests.channels.standins.receiver import SECRET, signature

    now = int(time.time())
    headers = {"webhook-id": "m", "webhook-timestamp": str(now), "webhook-signature": signature(SECRET, "m", now, body)}
    if change == "unsigned":
        del headers["webhook-signature"]
    if change == "no time":
        headers["webhook-timestamp"] = "now"
    sent = {"body": body.replace(b"mutant", b"wild"), "truncated": body[:-9]}.get(change, body)
    return httpx.post(f"{url}/webhooks/generic/webhook", content=sent, headers=headers)


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"conversation": "", "text": "x"}', b"\xff\xfe", b'{"text": 1}'])
def test_what_is_signed_but_unreadable_is_refused_without_a_crash(
    steady: tuple[str, Receiver, Script], body: bytes
) -> None:
    url, other, _ = steady
    assert deliver(url, body).status_code == 422
    posted(url, f"{body!r}", "still there")
    other.wait(f"{body!r}")


def test_signatures_are_those_of_the_published_examples() -> None:
    ping = b'{"event_type":"ping","data":{"success":true}}'
    signed = sign("whsec_plJ3nmyCDGBKInavdOK15jsl", "msg_loFOjxBNrRLzqYUf", 1731705121, ping)
    assert signed == "v1,rAvfW3dJ/X/qxhsaXPOyyCGmRKsaKWcsNccKXlIktD0="
    numbered = b'{"test": 2432232314}'
    signed = sign("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, numbered)
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_delivery_that_comes_many_times_at_once_is_answered_once(receiver: Other, either_database: str) -> None:
    address, other = receiver
    script = Script()
    with gateway([generic(address)], either_database, script) as url:
        posted(url, "case", "first")
        with ThreadPoolExecutor(10) as pool:
            codes = list(pool.map(lambda _: post(url, "case", "again", message="m-1").status_code, range(20)))
        assert set(codes) == {200}
        other.wait("case", 2)
        time.sleep(0.3)
        assert post(url, "case", "again", message="m-1").status_code == 200
        time.sleep(0.3)
    assert [text for _, text in script.turns] == ["first", "again"]
    assert len(other.texts("case")) == 2


def test_messages_of_a_conversation_are_answered_in_order(receiver: Other, either_database: str) -> None:
    address, other = receiver
    with gateway([generic(address)], either_database, Script(pause=0.02)) as url:
        for number in range(12):
            posted(url, "case", f"m{number}")
        other.wait("case", 12)
    assert other.texts("case") == [f"answer to m{number}" for number in range(12)]


def test_what_overtook_another_is_put_in_order_while_it_waits(receiver: Other, either_database: str) -> None:
    address, other = receiver
    now = time.time()
    with gateway([generic(address)], either_database, Script(pause=0.5)) as url:
        posted(url, "case", "busy", at=now - 60)
        for late in (3, 1, 2):
            posted(url, "case", f"m{late}", at=now - 50 + late)
        other.wait("case", 4)
    assert other.texts("case") == ["answer to busy", "answer to m1", "answer to m2", "answer to m3"]


@pytest.mark.parametrize("fault", [status(429, **{"Retry-After": "1"}), status(500), 4.0])
def test_a_platform_in_trouble_gets_the_answer_later_and_once(receiver: Other, database: str, fault: Any) -> None:
    address, other = receiver
    # the last one is longer than half of the lease, after which a call counts as failed
    other.faults.plan(fault, to="case")
    began = time.monotonic()
    with gateway([generic(address)], database, Script()) as url:
        posted(url, "case", "one")
        posted(url, "case", "two")
        other.wait("case", 2)
        time.sleep(0.3)
    assert other.texts("case") == ["answer to one", "answer to two"]
    assert other.faults.met == 1
    assert time.monotonic() - began > 0.7


def test_what_a_platform_refuses_for_good_is_told_and_kept(receiver: Other, either_database: str) -> None:
    address, other = receiver
    other.faults.plan(status(400, {"error": "no"}), to="case")
    with gateway(
        [generic(address)], either_database, Script(lambda _: [{"text": "part 1"}, {"text": "part 2"}])
    ) as url:
        posted(url, "case", "hello")
        told, rest = other.wait("case", 2)
    assert "incomplete" in told["text"]
    assert rest["text"] == "part 2"
    assert Mailbox(open_engine(either_database)).undelivered() == {"generic": 1}


def test_nothing_of_a_message_stays_once_it_is_answered(receiver: Other, database: str) -> None:
    address, other = receiver
    with gateway([generic(address)], database, Script()) as url:
        posted(url, "case", "a secret finding")
        other.wait("case")
        time.sleep(0.3)
    dump = "\n".join(sqlite3.connect(database.removeprefix("sqlite:///")).iterdump())
    assert "channel_inbox" in dump
    assert "secret finding" not in dump


class Fake:
    """A platform that does what the test wants."""

    pace = Pace()
    numbers_choices = False

    def __init__(self, name: str, fail: Any = None) -> None:
        self.name = name
        self.fail = fail
        self.sent: list[str] = []
        self.keys: list[str] = []

    async def start(self) -> None:
        pass

    async def stop(self) -> None:
        pass

    def render(self, message: Message, address: Mapping[str, Any]) -> list[Part]:  # noqa: ARG002
        return [Part({"text": message.text}, {"text": "plain"})]

    async def send(self, request: Json, key: str) -> None:
        self.keys.append(key)
        if self.fail:
            await self.fail(request)
        self.sent.append(request["text"])

    async def show(self, image: Image, address: Mapping[str, Any], key: str) -> None:  # noqa: ARG002
        self.keys.append(key)
        if self.fail:
            await self.fail({"text": image.file})
        self.sent.append(image.file)

    async def check(self) -> list[str]:
        return []


def put(database: str, platform: str, conversation: str, text: str, key: str, **more: Any) -> None:
    """What a delivery leaves in the inbox."""
    message = Incoming(key, (conversation,), text, {"place": conversation}, **more)
    Mailbox(open_engine(database)).accept(platform, [message])


def test_a_platform_that_hangs_holds_up_no_other(database: str) -> None:
    async def hang(_: Json) -> None:
        await asyncio.sleep(60)

    stuck, well = Fake("stuck", hang), Fake("well")
    for number in range(40):
        put(database, "stuck", f"c{number}", "hello", f"k{number}")
    with gateway([stuck, well], database, Script()):
        until(lambda: len(stuck.keys) >= 16)
        time.sleep(0.5)
        assert len(stuck.keys) == 16, "a platform that hangs is asked for more and more"
        began = time.monotonic()
        for number in range(10):
            put(database, "well", f"c{number}", "hello", f"k{number}")
        until(lambda: len(well.sent) == 10, 5)
        assert time.monotonic() - began < 3
        assert not stuck.sent


def test_the_plain_form_is_sent_where_the_rich_one_is_refused(database: str) -> None:
    async def refuse(request: Json) -> None:
        if request["text"] != "plain":
            raise RejectedError("too rich")

    platform = Fake("picky", refuse)
    put(database, "picky", "c", "hello", "k")
    with gateway([platform], database, Script()):
        until(lambda: platform.sent == ["plain"])
    assert len(set(platform.keys)) == 1


def test_a_call_that_is_tried_again_keeps_its_key(database: str) -> None:
    async def once(_: Json) -> None:
        if len(platform.keys) == 1:
            raise TryLaterError("busy")

    platform = Fake("busy", once)
    put(database, "busy", "c", "hello", "k")
    with gateway([platform], database, Script()):
        until(lambda: platform.sent)
    assert len(platform.keys) == 2
    assert len(set(platform.keys)) == 1


def test_an_answer_survives_a_restart_before_it_was_sent(receiver: Other, either_database: str) -> None:
    address, other = receiver
    other.faults.plan(status(503), status(503), to="case")
    script = Script()
    with gateway([generic(address)], either_database, script) as url:
        posted(url, "case", "hello")
        until(lambda: other.faults.met)
    with gateway([generic(address)], either_database, script):
        other.wait("case")
    assert len(script.turns) == 1


def test_a_message_that_a_worker_left_lying_is_taken_over(either_database: str) -> None:
    """As after a crash: begun, not answered, and the conversation still in the hands of a worker that is gone."""
    platform = Fake("calm")
    put(either_database, "calm", "c", "hello", "k")
    mailbox = Mailbox(open_engine(either_database))
    ((conversation, _),) = mailbox.waiting(["calm"])
    assert mailbox.claim(conversation, "calm", "gone", 1.5)
    assert mailbox.next_message(conversation)
    script = Script()
    with gateway([platform], either_database, script):
        time.sleep(0.5)
        assert not platform.sent
        until(lambda: platform.sent)
    assert script.again == [True]


def test_several_workers_share_the_work_and_do_nothing_twice(either_database: str) -> None:
    async def slow(_: Json) -> None:
        await asyncio.sleep(0.005)

    platforms = [Fake("shared", slow), Fake("shared", slow)]
    script = Script()
    for number in range(120):
        put(either_database, "shared", f"c{number % 40}", f"{number:03}", f"k{number}", position=float(number))
    with gateway([platforms[0]], either_database, script), gateway([platforms[1]], either_database, script):
        until(lambda: sum(len(platform.sent) for platform in platforms) >= 120)
        time.sleep(0.3)
    assert sorted(text for _, text in script.turns) == [f"{number:03}" for number in range(120)]
    by_conversation: dict[str, list[str]] = {}
    for sender, text in script.turns:
        by_conversation.setdefault(sender, []).append(text)
    assert len(by_conversation) == 40
    assert all(texts == sorted(texts) for texts in by_conversation.values())
    assert all(platform.sent for platform in platforms), "one of the workers did everything"
    assert sum(len(platform.sent) for platform in platforms) == 120


def test_a_delivery_that_reaches_several_workers_at_once_is_answered_once(
    receiver: Other, either_database: str
) -> None:
    address, other = receiver
    script = Script(pause=0.05)
    with (
        gateway([generic(address)], either_database, script) as one,
        gateway([generic(address)], either_database, script) as two,
    ):
        for url in (one, two):
            posted(url, "case", "first", message="m-0")
        with ThreadPoolExecutor(10) as pool:
            answers = list(pool.map(lambda n: post((one, two)[n % 2], "case", "again", message="m-1"), range(20)))
        assert {answer.status_code for answer in answers} == {200}
        other.wait("case", 2)
        time.sleep(0.5)
    assert [text for _, text in script.turns] == ["first", "again"]
    assert len(other.texts("case")) == 2


DEADLINE = 3.0
"""Seconds in which the strictest platform wants its acknowledgement."""


def test_deliveries_are_acknowledged_in_time_while_answers_take_long(receiver: Other, either_database: str) -> None:
    address, _ = receiver
    with gateway([generic(address)], either_database, Script(pause=DEADLINE + 1)) as url:
        posted(url, "c0", "hello")

        def acknowledged(number: int) -> float:
            began = time.monotonic()
            assert post(url, f"c{number}", "hello").status_code == 200
            return time.monotonic() - began

        with ThreadPoolExecutor(4) as pool:
            assert max(pool.map(acknowledged, range(1, 25))) < DEADLINE


def test_a_delivery_is_kept_before_other_work_that_waits(
    receiver: Other, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a slow database and much to do; one call after another would take longer than the deadline."""
    address, other = receiver
    claim = Mailbox.claim

    def slow(*arguments: Any) -> bool:
        time.sleep(0.25)
        return claim(*arguments)

    monkeypatch.setattr(Mailbox, "claim", slow)
    busy = Fake("busy")
    with gateway([busy, generic(address)], database, Script()) as url:
        posted(url, "first", "hello")
        other.wait("first")
        for number in range(16):
            put(database, "busy", f"c{number}", "hello", f"k{number}")
        time.sleep(0.4)
        began = time.monotonic()
        assert post(url, "case", "hello").status_code == 200
        assert time.monotonic() - began < DEADLINE / 2
        assert len(busy.sent) < 16


def test_a_platform_that_cannot_be_started_holds_up_no_other(receiver: Other, database: str) -> None:
    address, other = receiver
    asked: list[float] = []

    class Away(Fake):
        async def start(self) -> None:
            asked.append(time.monotonic())
            await asyncio.sleep(0.1)
            raise TryLaterError("no answer")

        async def receive(self, request: Any) -> Any:
            raise NotImplementedError

    with gateway([Away("away"), generic(address)], database, Script()) as url:
        posted(url, "case", "hello")
        other.wait("case")
        answer = httpx.post(f"{url}/webhooks/away/webhook")
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
        until(lambda: len(asked) > 1)


def test_an_answer_that_cannot_be_made_ends_in_words(database: str) -> None:
    def fail(_: str) -> Any:
        raise RuntimeError("no")

    platform = Fake("poor")
    put(database, "poor", "c", "hello", "k")
    script = Script(fail)
    with gateway([platform], database, script):
        until(lambda: platform.sent)
    assert "incomplete" in platform.sent[0]
    assert len(script.turns) == 6


def test_a_group_is_warned_once(database: str) -> None:
    platform = Fake("group")
    put(database, "group", "c", "你好", "k1", group=True)
    put(database, "group", "c", "你好", "k2", group=True)
    with gateway([platform], database, Script()):
        until(lambda: len(platform.sent) == 3)
    assert "可识别患者" in platform.sent[0]
    assert sum("可识别患者" in text for text in platform.sent) == 1


def test_a_button_of_an_earlier_answer_counts_no_more(either_database: str) -> None:
    answers = iter([[{"text": "q1", "buttons": [{"title": "A", "payload": "for q1"}]}], [{"text": "done"}]])
    platform = Fake("old")
    script = Script(lambda _: next(answers))
    mailbox = Mailbox(open_engine(either_database))
    put(either_database, "old", "c", "one", "k1")
    with gateway([platform], either_database, script):
        until(lambda: platform.sent == ["q1"])
        _, kept = mailbox.state(mailbox.name("old", ("c",)))
        (choice,) = kept["payloads"]
        put(either_database, "old", "other", "", "k2", choice=choice)
        until(lambda: len(platform.sent) == 2)
        put(either_database, "old", "c", "two", "k3")
        until(lambda: len(platform.sent) == 3)
        put(either_database, "old", "c", "", "k4", choice=choice)
        until(lambda: len(platform.sent) == 4)
    assert [text for _, text in script.turns] == ["one", "two"]
    assert "earlier message" in platform.sent[1]
    assert "earlier message" in platform.sent[3]


def test_numbers_choose_where_there_are_no_buttons(database: str) -> None:
    said = [{"text": "What next?", "buttons": [{"title": t, "payload": f"go {t}"} for t in ("A", "B")]}]
    platform = Fake("plain")
    platform.numbers_choices = True
    script = Script(lambda _: said)
    with gateway([platform], database, script):
        for number, text in enumerate(("hello", "２", "3", "B")):
            put(database, "plain", "c", text, f"k{number}", position=float(number))
            until(lambda count=number: len(platform.sent) > count)
    assert [text for _, text in script.turns] == ["hello", "go B", "3", "B"]


def test_a_database_that_is_away_refuses_deliveries_and_loses_nothing(receiver: Other, tmp_path: Path) -> None:
    address, other = receiver
    database = tmp_path / "mailbox.db"
    with gateway([generic(address)], f"sqlite:///{database}", Script()) as url:
        posted(url, "case", "first")
        other.wait("case")
        blocking = sqlite3.connect(database, check_same_thread=False)
        blocking.execute("BEGIN EXCLUSIVE")
        began = time.monotonic()
        answer = post(url, "case", "second", message="m-2")
        assert answer.status_code == 503
        assert time.monotonic() - began < 2.9
        blocking.rollback()
        until(lambda: post(url, "case", "second", message="m-2").status_code == 200)
        other.wait("case", 2)
        time.sleep(0.5)
    assert other.texts("case") == ["answer to first", "answer to second"]


def test_names_of_conversations_cannot_be_guessed(database: str, tmp_path: Path) -> None:
    mailbox = Mailbox(open_engine(database))
    name = mailbox.name("slack", ("T1", "C1", "U1"))
    assert name == Mailbox(open_engine(database)).name("slack", ("T1", "C1", "U1"))
    assert name != mailbox.name("slack", ("T1", "C1U1"))
    assert name != Mailbox(open_engine(f"sqlite:///{tmp_path / 'other.db'}")).name("slack", ("T1", "C1", "U1"))
    assert name.startswith("slack:")


def test_old_deliveries_are_forgotten_and_failures_later(either_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    put(either_database, "calm", "c", "hello", "k")
    with gateway([Fake("calm")], either_database, Script()):
        mailbox = Mailbox(open_engine(either_database))
        until(lambda: not mailbox.waiting(["calm"]) and not mailbox.next_message(mailbox.name("calm", ("c",))))
    assert mailbox.accept("calm", [Incoming("k", ("c",), "hello", {})]) == 0
    future = time.time() + 8 * 3600
    monkeypatch.setattr("bot.channels.mailbox.time.time", lambda: future)
    mailbox.purge()
    assert mailbox.accept("calm", [Incoming("k", ("c",), "hello", {})]) == 0
    monkeypatch.setattr("bot.channels.mailbox.time.time", lambda: future + 48 * 3600)
    assert mailbox.state(mailbox.name("calm", ("c",)))[1]["lang"] == "en"
    mailbox.purge()
    assert mailbox.state(mailbox.name("calm", ("c",))) == (False, {})
    assert mailbox.accept("calm", [Incoming("k", ("c",), "hello", {})]) == 1


def test_a_clock_that_is_set_back_leaves_no_conversation_to_the_dead(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    mailbox = Mailbox(open_engine(database))
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 86_400)
    assert mailbox.claim("a conversation", "generic", "dead", 60.0)
    assert not mailbox.claim("a conversation", "generic", "alive", 60.0)
    monkeypatch.setattr(time, "time", lambda: now)
    assert mailbox.claim("a conversation", "generic", "alive", 60.0)
    assert not mailbox.claim("a conversation", "generic", "dead", 60.0)
