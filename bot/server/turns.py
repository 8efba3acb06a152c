"""The turns of a session: each message is taken once, in order, whoever sends it how often."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from functools import partial
from typing import Any

from bot.server.assistant import Assistant, language_of
from bot.server.failures import TurnFailedError, turn_failed, unless_overtaken
from bot.server.frames import Edit, Language, Message, Press, Say
from bot.server.transcript import Exchange, Transcript
from knowledge.loading import Knowledge
from knowledge.models.base import Lang
from knowledge.models.understanding import FactMention
from knowledge.rendering.base import fact_text

_CHANNEL = "widget"
_LANGUAGES = {"zh": "中文", "en": "English"}


class NoSuchButtonError(Exception):
    """The session has no quick reply of this name."""


class SessionTurns:
    """One session as one connection sees it.

    Attributes:
        conversation: its name.
    """

    def __init__(self, kb: Knowledge, assistant: Assistant, conversation: str) -> None:
        self._kb = kb
        self._assistant = assistant
        self.conversation = conversation
        self._transcript = Transcript()

    async def read(self) -> Transcript:
        """The conversation up to now, whatever other connections and servers have added to it."""
        store = self._assistant.agent.tracker_store
        self._transcript = await asyncio.to_thread(store.read, self._transcript, self.conversation)
        return self._transcript

    async def take(self, message: Message) -> Exchange:
        """The answer to a message: the one it has had already, or a new one.

        Raises:
            NoSuchButtonError: it is a quick reply that was never offered here.
            TurnFailedError: something went wrong; the message can be sent again.
        """
        try:
            return await self._locked(message)
        except (NoSuchButtonError, TurnFailedError):
            raise
        except Exception as error:
            raise turn_failed(error, self._language(message)) from error

    async def forget(self) -> None:
        """Deletes the conversation."""
        agent = self._assistant.agent
        async with agent.lock_store.lock(self.conversation):
            await asyncio.to_thread(agent.tracker_store.forget, self.conversation)
        self._transcript = Transcript()

    async def _locked(self, message: Message) -> Exchange:
        async with self._assistant.agent.lock_store.lock(self.conversation):
            return await unless_overtaken(partial(self._once, message))

    async def _once(self, message: Message) -> Exchange:
        if message.id not in (await self.read()).exchanges:
            text, more = self._heard(message)
            handle = self._assistant.agent.processor.handle_message
            said = await self._assistant.take_turn(
                self.conversation, text, handle, input_channel=_CHANNEL, message_id=message.id, **more
            )
            await self.read()
            if message.id not in self._transcript.exchanges:
                # Of a turn that deletes the conversation nothing is kept.
                return Exchange(message.id, text, time.time(), said)
        return self._transcript.exchanges[message.id]

    def _language(self, message: Message) -> Lang:
        """The language the conversation is held in, or else that of the message."""
        match message:
            case Language(lang=lang) | Edit(lang=lang):
                return lang
        held: Lang | None = self._transcript.case()["lang"]
        return held or language_of(message.text if isinstance(message, Say) else "")

    def holds(self, exchange: Exchange) -> bool:
        """Whether an exchange was kept when the conversation was last read."""
        return exchange.id in self._transcript.exchanges

    def case(self) -> dict[str, Any]:
        """The case as it stood when the conversation was last read."""
        return self._transcript.case()

    def shown(self, exchange: Exchange) -> dict[str, Any]:
        """An exchange as the client gets it: its quick replies have names in place of what they say."""
        messages = [{**message, "buttons": []} if "buttons" in message else message for message in exchange.messages]
        for place, name, button in self._offered(exchange):
            messages[place]["buttons"].append({"title": button["title"], "id": name})
        return {"id": exchange.id, "text": exchange.text, "at": exchange.at, "messages": messages}

    def _heard(self, message: Message) -> tuple[str, dict[str, Any]]:
        """The message in words and, where it is no free text, what it means."""
        match message:
            case Say(text=text):
                return text, {}
            case Press(button=button):
                return self._button(button), {}
            case Language(lang=lang):
                entity = {"entity": "language", "value": lang}
                return _LANGUAGES[lang], _meaning(_LANGUAGES[lang], "set_language", entity)
            case Edit():
                return self._edited(message)

    def _edited(self, edit: Edit) -> tuple[str, dict[str, Any]]:
        """A change in the case panel means what a sentence would mean, and goes the same way from here on."""
        text = fact_text(self._kb, edit.fact, edit.value, edit.lang)
        if edit.value is None and not edit.unknown:
            return text, _meaning(text, "withdraw", {"entity": "fact", "value": edit.fact})
        mention = FactMention(
            fact=edit.fact,
            value=edit.value,
            status="unknown" if edit.unknown else "known",
            start=0,
            end=len(text),
            text=text,
        )
        return text, _meaning(text, "inform", {"entity": edit.fact, **mention.model_dump(exclude={"fact"})})

    def _button(self, name: str) -> str:
        for exchange in reversed(self._transcript.exchanges.values()):
            for _, offered, button in self._offered(exchange):
                if offered == name:
                    return str(button["payload"])
        raise NoSuchButtonError(name)

    def _offered(self, exchange: Exchange) -> Iterator[tuple[int, str, dict[str, Any]]]:
        """Each quick reply of an exchange: the position of its message, its opaque name, and what it is."""
        mark = self._assistant.sessions.mark
        for place, message in enumerate(exchange.messages):
            for number, button in enumerate(message.get("buttons", ())):
                yield place, mark(self.conversation, exchange.id, place, number), button


def _meaning(text: str, intent: str, entity: dict[str, Any]) -> dict[str, Any]:
    """What understanding a message would have yielded."""
    return {
        "parse_data": {"text": text, "intent": {"name": intent, "confidence": 1.0}, "entities": [entity]},
    }
