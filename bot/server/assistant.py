"""The assistant: Rasa's agent and what it needs, in this process."""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections.abc import Awaitable, Callable
from functools import cached_property
from pathlib import Path
from typing import Any

from bot.server.sessions import Sessions
from bot.server.settings import Settings
from bot.server.transcript import Transcript
from knowledge.loading import load_knowledge
from knowledge.models.base import Lang
from knowledge.models.messages import Reply
from knowledge.nlu.language import detect
from knowledge.rendering import decline

logger = logging.getLogger(__name__)

Messages = list[dict[str, Any]]
"""What one turn says: text, quick replies and data for programs, in the format of Rasa's REST channel."""

_WARM_UP = ("不可切除，肝转移2枚", "unresectable, two liver metastases")


class NoModelError(Exception):
    """There is no trained model; the message says where it was looked for."""


def find_model(path: Path) -> Path:
    """The model at `path`: the file itself, or the newest one in the folder.

    Raises:
        NoModelError: there is none.
    """
    if path.is_file():
        return path
    models = sorted(path.glob("*.tar.gz"), key=lambda model: model.stat().st_mtime)
    if not models:
        raise NoModelError(f"There is no model in {path}. Train one with: python -m bot.train")
    return models[-1]


class TurnFailedError(Exception):
    """A turn went wrong; `reply` says so in the language of the message, with a reference to the log."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(reply.text)
        self.reply = reply


class Assistant:
    """Holds conversations. Make one with `load`."""

    def __init__(self, agent: Any) -> None:
        self.agent = agent

    @property
    def model(self) -> str:
        """The name of the model that is loaded."""
        return str(self.agent.processor.model_filename)

    @classmethod
    def load(cls, settings: Settings, report: Callable[[str], None] = lambda _: None) -> Assistant:
        """Loads the model and opens the stores; takes some seconds.

        Args:
            settings: which model, stores and actions.
            report: called with what is being done.

        Raises:
            NoModelError: there is no model.
        """
        from bot.server.deferred import defer

        model = find_model(settings.model_path)
        report("loading packages")
        defer()
        from bot.server.agent import load_agent
        from bot.server.stores import open_lock_store, open_tracker_store

        report("opening the conversations")
        tracker_store = open_tracker_store(settings.tracker_store_url)
        lock_store = open_lock_store(settings.lock_store_url)
        report(f"loading {model.name}")
        assistant = cls(load_agent(model, tracker_store, lock_store, settings.action_endpoint_url))
        report("warming up")
        asyncio.run(assistant.warm_up())
        return assistant

    async def warm_up(self) -> None:
        """Reads a message in each language, so that no user waits for what is loaded when it is first used."""
        from actions.answer import questions

        for text in _WARM_UP:
            await self.agent.parse_message(text)
            questions().ask(text, language_of(text))

    @cached_property
    def sessions(self) -> Sessions:
        """Issues the sessions of the widget."""
        from bot.server.secret import shared_secret

        return Sessions(shared_secret(self.agent.tracker_store.engine))

    async def answer(self, sender: str, text: str, message_id: str | None = None, channel: str = "rest") -> Messages:
        """What the assistant says to a message; never nothing.

        Args:
            sender: the conversation.
            text: what was said.
            message_id: names the message, so that `answer_given` can find the turn again.
            channel: where it was said.

        When something fails, that is said in the user's language with a reference to the log, and the
        conversation stays as it was.
        """
        try:
            more = {"message_id": message_id, "input_channel": channel}
            return await self.take_turn(sender, text, self.agent.handle_message, **more)
        except TurnFailedError as failure:
            return as_messages(sender, failure.reply)

    async def take_turn(self, sender: str, text: str, handle: Callable[[Any], Awaitable[Any]], **more: Any) -> Messages:
        """One turn of a conversation.

        Args:
            sender: the conversation.
            text: the message.
            handle: hands a message of Rasa's to the dialogue.
            more: what else Rasa shall know of the message.

        Raises:
            TurnFailedError: something went wrong, and the conversation is as it was.
        """
        from rasa.core.channels.channel import UserMessage

        from bot.server.collecting import WholeMessages

        said = WholeMessages()
        try:
            await handle(UserMessage(text, said, sender, **more))
            if not said.messages:
                raise RuntimeError("the turn ended without a word")
        except Exception as error:
            reference = uuid.uuid4().hex[:8]
            logger.exception("turn failed, reference %s", reference)
            raise TurnFailedError(decline.failed(load_knowledge(), language_of(text), reference)) from error
        return list(said.messages)

    async def answer_given(self, sender: str, message_id: str) -> Messages | None:
        """What was said to a message before; None if its turn was not kept."""
        given = self.agent.tracker_store.read(Transcript(), sender).exchanges.get(message_id)
        return [{"recipient_id": sender, **message} for message in given.messages] if given else None

    async def check(self) -> None:
        """Raises whatever the stores raise when they are asked."""
        from bot.server.stores import ask_stores

        await ask_stores(self.agent.tracker_store, self.agent.lock_store)


def as_messages(sender: str, reply: Reply) -> Messages:
    """A reply in the format of the REST channel."""
    parts = {"buttons": [button.model_dump() for button in reply.buttons], "custom": reply.payload()}
    return [{"recipient_id": sender, "text": reply.text, **{key: part for key, part in parts.items() if part}}]


def language_of(text: str) -> Lang:
    """The language of a message that nothing came before."""
    return detect(text, None)
