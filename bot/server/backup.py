"""Copies the conversations of an SQLite database while the server runs, and puts such a copy back.

.venv/bin/python -m bot.server.backup save FILE
.venv/bin/python -m bot.server.backup restore FILE

PostgreSQL brings programs of its own for that; docs/operating.md has the commands.
"""

from __future__ import annotations

import argparse
import os
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

from sqlalchemy.engine import make_url  # type: ignore[import-untyped]

from bot.server.settings import Settings, SettingsError

_PAGES_AT_A_TIME = 500
"""After each so many pages the server may write in between."""


class BackupError(Exception):
    """The copy cannot be made or put back; the message says why."""


def main() -> int:
    """Copies, and says what was copied."""
    parser = argparse.ArgumentParser(prog="python -m bot.server.backup", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("what", choices=["save", "restore"])
    parser.add_argument("file", type=Path)
    given = parser.parse_args()
    try:
        database = database_file(Settings.from_environment(os.environ).tracker_store_url)
        source, target = (database, given.file) if given.what == "save" else (given.file, database)
        if given.what == "save" and target.exists():
            raise BackupError(f"{target} is there already; name another file")
        count = copy(source, target)
    except (SettingsError, BackupError, sqlite3.Error) as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{source} -> {target}: {count} conversations")
    return 0


def database_file(url: str) -> Path:
    """The file of an SQLite database.

    Raises:
        BackupError: the database is another one.
    """
    parts = make_url(url)
    if parts.get_backend_name() != "sqlite" or not parts.database:
        raise BackupError("This is for SQLite files. For PostgreSQL use pg_dump and pg_restore, see docs/operating.md")
    return Path(parts.database)


def copy(source: Path, target: Path) -> int:
    """Copies a database as it is at one moment; returns how many conversations it holds.

    Raises:
        BackupError: there is no such database, or it is damaged.
        sqlite3.Error: it is no database, or cannot be written.
    """
    if not source.is_file():
        raise BackupError(f"{source} does not exist")
    with closing(sqlite3.connect(source)) as read:
        (sound,) = read.execute("PRAGMA integrity_check(1)").fetchone()
        if sound != "ok":
            raise BackupError(f"{source} is damaged: {sound}")
        (count,) = read.execute("SELECT count(DISTINCT sender_id) FROM events").fetchone()
        with closing(sqlite3.connect(target)) as written:
            read.backup(written, pages=_PAGES_AT_A_TIME)
    return int(count)


if __name__ == "__main__":
    sys.exit(main())
