"""Puts messages to an assistant in this process and notes whatever goes wrong."""

from __future__ import annotations

import asyncio
import json
import logging
import time
import uuid
import warnings
from collections.abc import Awaitable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from bot.server.assistant import Assistant, TurnFailedError
from bot.server.bodies import AskedQuestion, AskResult, UserMessage
from bot.server.settings import Settings
from knowledge.loading import load_knowledge
from knowledge.nlu.language import detect
from knowledge.rendering import answer

BOUND = 3.0
"""Seconds of the processor that a message may take."""
_TURNS = 25
"""Messages of a conversation, so that strange messages also meet a case that has begun."""
_RESULT: TypeAdapter[Any] = TypeAdapter(AskResult)


@dataclass
class Finding:
    """Something that must not be: which message, and what it did."""

    kind: str
    text: str
    what: str


@dataclass
class Report:
    """What was put to the assistant and what came of it.

    Attributes:
        seconds: of the processor, for each message.
        slowest: the messages that took longest, with the seconds they took.
    """

    findings: list[Finding] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    slowest: list[tuple[float, str, str]] = field(default_factory=list)

    def add(self, part: Report) -> None:
        """Take in what came of more messages."""
        self.findings += part.findings
        self.seconds += part.seconds
        self.slowest = sorted([*self.slowest, *part.slowest], reverse=True)[:10]

    def timed(self, kind: str, text: str, taken: float) -> None:
        """Note how long a message took."""
        self.seconds.append(taken)
        self.slowest = sorted([*self.slowest, (taken, kind, text)], reverse=True)[:10]
        if taken > BOUND:
            self.findings.append(Finding(kind, text, f"took {taken:.1f} s"))


class _Heard(logging.Handler):
    """Whatever is logged while a message is answered: nothing should be."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """See parent class."""
        self.lines.append(f"{record.name}: {record.getMessage()}"[:200])


class Hearing:
    """An assistant with conversations of its own, and what it does with messages."""

    def __init__(self, model: Path, folder: Path) -> None:
        self._kb = load_knowledge()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Rasa warns of its own files when it unpacks a model
            self._assistant = Assistant.load(
                Settings(model_path=model, tracker_store_url=f"sqlite:///{folder / 'c.db'}")
            )

    def talk(self, messages: Iterable[tuple[str, str]]) -> Report:
        """Whole turns: each message is understood, acted upon, answered and stored."""
        return asyncio.run(self._each(messages, self._turn))

    def ask(self, messages: Iterable[tuple[str, str]]) -> Report:
        """Each message as it is understood, and as a question to the knowledge base; nothing is stored."""
        return asyncio.run(self._each(messages, self._question))

    async def _each(self, messages: Iterable[tuple[str, str]], put: Any) -> Report:
        report, heard = Report(), _Heard()
        logging.getLogger().addHandler(heard)
        try:
            for number, (kind, text) in enumerate(messages):
                began = time.thread_time()
                wrong = await _outcome(put(number, text))
                report.timed(kind, text, time.thread_time() - began)
                for what in (*([wrong] if wrong else ()), *heard.lines):
                    report.findings.append(Finding(kind, text, what))
                heard.lines.clear()
        finally:
            logging.getLogger().removeHandler(heard)
        return report

    async def _turn(self, number: int, text: str) -> None:
        if number % _TURNS == 0:
            self._sender = f"fuzz-{uuid.uuid4().hex}"
        said = UserMessage.model_validate({"sender": self._sender, "message": text})
        handle = self._assistant.agent.handle_message
        messages = await self._assistant.take_turn(said.sender, said.message, handle)
        json.dumps(messages, ensure_ascii=False, allow_nan=False).encode()
        if not all(message.get("text") for message in messages):
            raise ValueError("an answer without words")

    async def _question(self, _: int, text: str) -> None:
        await self._assistant.agent.parse_message(text)
        try:
            asked = AskedQuestion.model_validate({"question": text})
        except ValidationError:
            return  # /api/ask refuses it
        from actions.answer import questions

        lang = detect(asked.question, None)
        reply = answer.show(self._kb, questions().ask(asked.question, lang), lang)
        if reply.custom is None:
            raise ValueError("a finding without a message")
        _RESULT.validate_python({**reply.custom.model_dump(), "text": reply.text})
        json.dumps(reply.payload(), ensure_ascii=False, allow_nan=False).encode()


async def _outcome(putting: Awaitable[None]) -> str | None:
    try:
        await putting
    except TurnFailedError as failure:
        return f"the turn failed: {failure.__cause__!r}"[:300]
    except Exception as error:
        return repr(error)[:300]
    return None
