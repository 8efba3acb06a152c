"""Tables are made and changed once, whoever starts first."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa  # type: ignore[import-untyped]

from bot.server.database import connect
from bot.server.events import EVENTS
from bot.server.migrations import Part, tables, up_to_date
from bot.server.schema import PARTS

ALL = [
    "conversations: version 0 -> 2",
    "sessions: version 0 -> 1",
    "channels: version 0 -> 1",
    "privacy: version 0 -> 1",
]
TABLES = {
    "events",
    "session_secret",
    "channel_inbox",
    "channel_outbox",
    "channel_conversations",
    "channel_memory",
    "answer_audit",
}


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'conversations.db'}"
    return str(request.getfixturevalue("fresh_database"))


def test_workers_that_start_at_once_make_each_table_once(url: str) -> None:
    workers = 8
    engines = [connect(url) for _ in range(workers)]
    with ThreadPoolExecutor(workers) as pool:
        done = [lines for lines in pool.map(lambda engine: up_to_date(engine, *PARTS), engines) if lines]
    assert done == [ALL]
    assert {*TABLES, "schema_versions"} <= set(sa.inspect(engines[0]).get_table_names())
    indexes = [index["column_names"] for index in sa.inspect(engines[0]).get_indexes("events")]
    assert indexes == [["sender_id", "id"]]
    assert up_to_date(engines[0], *PARTS) == []
    for engine in engines:
        engine.dispose()


def test_a_later_step_is_taken_alone_and_as_a_whole(url: str) -> None:
    engine = connect(url)
    metadata = sa.MetaData()
    sa.Table("notes", metadata, sa.Column("id", sa.Integer, primary_key=True))
    first = Part("notes", (tables(metadata),))
    assert up_to_date(engine, first) == ["notes: version 0 -> 1"]

    def add(connection: object) -> None:
        connection.execute(sa.text("ALTER TABLE notes ADD COLUMN text VARCHAR(10)"))  # type: ignore[attr-defined]

    def fail(_: object) -> None:
        raise RuntimeError("broken step")

    with pytest.raises(RuntimeError):
        up_to_date(engine, Part("notes", (*first.steps, add, fail)))
    assert len(sa.inspect(engine).get_columns("notes")) == 1, "a step that fails takes back those before it"
    assert up_to_date(engine, Part("notes", (*first.steps, add))) == ["notes: version 1 -> 2"]
    assert len(sa.inspect(engine).get_columns("notes")) == 2
    assert up_to_date(engine, first) == [], "an older release goes on with newer tables"
    engine.dispose()


def test_a_worker_without_the_right_to_change_tables_starts_when_they_are_there(fresh_database: str) -> None:
    owner = connect(fresh_database)
    up_to_date(owner, *PARTS)
    with owner.begin() as connection:
        connection.execute(sa.text("CREATE ROLE worker LOGIN"))
        connection.execute(sa.text("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO worker"))
        connection.execute(sa.text("GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO worker"))
    worker = connect(fresh_database.replace("postgres@", "worker@"))
    assert up_to_date(worker, *PARTS) == []
    with worker.begin() as connection:
        connection.execute(EVENTS.insert(), {"sender_id": "someone", "type_name": "user"})
    worker.dispose()
    owner.dispose()


def test_the_conversations_of_an_earlier_release_are_taken_over(tmp_path: Path) -> None:
    from rasa.core.tracker_store import SQLTrackerStore

    url = f"sqlite:///{tmp_path / 'conversations.db'}"
    SQLTrackerStore(host=url)
    engine = connect(url)
    with engine.begin() as connection:
        connection.execute(EVENTS.insert(), {"sender_id": "someone", "type_name": "user"})
    assert up_to_date(engine, *PARTS) == ALL
    with engine.begin() as connection:
        assert connection.execute(sa.select(EVENTS.c.sender_id)).scalars().all() == ["someone"]
    theirs, ours = SQLTrackerStore.SQLEvent.__table__, EVENTS
    assert [(c.name, repr(c.type), c.nullable) for c in ours.c] == [
        (c.name, repr(c.type), c.nullable) for c in theirs.c
    ]
    engine.dispose()


def test_the_command(tmp_path: Path) -> None:
    def run(url: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "bot.server.migrate"]
        return subprocess.run(
            command, env={"TRACKER_STORE_URL": url}, capture_output=True, text=True, check=False, cwd=Path.cwd()
        )

    url = f"sqlite:///{tmp_path / 'conversations.db'}"
    assert run(url).stdout.splitlines() == ALL
    assert run(url).stdout == "The tables are up to date.\n"
    nowhere = run("postgresql://nobody:hidden@127.0.0.1:1/none")
    assert nowhere.returncode == 1
    assert "Connection refused" in nowhere.stderr
    assert "hidden" not in nowhere.stderr
