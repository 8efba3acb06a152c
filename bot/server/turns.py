"""The turns of a session: each message is taken once, in order, whoever sends it how often."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

from bot.server.assistant import Assistant
from bot.server.frames import Edit, Language, Message, Press, Say
from bot.server.transcript import Exchange, Transcript
from knowledge.loading import Knowledge
from knowledge.models.understanding import FactMention
from knowledge.rendering.base import fact_text

_CHANNEL = "widget"
_WAIT = 0.05
"""Seconds between two looks whether a turn on another connection has ended."""
_LANGUAGES = {"zh": "中文", "en": "English"}


class NoSuchButtonError(Exception):
    """The session has no quick reply of this name."""


class SessionTurns:
    """One session as one connection sees it."""

    def __init__(self, kb: Knowledge, assistant: Assistant, conversation: str) -> None:
        self._kb = kb
        self._assistant = assistant
        self._conversation = conversation
        self._transcript = Transcript()

    def read(self) -> Transcript:
        """The conversation up to now, whatever other connections and servers have added to it."""
        self._transcript = self._assistant.agent.tracker_store.read(self._transcript, self._conversation)
        return self._transcript

    async def take(self, message: Message) -> Exchange:
        """The answer to a message: the one it has had already, or a new one.

        Raises:
            NoSuchButtonError: it is a quick reply that was never offered here.
            TurnFailedError: something went wrong; the message can be sent again.
        """
        agent = self._assistant.agent
        async with agent.lock_store.lock(self._conversation, wait_time_in_seconds=_WAIT):
            known = self.read().exchanges.get(message.id)
            if known is None:
                text, more = self._heard(message)
                said = await self._assistant.take_turn(
                    self._conversation,
                    text,
                    agent.processor.handle_message,
                    input_channel=_CHANNEL,
                    message_id=message.id,
                    **more,
                )
                # Of a turn that deletes the conversation nothing is kept.
                known = self.read().exchanges.get(message.id) or Exchange(message.id, text, time.time(), said)
            return known

    async def forget(self) -> None:
        """Deletes the conversation."""
        agent = self._assistant.agent
        async with agent.lock_store.lock(self._conversation, wait_time_in_seconds=_WAIT):
            agent.tracker_store.forget(self._conversation)
        self._transcript = Transcript()

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
        for exchange in reversed(self.read().exchanges.values()):
            for _, offered, button in self._offered(exchange):
                if offered == name:
                    return str(button["payload"])
        raise NoSuchButtonError(name)

    def _offered(self, exchange: Exchange) -> Iterator[tuple[int, str, dict[str, Any]]]:
        """Each quick reply of an exchange: the position of its message, its opaque name, and what it is."""
        mark = self._assistant.sessions.mark
        for place, message in enumerate(exchange.messages):
            for number, button in enumerate(message.get("buttons", ())):
                yield place, mark(self._conversation, exchange.id, place, number), button


def _meaning(text: str, intent: str, entity: dict[str, Any]) -> dict[str, Any]:
    """What understanding a message would have yielded."""
    return {
        "parse_data": {"text": text, "intent": {"name": intent, "confidence": 1.0}, "entities": [entity]},
    }
