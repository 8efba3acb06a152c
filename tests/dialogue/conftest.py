"""A trained assistant to talk to, with its actions in the same process."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.talking import Conversation, load


@pytest.fixture(scope="session")
def model() -> Path:
    """The trained model; trained only when something it is made of has changed."""
    from bot.train import train

    return train()


@pytest.fixture(scope="session")
def agent(model: Path) -> Any:
    """The assistant."""
    return load(model)


@pytest.fixture(scope="session")
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    """The event loop all conversations run in."""
    running = asyncio.new_event_loop()
    yield running
    running.close()


@pytest.fixture(scope="session")
def new_chat(agent: Any, loop: asyncio.AbstractEventLoop) -> Callable[[], Conversation]:
    """Starts conversations."""
    numbers = itertools.count()
    return lambda: Conversation(agent, loop, f"user-{next(numbers)}")


@pytest.fixture
def chat(new_chat: Callable[[], Conversation]) -> Conversation:
    """A conversation that has not begun."""
    return new_chat()
