"""One turn for each message, however often it is tried: the assistant with a trained model."""

from __future__ import annotations

import asyncio
import warnings
from pathlib import Path

import pytest

from bot.server.assistant import Assistant
from bot.server.settings import Settings

CASE = "不可切除，肝转移3枚，最大2.8cm"


@pytest.fixture(scope="module")
def assistant(trained_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    """An assistant with conversations of its own."""
    file = tmp_path_factory.mktemp("turns") / "conversations.db"
    with warnings.catch_warnings():
        # what Rasa warns of when it loads a model is not at issue here
        warnings.simplefilter("ignore")
        return Assistant.load(Settings(model_path=trained_model, tracker_store_url=f"sqlite:///{file}"))


def test_a_turn_that_was_kept_is_told_again_word_for_word(assistant: Assistant) -> None:
    async def talk() -> None:
        first = await assistant.answer("one", CASE, "m-1")
        second = await assistant.answer("one", "为什么问这个", "m-2")
        assert len(first) > 1
        assert any(message.get("buttons") for message in first)
        assert await assistant.answer_given("one", "m-1") == first
        assert await assistant.answer_given("one", "m-2") == second
        assert await assistant.answer_given("one", "m-3") is None
        assert await assistant.answer_given("nobody", "m-1") is None

    asyncio.run(talk())


def test_a_message_that_is_tried_again_changes_nothing(assistant: Assistant) -> None:
    from bot.channels.turns import AssistantTurns
    from bot.server.startup import Startup

    async def talk() -> None:
        startup = Startup(lambda _: assistant)
        startup.begin()
        turn = AssistantTurns(startup)
        said = await turn("two", CASE, "m-1", False)
        assert await turn("two", CASE, "m-1", True) == said
        tracker = await assistant.agent.tracker_store.retrieve("two")
        assert [event.text for event in tracker.events if event.type_name == "user"] == [CASE]
        assert await turn("two", "没有肝外转移", "m-2", True)
        tracker = await assistant.agent.tracker_store.retrieve("two")
        assert len([event for event in tracker.events if event.type_name == "user"]) == 2

    asyncio.run(talk())
