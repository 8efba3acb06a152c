"""What is kept of a conversation, for how long, on what grounds, and how its user gets rid of it."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import logging
import re
import time
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from rasa.core.channels.channel import UserMessage

from bot.channels.database import conversations, inbox, open_engine, outbox
from bot.channels.mailbox import Mailbox
from bot.channels.model import Incoming, Part
from bot.privacy import feedback, retention, tables
from bot.privacy.__main__ import main
from bot.privacy.export import conversation_data
from bot.privacy.pseudonyms import Pseudonyms
from bot.server.assistant import Assistant
from bot.server.collecting import WholeMessages
from bot.server.events import EVENTS
from bot.server.settings import Settings
from bot.server.tracker_store import ConversationStore

NOTE = "患者张三丰，身份证11010519491231002X，电话13812345678，不可切除，肝转移3枚，最大2.8cm"
IDENTIFIERS = ("张三丰", "11010519491231002X", "13812345678")
DAY = 24 * 3600.0


@pytest.fixture(scope="module")
def loaded(trained_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    url = f"sqlite:///{tmp_path_factory.mktemp('privacy') / 'c.db'}"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return Assistant.load(Settings(model_path=trained_model, tracker_store_url=url))


@pytest.fixture(scope="module")
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    running = asyncio.new_event_loop()
    yield running
    running.close()


class Held:
    """Conversations in a database of their own."""

    def __init__(self, assistant: Assistant, loop: asyncio.AbstractEventLoop, url: str) -> None:
        self.assistant = assistant
        self.loop = loop
        self.url = url
        self.restart()

    def restart(self) -> None:
        """What another process would have: nothing but the database."""
        store = ConversationStore(self.url)
        store.domain = self.assistant.agent.domain
        agent = self.assistant.agent
        agent.tracker_store = agent.processor.tracker_store = self.store = store
        self.engine = store.engine

    def say(self, text: str, sender: str = "someone", **more: Any) -> str:
        said = self.loop.run_until_complete(self.assistant.answer(sender, text, **more))
        return "\n".join(part["text"] for part in said)

    def rows(self, table: Any) -> list[Any]:
        with self.engine.connect() as connection:
            return list(connection.execute(sa.select(list(table.c))).mappings())

    def everything(self) -> str:
        """All that stands in the database, as text; JSON hides Chinese characters behind their numbers."""
        names = sa.inspect(self.engine).get_table_names()
        with self.engine.connect() as connection:
            rows = [str(row) for name in names for row in connection.execute(sa.text(f"SELECT * FROM {name}"))]  # noqa: S608
        return re.sub(r"\\+u([0-9a-f]{4})", lambda found: chr(int(found[1], 16)), "\n".join(rows))


@pytest.fixture(params=["sqlite", "postgresql"])
def held(
    loaded: Assistant, loop: asyncio.AbstractEventLoop, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[Held]:
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'conversations.db'}"
    else:
        url = request.getfixturevalue("postgresql").url
    kept = Held(loaded, loop, url)
    yield kept
    kept.engine.dispose()


@pytest.fixture
def lite(loaded: Assistant, loop: asyncio.AbstractEventLoop, tmp_path: Path) -> Held:
    return Held(loaded, loop, f"sqlite:///{tmp_path / 'conversations.db'}")


def test_nothing_that_identifies_is_kept_or_logged_and_that_is_told_once(
    held: Held, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    with caplog.at_level(logging.DEBUG):
        first = held.say(NOTE)
    assert "没有保存" in first
    assert "姓名、证件号、电话" in first
    assert "不可切除 · 病灶 3 个 · 最大 2.8 cm" in first
    assert "没有保存" not in held.say("患者李建国，男，RAS野生型")
    held.restart()
    assert "没有保存" not in held.say("病人王秀英，女，BRAF野生型")
    kept, logged = held.everything(), caplog.text + "".join(capsys.readouterr())
    assert "不可切除" in kept
    for identifier in (*IDENTIFIERS, "李建国", "王秀英"):
        assert identifier not in kept
        assert identifier not in logged
    assert "has not been stored" in held.say("Mr Smith, unresectable, 2 liver mets", "another")


def test_a_session_after_an_hour_does_not_tell_again(lite: Held) -> None:
    lite.say(NOTE)
    with lite.engine.begin() as connection:
        for row in connection.execute(sa.select([EVENTS.c.id, EVENTS.c.timestamp, EVENTS.c.data])).all():
            data = {**json.loads(row.data), "timestamp": row.timestamp - 7200}
            changed = {"timestamp": row.timestamp - 7200, "data": json.dumps(data)}
            connection.execute(EVENTS.update().where(EVENTS.c.id == row.id).values(changed))
    lite.restart()
    said = lite.say("患者李建国，男，RAS野生型")
    assert "另放一边" in said
    assert "没有保存" not in said


def test_what_connectors_tell_beside_the_text_is_dropped(lite: Held) -> None:
    message = UserMessage(NOTE, WholeMessages(), "connector", metadata={"sender": "Zhang San", "file": "x"})
    lite.loop.run_until_complete(lite.assistant.agent.handle_message(message))
    kept = lite.everything()
    assert "Zhang San" not in kept
    assert "connector" in kept
    assert not [identifier for identifier in IDENTIFIERS if identifier in kept]


def test_grounds_are_kept_with_the_turn_and_without_words(held: Held) -> None:
    held.say(NOTE, channel="widget", message_id="m-1")
    held.say("RAS突变，没切过，没有局部治疗失败，一线进展，无肝外转移")
    held.say("直接看方案", message_id="m-2")
    rows = held.rows(tables.audit)
    assert {row["conversation"] for row in rows} == {Pseudonyms(held.engine).conversation("someone")}
    assert "someone" not in str(rows)
    assert rows[0]["channel"] == "widget"
    (options,) = [row for row in rows if row["kind"] == "options"]
    assert options["channel"] == "rest"
    assert options["answer"] == Pseudonyms(held.engine).answer("someone", "m-2")
    assert options["facts"]["ras"] == "mutant"
    assert options["stances"]["cetuximab_chemotherapy"] == "not_recommended"
    assert options["rules"]
    assert options["statements"]
    assert 21 in options["citations"]
    assert len(options["knowledge_version"]) >= 12
    assert abs(options["at"] - time.time()) < 60
    assert not [word for word in ("患者", "枚", "3枚", "方案") if word in str(rows)]


def test_a_turn_that_fails_leaves_no_grounds(lite: Held, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any) -> Any:
        raise RuntimeError

    lite.say("不可切除，2枚")
    before = lite.rows(tables.audit)
    actions = lite.assistant.agent.action_endpoint._executor.actions
    with monkeypatch.context() as patch:
        patch.setitem(actions, "action_show_options", broken)
        lite.say("直接看方案")
    assert lite.rows(tables.audit) == before
    with monkeypatch.context() as patch:  # and without grounds nothing of a turn is kept
        patch.setattr("bot.privacy.audit.rows", broken)
        kept = len(lite.rows(EVENTS))
        lite.say("RAS突变")
    assert len(lite.rows(EVENTS)) == kept


@pytest.mark.parametrize(
    ("wish", "yes", "done"),
    [
        ("删除我的对话", "确认删除对话", "对话已删除"),
        ("please delete my conversation", "Yes, delete this conversation", "is deleted"),
    ],
)
def test_a_conversation_is_deleted_by_its_user(lite: Held, wish: str, yes: str, done: str) -> None:
    lite.say("不可切除，肝转移3枚" if wish[0] == "删" else "unresectable, 3 liver mets")
    lite.say("不可切除", "neighbour")
    assert yes in str(lite.loop.run_until_complete(lite.assistant.answer("someone", wish)))
    assert len([row for row in lite.rows(EVENTS) if row["sender_id"] == "someone"]) > 5
    assert done in lite.say(yes)
    assert {row["sender_id"] for row in lite.rows(EVENTS)} == {"neighbour"}
    assert "病灶 3" not in lite.say("目前的情况")
    assert len([row for row in lite.rows(tables.audit) if row["conversation"] is None]) >= 2


def test_deleting_can_be_thought_better_of(lite: Held) -> None:
    lite.say("不可切除，肝转移3枚")
    lite.say("删除我的对话")
    said = lite.say("保留对话")
    assert "对话保留" in said
    assert "全身治疗" in said, "the intake goes on"
    assert "病灶 3 个" in lite.say("目前的情况")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("导出我的数据", "someone"),
        ("export my data", "someone"),
        ("你们存了我哪些数据", "删除我的对话"),
        ("are my messages stored", "delete my conversation"),
    ],
)
def test_the_user_is_told_what_can_be_done(lite: Held, text: str, expected: str) -> None:
    assert expected in lite.say(text)


@pytest.mark.parametrize("text", ["删除RAS", "删除CEA", "forget RAS", "delete the CEA", "clear the lesion count"])
def test_taking_a_fact_back_is_no_wish_to_delete(lite: Held, text: str) -> None:
    lite.say("RAS wild type, CEA 30, 3 liver mets")
    assert "deleted" not in lite.say(text)
    assert len(lite.rows(EVENTS)) > 10


def age(held: Held, sender: str, days: float) -> None:
    with held.engine.begin() as connection:
        here = EVENTS.update().where(EVENTS.c.sender_id == sender)
        connection.execute(here.values(timestamp=EVENTS.c.timestamp - days * DAY))


def test_nothing_is_kept_longer_than_the_settings_say(held: Held) -> None:
    for sender in ("old", "new"):
        held.say("不可切除，2枚", sender, message_id=f"m-{sender}")
        feedback.give(held.engine, sender, f"m-{sender}", True, None)
    age(held, "old", 31)
    age(held, "new", 29)
    with held.engine.begin() as connection:
        connection.execute(tables.feedback.insert(), {"at": 1.0, "conversation": "x", "answer": "y", "helpful": True})
        row = {"platform": "slack", "key": "k", "conversation": "slack:1", "position": 0.0, "text": "stuck"}
        row = {**row, "in_group": False, "address": {}, "received_at": time.time() - 31 * DAY, "attempts": 0}
        connection.execute(inbox.insert(), row)
    assert retention.enforce(held.engine, 30, 365) == 1
    assert {row["sender_id"] for row in held.rows(EVENTS)} == {"new"}
    assert [row["conversation"] for row in held.rows(tables.feedback)] == [Pseudonyms(held.engine).conversation("new")]
    assert held.rows(inbox) == []
    assert retention.enforce(held.engine, 30, 365) == 0


def test_one_of_many_servers_cleans_up(held: Held) -> None:
    async def all_at_once() -> list[bool]:
        return await asyncio.gather(*(asyncio.to_thread(retention.claim, held.engine) for _ in range(4)))

    assert sorted(held.loop.run_until_complete(all_at_once())) == [False, False, False, True]
    assert not retention.claim(held.engine)
    assert retention.claim(held.engine, every=0.0)


def test_feedback_counts_once_and_its_reason_is_cleaned(held: Held) -> None:
    held.say("不可切除", message_id="m-1")
    feedback.give(held.engine, "someone", "m-1", True, None)
    feedback.give(held.engine, "someone", "m-1", False, "张三先生的方案不对\x00，电话13812345678")
    (row,) = held.rows(tables.feedback)
    assert row["helpful"] is False
    assert row["reason"] == "[姓名]先生的方案不对 ，电话[电话]"
    assert row["answer"] in {audit["answer"] for audit in held.rows(tables.audit)}


def test_a_user_gets_everything_that_is_kept(lite: Held) -> None:
    lite.say(NOTE, message_id="m-1")
    feedback.give(lite.engine, "someone", "m-1", True, "好")
    data = json.loads(json.dumps(conversation_data(lite.engine, "someone")))
    assert data["messages"][0]["message"].startswith("患者[姓名]，身份证[证件号]")
    assert data["messages"][0]["answer"][-1]["custom"]["kind"] == "question"
    assert data["case"]["facts"] == {"resectability": "unresectable", "lesion_count": 3, "largest_lesion_cm": 2.8}
    assert data["feedback"][0]["reason"] == "好"
    assert {row["kind"] for row in data["audit"]} == {"facts", "question"}
    assert conversation_data(lite.engine, "nobody")["messages"] == []


def test_what_administrators_can_do(
    lite: Held, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def run(*arguments: str) -> str:
        assert main(arguments) == 0
        return capsys.readouterr().out

    monkeypatch.setenv("TRACKER_STORE_URL", lite.url)
    lite.say("不可切除，2枚", message_id="m-1")
    feedback.give(lite.engine, "someone", "m-1", False, "=1+1")
    capsys.readouterr()
    assert {json.loads(line)["kind"] for line in run("audit").splitlines()} == {"facts", "question"}
    (row,) = csv.DictReader(io.StringIO(run("feedback", "--csv")))
    assert (row["helpful"], row["reason"]) == ("False", "'=1+1")
    assert json.loads(run("export", "someone"))["case"]["facts"]["lesion_count"] == 2
    assert "0 conversations" in run("purge")
    run("delete", "someone")
    assert lite.rows(EVENTS) == []
    monkeypatch.setenv("RETENTION_DAYS", "0")
    assert main(["purge"]) == 1
    assert "RETENTION_DAYS=0" in capsys.readouterr().err


def test_the_mailbox_of_the_platforms_holds_no_identifier(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'mailbox.db'}")
    mailbox = Mailbox(engine)
    mailbox.accept("slack", [Incoming("k", ("c",), NOTE, {"place": "c"})])
    waiting = mailbox.next_message(mailbox.name("slack", ("c",)))
    assert waiting is not None
    assert waiting.text == "患者[姓名]，身份证[证件号]，电话[电话]，不可切除，肝转移3枚，最大2.8cm"


def test_deleting_reaches_the_mailbox(lite: Held) -> None:
    mailbox = Mailbox(open_engine(lite.url))
    name = mailbox.name("slack", ("c",))
    lite.say("不可切除", name)
    mailbox.accept("slack", [Incoming("k", ("c",), "RAS突变", {"place": "c"})])
    waiting = mailbox.next_message(name)
    assert waiting is not None
    mailbox.claim(name, "slack", "me", 1)
    mailbox.answer(waiting, [Part({"text": "an answer"})], "c", None, {"payloads": {"a.1": "RAS突变"}})
    call = mailbox.next_call(name)
    assert call is not None
    mailbox.give_up(call, "refused")
    lite.say("确认删除对话", name)
    assert lite.rows(outbox) == []
    assert [row["choices"] for row in lite.rows(conversations)] == [None]
    assert "RAS突变" not in lite.everything()
    mailbox.accept("slack", [Incoming("k", ("c",), "RAS突变", {"place": "c"})])
    assert mailbox.next_message(name) is None, "a delivery that comes again is still known"


def test_a_file_of_sqlite_holds_nothing_of_what_was_deleted(lite: Held) -> None:
    lite.say("不可切除，另见31337号胶片")
    lite.say("确认删除对话")
    with lite.engine.connect() as connection:
        connection.execute(sa.text("PRAGMA wal_checkpoint(TRUNCATE)"))
    assert b"31337" not in Path(lite.url.removeprefix("sqlite:///")).read_bytes()
