"""What is logged, and that nothing of it is what users said."""

from __future__ import annotations

import asyncio
import io
import json
import logging
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sqlalchemy as sa
import structlog

from bot.server import logs
from bot.server.database import connect
from tests.running import ROOT

SECRET = "张三丰 KRAS G12D"


class Written:
    """A log that a test reads."""

    def __init__(self, stream: io.StringIO) -> None:
        self._stream = stream

    @property
    def text(self) -> str:
        """All of it."""
        return self._stream.getvalue()

    @property
    def lines(self) -> list[dict[str, Any]]:
        """Its records."""
        return [json.loads(line) for line in self.text.splitlines()]


@pytest.fixture(params=[logs.JsonLines, logs.TextLines], ids=["json", "text"])
def form(request: pytest.FixtureRequest) -> type[logging.Formatter]:
    """How records are written."""
    kind: type[logging.Formatter] = request.param
    return kind


@pytest.fixture
def written(form: type[logging.Formatter]) -> Iterator[Written]:
    """Everything that is logged during a test."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(form())
    root = logging.getLogger()
    root.addHandler(handler)
    yield Written(stream)
    root.removeHandler(handler)


def value_error() -> None:
    raise ValueError(SECRET)


def chained() -> None:
    try:
        value_error()
    except ValueError as error:
        raise RuntimeError(f"could not read {SECRET}") from error


def of_the_database() -> None:
    engine = connect("sqlite://")
    with engine.begin() as connection:
        connection.execute(sa.text("insert into patients values (:words)"), {"words": SECRET})


def of_its_rules() -> None:
    engine = connect("sqlite://")
    with engine.begin() as connection:
        connection.execute(sa.text("create table words (word text check (length(word) < 2))"))
        connection.execute(sa.text("insert into words values (:word)"), {"word": SECRET})


def of_a_file() -> None:
    open(f"/{SECRET}")  # noqa: SIM115, PTH123


@pytest.mark.parametrize("fail", [value_error, chained, of_the_database, of_its_rules, of_a_file])
def test_an_exception_is_told_by_its_type_and_place(written: Written, fail: Callable[[], None]) -> None:
    try:
        fail()
    except Exception:
        logging.getLogger("bot.server").exception("a turn failed, reference %s", "1234")
    assert "1234" in written.text
    assert f"test_logs.py:{fail.__code__.co_firstlineno + 1}" in written.text or "test_logs.py" in written.text
    assert not set(SECRET) & set(written.text) - set("KRASG12D ")
    assert "G12D" not in written.text


def test_what_helps_and_holds_nothing_is_told(written: Written) -> None:
    try:
        of_the_database()
    except sa.exc.OperationalError as error:
        logging.getLogger("bot.server").warning("not stored: %s", error)
    assert "not stored: OperationalError: no such table: patients" in written.text
    try:
        of_a_file()
    except OSError as error:
        logging.getLogger("bot.server").warning("not read: %s", error)
    assert "not read: FileNotFoundError: No such file or directory" in written.text


def test_packages_are_told_by_their_place_in_the_code(written: Written, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("uvicorn", "uvicorn.error"):  # a server that ran in this process may have taken them for itself
        monkeypatch.setattr(logging.getLogger(name), "propagate", True)
    logging.getLogger("rasa.core.processor").error(f"cannot handle {SECRET}")
    logging.getLogger("sqlalchemy.pool").error("parameters: %s", SECRET)
    logging.getLogger("uvicorn.error").error("Exception in ASGI application\n")
    assert "test_logs.py:" in written.text
    assert "Exception in ASGI application" in written.text
    assert "G12D" not in written.text


def test_values_that_rasa_logs_in_its_own_way_are_left_out(written: Written) -> None:
    before = structlog.get_config()
    try:
        structlog.configure(
            logger_factory=structlog.stdlib.LoggerFactory(),
            processors=[logs._as_record],
            wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR),
        )
        structlog.get_logger("rasa.core").error("processor.slots.log", slot_values=SECRET)
    finally:
        structlog.configure(**before)
    assert "error" in written.text
    assert "G12D" not in written.text


def test_a_task_that_nobody_waited_for(written: Written) -> None:
    async def forget() -> None:
        async def fail() -> None:
            value_error()

        task = asyncio.get_running_loop().create_task(fail())
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        del task

    asyncio.run(forget())
    assert "ValueError" in written.text
    assert "G12D" not in written.text


def test_a_record_says_what_it_is_about(written: Written, form: type[logging.Formatter]) -> None:
    with logs.about(reference="abcd", conversation=logs.pseudonym("Dr Zhang")):
        logging.getLogger("rasa.core").error("x")
        logging.getLogger("bot.server").warning("two\nlines", extra={"fields": {"seconds": 0.1}})
    assert written.text.count("abcd") == 2
    assert "Zhang" not in written.text
    assert len(written.text.splitlines()) == 2, "nobody can forge a record"
    if form is logs.JsonLines:
        assert written.lines[1] | {"seconds": 0.1, "level": "warning", "message": "two\nlines"} == written.lines[1]
        assert set(written.lines[0]) == {"time", "level", "logger", "message", "reference", "conversation"}


def test_pseudonyms_are_the_same_where_the_secret_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs._Key, "value", b"one")
    one = logs.pseudonym("someone")
    assert logs.pseudonym("someone") == one != logs.pseudonym("somebody")
    logs.use_key(b"shared")
    shared = logs.pseudonym("someone")
    logs.use_key(b"shared")
    assert logs.pseudonym("someone") == shared != one


def test_set_up_keeps_the_last_words_of_a_process_to_itself() -> None:
    program = (
        "import logging, threading\n"
        "from bot.server import logs\n"
        "logs.set_up('info', 'json')\n"
        "def fail(): raise ValueError('G12D')\n"
        "thread = threading.Thread(target=fail); thread.start(); thread.join()\n"
        "logging.getLogger('bot').info('%d', 'G12D')\n"
        "fail()\n"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "G12D" not in done.stderr + done.stdout
    assert [json.loads(line)["level"] for line in done.stderr.splitlines()] == ["error", "critical"]


def test_hooks_of_this_process_are_left_alone() -> None:
    assert threading.excepthook is threading.__excepthook__ or threading.excepthook.__module__ != "bot.server.logs"
