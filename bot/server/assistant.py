"""The assistant: Rasa's agent and what it needs, in this process."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import cached_property, partial
from typing import Any

from bot.server import logs
from bot.server.failures import ConflictError, TurnFailedError, turn_failed, unless_overtaken
from bot.server.model_file import NoModelError, find_model, verify
from bot.server.observing import observed
from bot.server.sessions import Sessions
from bot.server.settings import Settings
from bot.server.transcript import Transcript
from knowledge.models.base import Lang
from knowledge.models.messages import Reply
from knowledge.nlu.language import detect

Messages = list[dict[str, Any]]
"""What one turn says: text, quick replies and data for programs, in the format of Rasa's REST channel."""

_WARM_UP = ("不可切除，肝转移2枚", "unresectable, two liver metastases")


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
            NoModelError: there is no model that may be loaded, or it cannot be.
        """
        from bot.server.deferred import defer

        model = find_model(settings.model_path)
        verify(model, settings.model_sha256)
        report("loading packages")
        defer()
        from bot.server.agent import load_agent
        from bot.server.stores import open_lock_store, open_tracker_store

        report("opening the conversations")
        tracker_store = open_tracker_store(settings.tracker_store_url, settings.database_pool_size)
        lock_store = open_lock_store(settings.lock_store_url)
        report(f"loading {model.name}")
        try:
            assistant = cls(load_agent(model, tracker_store, lock_store, settings.action_endpoint_url))
        except Exception as error:
            raise NoModelError(
                f"The model {model.name} cannot be loaded: it is damaged, or of another version. "
                "Train one with: python -m bot.train"
            ) from error
        logs.use_key(assistant.secret)
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
    def secret(self) -> bytes:
        """What the servers of a database share; see `shared_secret`."""
        from bot.server.secret import shared_secret

        return shared_secret(self.agent.tracker_store.engine)

    @cached_property
    def sessions(self) -> Sessions:
        """Issues the sessions of the widget."""
        return Sessions(self.secret)

    async def answer(self, sender: str, text: str, message_id: str | None = None, channel: str = "rest") -> Messages:
        """What the assistant says to a message; never nothing.

        Args:
            sender: the conversation.
            text: what was said.
            message_id: names the message, so that `answer_given` can find the turn again.
            channel: where it came from.

        When something fails, that is said in the user's language with a reference to the log, and the
        conversation stays as it was.
        """
        try:
            return await unless_overtaken(partial(self._answer, sender, text, message_id, channel))
        except TurnFailedError as failure:
            return as_messages(sender, failure.reply)
        except ConflictError as error:
            return as_messages(sender, turn_failed(error, language_of(text)).reply)

    async def _answer(self, sender: str, text: str, message_id: str | None, channel: str) -> Messages:
        try:
            return await self.take_turn(
                sender, text, self.agent.handle_message, message_id=message_id, input_channel=channel
            )
        except ConflictError:
            if message_id and (given := await self.answer_given(sender, message_id)):
                return given
            raise

    async def take_turn(self, sender: str, text: str, handle: Callable[[Any], Awaitable[Any]], **more: Any) -> Messages:
        """One turn of a conversation.

        Args:
            sender: the conversation.
            text: the message.
            handle: hands a message of Rasa's to the dialogue.
            more: what else Rasa shall know of the message.

        Raises:
            TurnFailedError: something went wrong, and the conversation is as it was.
            ConflictError: the conversation has gone on elsewhere meanwhile; the turn can be taken again.
        """
        from rasa.core.channels.channel import UserMessage

        from bot.server.collecting import WholeMessages

        said, lang = WholeMessages(), language_of(text)
        channel = more.setdefault("input_channel", "rest")
        with logs.about(conversation=logs.pseudonym(sender), channel=channel):
            try:
                with observed(channel, lang) as seen:
                    await handle(UserMessage(text, said, sender, **more))
                    if not said.messages:
                        raise RuntimeError("the turn ended without a word")
                    seen.extend(said.messages)
            except ConflictError:
                raise
            except Exception as error:
                raise turn_failed(error, lang) from error
        return list(said.messages)

    async def answer_given(self, sender: str, message_id: str) -> Messages | None:
        """What was said to a message before; None if its turn was not kept."""
        said = await asyncio.to_thread(self.agent.tracker_store.read, Transcript(), sender)
        given = said.exchanges.get(message_id)
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
