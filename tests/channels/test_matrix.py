"""Matrix, against a real homeserver (Synapse) on loopback."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.channels.choices import as_choices
from bot.channels.html import as_html
from bot.channels.matrix import connect
from bot.channels.matrix.output import render
from bot.channels.model import Message
from bot.channels.settings import MatrixSettings
from tests.channels.standins.homeserver import Person, homeserver, register, settle
from tests.channels.standins.serving import png_size, until
from tests.running import start


@dataclass
class Clinic:
    """A homeserver, the account of the assistant, and two people."""

    url: str
    bot: Person
    alice: Person
    bob: Person
    model: Path
    folder: Path

    def variables(self) -> dict[str, str]:
        return {"MATRIX_HOMESERVER": self.url, "MATRIX_ACCESS_TOKEN": self.bot.token}


@pytest.fixture(scope="module")
def clinic(trained_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clinic]:
    folder = tmp_path_factory.mktemp("synapse")
    with homeserver(folder) as url:
        people = [register(url, name) for name in ("crlm", "alice", "bob")]
        yield Clinic(url, *people, trained_model, tmp_path_factory.mktemp("assistant"))


@pytest.fixture(scope="module")
def case(clinic: Clinic) -> Iterator[str]:
    """A room in which a case was begun when the server was killed and much was said, and the server that came after."""
    alice, bot = clinic.alice, clinic.bot.id
    with start(clinic.model, clinic.folder, **clinic.variables()) as server:
        room = alice.room(bot)
        alice.say(room, "不可切除，3枚，最大2.8cm，KRAS G12D，BRAF野生型，一线FOLFOX后PD，肝外无转移")
        until(lambda: "1. 未做过肝切除" in bodies(alice.heard(room, bot)), 40)
        os.kill(server.pid, signal.SIGKILL)
    alice.say(room, "1")
    for number in range(110):
        alice.say(room, f"note {number}", msgtype="m.notice")
    with start(clinic.model, clinic.folder, **clinic.variables()):
        yield room


def bodies(events: list[dict[str, Any]]) -> str:
    return "\n".join(event["content"]["body"] for event in events)


@pytest.mark.slow
def test_a_whole_case_in_chinese_with_a_crash_in_the_middle(clinic: Clinic, case: str) -> None:
    """What was said while the server was away is answered too, although it is more than one answer of a sync holds."""
    alice, bot = clinic.alice, clinic.bot.id
    until(lambda: "已记录：未做过肝切除" in bodies(alice.heard(case, bot)))
    alice.say(case, "没有")
    alice.say(case, "直接看方案")
    until(lambda: "首选：全身化疗" in bodies(alice.heard(case, bot)))
    alice.say(case, "为什么不用西妥昔单抗")
    until(lambda: "西妥昔单抗（抗 EGFR）联合化疗：不建议" in bodies(alice.heard(case, bot)))
    alice.say(case, "总结")
    until(lambda: "病例小结" in bodies(alice.heard(case, bot)))
    heard = alice.heard(case, bot)
    for once in ("已记录：不可切除 · 病灶 3 个", "已记录：未做过肝切除", "病例小结"):
        assert sum(once in e["content"]["body"] for e in heard) == 1
    options = next(e["content"] for e in heard if "首选：全身化疗" in e["content"]["body"])
    assert options["msgtype"] == "m.notice"
    assert "<strong>⚠" in options["formatted_body"]


def test_numbers_choose_and_are_answers_where_a_fact_is_asked(clinic: Clinic, case: str) -> None:
    alice, bot = clinic.alice, clinic.bot.id
    room = alice.room(bot)
    alice.say(room, "unresectable, largest 2.5 cm")
    question = until(lambda: [e for e in alice.heard(room, bot) if "systemic therapy" in e["content"]["body"]])[-1]
    assert question["content"]["body"].splitlines()[1:] == [
        "1. No chemotherapy yet",
        "2. Responding or stable",
        "3. Progressed on chemotherapy",
        "4. Unknown",
        "· Why do you ask",
        "· Show me the options",
    ]
    alice.say(room, "3")
    until(lambda: "Noted: progressed on systemic therapy" in bodies(alice.heard(room, bot)))
    alice.say(room, "Show me the options")
    until(lambda: "\n2. Summary" in bodies(alice.heard(room, bot)))
    alice.say(room, "2")
    until(lambda: "Case summary" in bodies(alice.heard(room, bot)))


def test_a_room_with_others_is_answered_when_addressed(clinic: Clinic, case: str) -> None:
    alice, bob, bot = clinic.alice, clinic.bob, clinic.bot.id
    room = alice.room(bot, bob.id)
    bob.join(room)
    until(lambda: bot in alice.call("GET", f"/rooms/{room}/joined_members")["joined"])
    alice.say(room, "unresectable, 5 lesions")
    settle()
    assert not alice.heard(room, bot)
    asked = alice.say(room, "crlm: unresectable, 7 lesions", **{"m.mentions": {"user_ids": [bot]}})
    first = alice.wait(room, bot, 3)
    assert "identifies a patient" in first[0]["content"]["body"]
    assert first[0]["content"]["m.relates_to"]["m.in_reply_to"]["event_id"] == asked
    bob.say(room, f"{bot} case so far")
    count = len(alice.heard(room, bot))
    second = bob.wait(room, bot, count + 1)[count:]
    assert "7" not in bodies(second)
    root = bob.say(room, "a thread")
    bob.say(
        room,
        "CRLM, 不可切除，9枚",
        **{"m.relates_to": {"rel_type": "m.thread", "event_id": root}, "m.mentions": {"user_ids": [bot]}},
    )
    threaded = until(
        lambda: [e for e in bob.heard(room, bot) if e["content"].get("m.relates_to", {}).get("event_id") == root][2:]
    )
    assert threaded
    count = len(alice.heard(room, bot))
    alice.say(room, "crlm case so far", **{"m.mentions": {"user_ids": [bot]}})
    until(lambda: "lesions: 7" in bodies(alice.heard(room, bot)[count:]))


def test_edits_notices_and_itself_are_not_answered(clinic: Clinic, case: str) -> None:
    alice, bot = clinic.alice, clinic.bot.id
    room = alice.room(bot)
    said = alice.say(room, "hello")
    count = len(alice.wait(room, bot))
    alice.say(room, "* hallo", **{"m.relates_to": {"rel_type": "m.replace", "event_id": said}})
    alice.say(room, "from another bot", msgtype="m.notice")
    settle()
    assert len(alice.heard(room, bot)) == count
    alice.say(room, "a picture", msgtype="m.image", url="mxc://clinic.test/x")
    alice.wait(room, bot, count + 1)


def test_an_encrypted_room_is_not_entered_and_one_that_becomes_so_is_told(clinic: Clinic, case: str) -> None:
    alice, bot = clinic.alice, clinic.bot.id
    closed = alice.room(bot, encrypted=True)

    def members(room: str) -> dict[str, str]:
        chunk = alice.call("GET", f"/rooms/{room}/members")["chunk"]
        return {event["state_key"]: event["content"]["membership"] for event in chunk}

    until(lambda: members(closed)[bot] == "leave")
    room = alice.room(bot)
    until(lambda: members(room)[bot] == "join")
    alice.call("PUT", f"/rooms/{room}/state/m.room.encryption/", {"algorithm": "m.megolm.v1.aes-sha2"})
    for number in range(2):
        path = f"/rooms/{room}/send/m.room.encrypted/e{number}"
        alice.call("PUT", path, {"algorithm": "m.megolm.v1.aes-sha2", "ciphertext": "x"})
    alice.wait(room, bot)
    settle()
    assert len(alice.heard(room, bot)) == 1
    assert "encrypted rooms" in bodies(alice.heard(room, bot))


def test_a_picture_arrives_as_an_image_with_its_size(clinic: Clinic, case: str) -> None:
    alice, bot = clinic.alice, clinic.bot.id
    room = alice.room(bot)
    alice.say(room, "What is 5-year survival after SRFA?")

    def images() -> list[dict[str, Any]]:
        return [event["content"] for event in alice.heard(room, bot) if event["content"]["msgtype"] == "m.image"]

    (study,) = until(images, 40)
    content = alice.download(study["url"])
    assert (study["info"]["w"], study["info"]["h"]) == png_size(content)
    assert study["info"]["size"] == len(content)
    assert study["info"]["mimetype"] == "image/png"
    assert (study["filename"], study["body"]) == ("srfa-survival.png", "Overall and disease-free survival after SRFA")
    assert "34.8%" in bodies(alice.heard(room, bot)[:-1])
    alice.say(room, "unresectable, 3 lesions, largest 2.8 cm")
    alice.say(room, "show me the options")
    until(lambda: "4. Show the pathway" in bodies(alice.heard(room, bot)))
    alice.say(room, "4")
    _, pathway = until(lambda: images() if len(images()) > 1 else None, 40)
    assert pathway["info"]["h"] > 1.8 * pathway["info"]["w"] == 1.8 * png_size(alice.download(pathway["url"]))[0]


def test_a_message_that_is_sent_again_is_shown_once(clinic: Clinic, case: str) -> None:
    from bot.channels.matrix.client import Client

    async def twice() -> None:
        client = Client(clinic.url, clinic.bot.token)
        for _ in range(2):
            await client.send(case, {"msgtype": "m.notice", "body": "only once"}, "the-same-key")
        await client.close()

    asyncio.run(twice())
    assert bodies(clinic.alice.heard(case, clinic.bot.id)).count("only once") == 1


def test_the_connection_can_be_checked(clinic: Clinic) -> None:
    async def problems(token: str) -> list[str]:
        platform = connect(MatrixSettings(homeserver=clinic.url, access_token=token))
        found = await platform.check()
        await platform.stop()
        return found

    assert asyncio.run(problems(clinic.bot.token)) == []
    assert "M_UNKNOWN_TOKEN" in asyncio.run(problems("wrong"))[0]


def test_html_shows_signs_as_they_are() -> None:
    assert as_html("a < b & c\n⚠ P<0.05 https://doi.org/10.1/x_y") == (
        "a &lt; b &amp; c<br/><strong>⚠ P&lt;0.05 "
        '<a href="https://doi.org/10.1/x_y">https://doi.org/10.1/x_y</a></strong>'
    )


def test_long_answers_fit_into_events() -> None:
    import json

    choices = as_choices("m", [{"title": "A", "payload": "a"}])
    address = {"place": "!r", "thread": None, "reply_to": None}
    parts = render(Message("肝<转移>&“ [1]。" * 4000, choices), address)
    assert len(parts) > 2
    assert all(len(json.dumps(part.request["content"]).encode()) < 60_000 for part in parts)
    assert parts[-1].request["content"]["body"].endswith("\n1. A")
