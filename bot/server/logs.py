"""What the server logs: a record a line, and nothing in it that a user said.

A message of this project's own loggers is written with that in mind. Messages of packages and of exceptions are not:
they may repeat a text, a sender or the parameters of a statement. Of a foreign record therefore only its place in the
code is told, of an exception its type and where it was raised, and its message only where that cannot hold any of it.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import secrets
import sys
import threading
import traceback
import warnings
from collections.abc import Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, Literal

OWN = "bot"
"""The name above all loggers of this server."""

_SPOKEN = ("bot", "actions", "knowledge", "uvicorn")
"""Loggers whose messages are known to hold nothing of what users say."""
_ROOT = str(Path(__file__).resolve().parents[2]) + os.sep
_PACKAGES = f"site-packages{os.sep}"

_about: ContextVar[Mapping[str, str]] = ContextVar("about", default={})  # noqa: B039 - replaced, never changed


class _Key:
    """What pseudonyms are made with: until the servers' shared secret is known, one that nobody else has."""

    value = secrets.token_bytes(32)


def set_up(level: str = "info", form: Literal["text", "json"] | None = None) -> None:
    """Log to standard error; call this before packages are imported, whose warnings are no concern of anybody here.

    Args:
        level: from which level on this server itself is heard; packages say errors only.
        form: `text` for people, `json` for programs; by default what suits standard error.
    """
    import structlog

    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ["RASA_TELEMETRY_ENABLED"] = "false"
    warnings.showwarning = _unseen
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines() if is_json(form) else TextLines())
    logging.basicConfig(level=logging.ERROR, handlers=[handler], force=True)
    # A record that cannot be written would else be printed with all it holds.
    logging.raiseExceptions = False
    logging.getLogger(OWN).setLevel(level.upper())
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR),
        logger_factory=structlog.stdlib.LoggerFactory(),
        processors=[_as_record],
        cache_logger_on_first_use=True,
    )
    sys.excepthook = lambda *error: logging.getLogger(OWN).critical("ended by an exception", exc_info=error)
    threading.excepthook = _thread_failed


def is_json(form: Literal["text", "json"] | None) -> bool:
    """Whether programs read the log rather than people."""
    return form == "json" or (form is None and not sys.stderr.isatty())


def use_key(secret: bytes) -> None:
    """From now on servers that share `secret` have the same pseudonyms."""
    _Key.value = hashlib.sha256(b"log" + secret).digest()


def pseudonym(name: str) -> str:
    """What stands for a conversation in the log: the same each time, and nobody can tell whose it is."""
    return hashlib.blake2b(name.encode("utf-8", "replace"), key=_Key.value, digest_size=6).hexdigest()


@contextmanager
def about(**fields: str) -> Iterator[None]:
    """Every record in this context says what it is about, those of packages included."""
    token = _about.set({**_about.get(), **fields})
    try:
        yield
    finally:
        _about.reset(token)


def describe(error: BaseException) -> str:
    """An exception in a few words that hold nothing of what users said."""
    told = _told(error)
    return f"{type(error).__name__}: {told}" if told else type(error).__name__


class _Lines(logging.Formatter):
    """What the forms of a record have in common."""

    def fields(self, record: logging.LogRecord) -> dict[str, Any]:
        """The parts of a record, in the order in which they are read."""
        spoken = record.name.split(".")[0] in _SPOKEN
        said = datetime.fromtimestamp(record.created, timezone.utc).isoformat(timespec="milliseconds")
        fields = {"time": said, "level": record.levelname.lower(), "logger": record.name}
        fields["message"] = _message(record) if spoken else f"{_short(record.pathname)}:{record.lineno}"
        fields.update(_about.get())
        fields.update(getattr(record, "fields", {}))
        return fields

    @staticmethod
    def errors(record: logging.LogRecord) -> list[dict[str, Any]]:
        """The exceptions of a record, the one that began it first."""
        error = record.exc_info[1] if record.exc_info else None
        chain: list[dict[str, Any]] = []
        while error is not None and len(chain) < 10:
            frames = traceback.extract_tb(error.__traceback__)
            places = [f"{_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames]
            chain.insert(0, {"error": describe(error), "at": places})
            error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        return chain


class JsonLines(_Lines):
    """For programs: an object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """See parent class."""
        errors = self.errors(record)
        fields = self.fields(record) | ({"errors": errors} if errors else {})
        return json.dumps(fields, ensure_ascii=False, default=str)


class TextLines(_Lines):
    """For people: a line, and below it where exceptions come from."""

    def format(self, record: logging.LogRecord) -> str:
        """See parent class."""
        fields = self.fields(record)
        head = " ".join(str(fields.pop(name)) for name in ("time", "level", "logger", "message"))
        lines = [" ".join([head, *(f"{name}={value}" for name, value in fields.items())])]
        for error in self.errors(record):
            lines += [f"  {error['error']}", *(f"    {place}" for place in error["at"])]
        return "\n".join(line.replace("\n", "\\n").replace("\r", "\\r") for line in lines)


def _message(record: logging.LogRecord) -> str:
    args = record.args
    if isinstance(args, tuple):
        args = tuple(describe(value) if isinstance(value, BaseException) else value for value in args)
    return (str(record.msg) % args if args else str(record.msg)).rstrip()


def _told(error: BaseException) -> str:
    """The message of an exception that speaks of the machine and of this project only; else nothing."""
    import sqlalchemy as sa  # type: ignore[import-untyped]

    if isinstance(error, OSError):
        return error.strerror or ""
    if isinstance(error, sa.exc.OperationalError):
        return _first_line(error.orig)
    family = type(error).__module__.split(".")
    operational = type(error).__name__ in ("OperationalError", "ConnectionError", "TimeoutError")
    if family[0] == OWN or (operational and family[0] in ("sqlite3", "psycopg2", "redis")):
        return _first_line(error)
    return ""


def _first_line(error: BaseException) -> str:
    return next(iter(str(error).splitlines()), "").strip()


def _short(path: str) -> str:
    """A file without where it is installed."""
    return path.rpartition(_PACKAGES)[2].removeprefix(_ROOT)


def _as_record(_: Any, __: str, event: MutableMapping[str, Any]) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """What Rasa says in its own way goes the way of all records, without the values it brings."""
    return (event.get("event"),), {"exc_info": event.get("exc_info")}


def _thread_failed(failure: threading.ExceptHookArgs) -> None:
    error = failure.exc_value
    logging.getLogger(OWN).error("a thread ended by an exception", exc_info=error)


def _unseen(*_: Any, **__: Any) -> None:
    """Packages force their warnings through every filter when they are imported; they are not shown."""
