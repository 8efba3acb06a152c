"""Connections to SQLite."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa  # type: ignore[import-untyped]

from bot.server import database
from bot.server.database import connect


class Refusing(sqlite3.Connection):
    """Says what SQLite says to one of several that open a new database at once."""

    refusals = 0

    def execute(self, statement: str, *values: Any) -> sqlite3.Cursor:
        if "journal_mode" in statement and Refusing.refusals > 0:
            Refusing.refusals -= 1
            raise sqlite3.OperationalError("database is locked")
        return super().execute(statement, *values)


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    opened = sqlite3.connect
    monkeypatch.setattr(sqlite3.dbapi2, "connect", lambda *args, **more: opened(*args, factory=Refusing, **more))
    return f"sqlite:///{tmp_path / 'conversations.db'}"


@pytest.mark.parametrize("durable", [False, True])
def test_a_refusal_to_keep_a_log_is_asked_again(url: str, durable: bool) -> None:
    Refusing.refusals = 3
    engine = connect(url, durable=durable)
    with engine.connect() as connection:
        assert connection.execute(sa.text("PRAGMA journal_mode")).scalar() == "wal"
    assert Refusing.refusals == 0
    engine.dispose()


def test_but_not_for_ever(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "ANSWERS_WITHIN", 0.1)
    Refusing.refusals = 1000
    engine = connect(url)
    with pytest.raises(sa.exc.OperationalError, match="locked"):
        engine.connect()
    assert Refusing.refusals > 0
    engine.dispose()


def test_what_is_no_lock_is_told_at_once(tmp_path: Path) -> None:
    engine = connect(f"sqlite:///{tmp_path / 'nowhere' / 'conversations.db'}")
    began = time.monotonic()
    with pytest.raises(sa.exc.OperationalError, match="unable to open"):
        engine.connect()
    assert time.monotonic() - began < database.ANSWERS_WITHIN / 2
    broken = tmp_path / "broken.db"
    broken.write_bytes(b"this is no database, however long one looks at it" * 100)
    with pytest.raises(sa.exc.DatabaseError, match="not a database"):
        connect(f"sqlite:///{broken}").connect()
    engine.dispose()
