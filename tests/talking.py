"""Holds conversations with a trained assistant whose actions run in the same process."""

from __future__ import annotations

import asyncio
import logging
import warnings
from pathlib import Path
from typing import Any


def load(model: Path) -> Any:
    """The assistant."""
    import structlog
    from rasa.core.agent import Agent

    from bot.server.action_endpoint import InProcessActions

    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Rasa warns of its own files when it unpacks a model
        return Agent.load(str(model), action_endpoint=InProcessActions())


def load_with_store(model: Path, url: str) -> Any:
    """The assistant as the server loads it, with its conversations in the database at `url`."""
    from bot.server.assistant import Assistant
    from bot.server.settings import Settings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # see `load`
        return Assistant.load(Settings(model_path=model, tracker_store_url=url))


class Answer:
    """What the assistant says to one message."""

    def __init__(self, messages: list[dict[str, Any]]) -> None:
        self.messages = messages

    @property
    def kinds(self) -> list[str | None]:
        """The kind of each message; None for words without clinical content."""
        return [(message.get("custom") or {}).get("kind") for message in self.messages]

    @property
    def text(self) -> str:
        """All texts."""
        return "\n".join(message["text"] for message in self.messages)

    @property
    def buttons(self) -> list[str]:
        """The payloads of all quick replies."""
        return [button["payload"] for message in self.messages for button in message.get("buttons") or ()]

    def __getitem__(self, kind: str) -> dict[str, Any]:
        """The data of the one message of a kind."""
        found = [message["custom"] for message in self.messages if (message.get("custom") or {}).get("kind") == kind]
        assert len(found) == 1, f"{len(found)} messages of kind {kind} in {self.kinds}"
        return found[0]

    @property
    def asked(self) -> str | None:
        """The fact that is asked for; a question always comes last, and only once."""
        if "question" not in self.kinds:
            return None
        assert self.kinds.index("question") == len(self.kinds) - 1, self.kinds
        return str(self["question"]["fact"])


class Conversation:
    """One user talking to the assistant."""

    def __init__(self, agent: Any, loop: asyncio.AbstractEventLoop, sender: str) -> None:
        self.agent = agent
        self.loop = loop
        self.sender = sender

    def __call__(self, *texts: str | None) -> Answer:
        """Say one or more messages; the answer to the last one."""
        answer = Answer([])
        for text in texts:
            answer = Answer(self.loop.run_until_complete(self._say(text)))
        return answer

    async def _say(self, text: str | None) -> list[dict[str, Any]]:
        from rasa.core.channels.channel import UserMessage

        from bot.server.collecting import WholeMessages

        output = WholeMessages()
        await self.agent.handle_message(UserMessage(text, output, self.sender))
        return output.messages

    @property
    def tracker(self) -> Any:
        """What Rasa remembers of the conversation."""
        return self.loop.run_until_complete(self.agent.tracker_store.retrieve(self.sender))

    @property
    def facts(self) -> dict[str, Any]:
        """The facts known now."""
        from knowledge.models.facts import FACT_IDS

        slots = self.tracker.current_slot_values()
        return {fact: slots[fact] for fact in FACT_IDS if slots[fact] is not None}

    @property
    def asking(self) -> bool:
        """Whether the intake is running."""
        return self.tracker.active_loop_name == "intake_form"

    @property
    def intent(self) -> str:
        """The intent of the last message."""
        events = self.tracker.as_dialogue().events
        return next(str(event.intent["name"]) for event in reversed(events) if event.type_name == "user")
