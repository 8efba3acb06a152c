"""The commands of docs/operating.md, run as printed: back up, destroy, restore, and the conversation goes on."""

from __future__ import annotations

import asyncio
import os
import re
import sqlite3
import subprocess
import sys
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from deploy.databases import PostgreSQL
from tests.running import ROOT
from tests.talking import load_with_store

TEXT = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^ *```sh\n(.*?)^ *```", TEXT, re.DOTALL | re.MULTILINE)
COMMANDS = [line.strip() for block in BLOCKS for line in block.splitlines()]


def command(start: str) -> str:
    (found,) = [line for line in COMMANDS if line.startswith(start)]
    return found


def run(line: str, folder: Path, **environ: str) -> str:
    """Runs a command of the document as a shell would, in a folder of its own."""
    line = line.replace(".venv/bin/python", sys.executable)
    done = subprocess.run(
        ["sh", "-ec", line],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environ},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def talk(model: Path, url: str, sender: str, *texts: str) -> str:
    """What a server that has just been started says to the last of these messages."""
    assistant = load_with_store(model, url)

    async def say() -> str:
        said = []
        for text in texts:
            said = await assistant.answer(sender, text)
        return "\n".join(message["text"] for message in said)

    try:
        return asyncio.run(say())
    finally:
        assistant.agent.tracker_store.engine.dispose()


def goes_on(
    model: Path, url: str, folder: Path, save: str, destroy: Callable[[], None], restore: str, path: str
) -> None:
    zh, en = uuid.uuid4().hex, uuid.uuid4().hex
    talk(model, url, zh, "直肠癌肝转移，不可切除，3枚", "最大2.8cm")
    talk(model, url, en, "unresectable, two liver mets")
    run(save, folder, TRACKER_STORE_URL=url, PATH=path)
    talk(model, url, zh, "KRAS G12D")
    destroy()
    run(restore, folder, TRACKER_STORE_URL=url, PATH=path)
    case = talk(model, url, zh, "总结")
    assert all(fact in case for fact in ("不可切除", "病灶 3 个", "最大 2.8 cm"))
    assert "RAS 突变" not in case, "what was said after the copy is not in it"
    assert "lesions: 2 → lesions: 3" in talk(model, url, en, "sorry, 3 mets")


@pytest.mark.slow
def test_a_conversation_in_sqlite_outlives_the_loss_of_its_database(trained_model: Path, tmp_path: Path) -> None:
    file = tmp_path / "conversations.db"

    def destroy() -> None:
        for part in tmp_path.glob("conversations.db*"):
            part.unlink()

    save, restore = (
        command(".venv/bin/python -m bot.server.backup save"),
        command(".venv/bin/python -m bot.server.backup restore"),
    )
    goes_on(trained_model, f"sqlite:///{file}", tmp_path, save, destroy, restore, os.environ["PATH"])


@pytest.mark.slow
def test_a_conversation_in_postgresql_outlives_the_loss_of_its_database(
    trained_model: Path, fresh_database: str, lasting_postgresql: PostgreSQL, tmp_path: Path
) -> None:
    name = fresh_database.rpartition("/")[2]
    programs = Path(lasting_postgresql.tool("pg_dump")[0]).parent

    def destroy() -> None:
        for program in ("dropdb", "createdb"):
            subprocess.run(lasting_postgresql.tool(program, name), cwd=lasting_postgresql.folder, check=True)

    path = f"{programs}:{os.environ['PATH']}"
    goes_on(trained_model, fresh_database, tmp_path, command("pg_dump"), destroy, command("pg_restore"), path)


def test_a_copy_is_not_written_over_another_nor_taken_from_something_else(tmp_path: Path) -> None:
    from bot.server.backup import BackupError, copy, database_file

    with pytest.raises(BackupError, match="pg_dump"):
        database_file("postgresql://someone@host/database")
    with pytest.raises(BackupError, match="does not exist"):
        copy(tmp_path / "nothing", tmp_path / "target")
    (tmp_path / "text").write_text("no database", encoding="utf-8")
    with pytest.raises(sqlite3.DatabaseError, match="not a database"):
        copy(tmp_path / "text", tmp_path / "target")
    (tmp_path / "conversations-backup.db").touch()
    (tmp_path / "conversations.db").touch()
    line = command(".venv/bin/python -m bot.server.backup save")
    with pytest.raises(AssertionError, match="is there already"):
        run(line, tmp_path, TRACKER_STORE_URL=f"sqlite:///{tmp_path / 'conversations.db'}")


def test_the_commands_for_containers_differ_from_those_that_are_tried_only_in_how_the_database_is_named() -> None:
    services = yaml.safe_load((ROOT / "deploy" / "compose.yaml").read_text(encoding="utf-8"))["services"]
    for tried, start in ((command("pg_dump"), "pg_dump"), (command("pg_restore"), "pg_restore")):
        (line,) = [one for one in COMMANDS if one.startswith("docker compose") and f" {start} " in one]
        service, _, rest = line.partition("exec -T ")[2].partition(" ")
        assert service in services
        options = {
            word for word in tried.split() if (word.startswith("--") and "=" not in word) or word == "--format=custom"
        }
        assert options <= set(rest.split())


def test_the_other_commands_are_targets_of_make_or_tried_elsewhere() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    named = set(re.findall(r"make ([a-z-]+)", TEXT))
    assert {"run", "run-cluster", "migrate"} <= named
    for target in named:
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target
    tried = (".venv/bin/python -m bot.server.backup", "pg_dump", "pg_restore", "docker compose", "make migrate")
    assert [line for line in COMMANDS if not line.startswith(tried)] == []
    done = subprocess.run(
        ["make", "--no-print-directory", "--dry-run", "migrate"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == ".venv/bin/python -m bot.server.migrate"


def test_the_estimate_follows_from_its_figures() -> None:
    """The table can be computed from the assumptions above it."""
    turns, share, rate, kilobytes, days, hour, month = 12, 0.2, 24, 10, 30, 0.05, 0.15
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in TEXT.splitlines()
        if re.match(r"\| 1[0,]+ \|", line)
    ]
    assert len(rows) == 2
    for (users, stored_cores), row in zip([(10_000, 2 + 2), (1_000_000, 28 + 3 + 9)], rows, strict=True):
        peak = users * turns * share / 3600
        disk = users * turns * kilobytes * days / 1e6
        cost = stored_cores * 24 * hour + disk * month / 30
        assert float(row[2]) == pytest.approx(peak, rel=0.01)
        assert float(re.findall(r"[\d.]+", row[3])[0]) >= peak / rate
        assert float(row[5].split()[0]) * (1000 if "TB" in row[5] else 1) == pytest.approx(disk, rel=0.01)
        assert float(row[6]) == pytest.approx(cost, rel=0.02)
        assert float(row[7]) == pytest.approx(cost / (users / 1000), rel=0.02)
