"""Conversations that several workers hold, and long ones."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.bot.server.test_session_tracker import CONVERSATION
from tests.talking import load_with_store

LONG = (
    *CONVERSATION,
    "TP53 mutant",
    "what can be ablated?",
    "more",
    "show me the options",
    "why SBRT",
    "RAS unknown",
    "summary",
)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path_factory.mktemp('store') / 'conversations.db'}"
    return str(request.getfixturevalue("another_database"))


@pytest.fixture(scope="module")
def another_database(lasting_postgresql: Any) -> str:
    return str(lasting_postgresql.url)


@pytest.fixture(scope="module")
def assistant(trained_model: Path, url: str) -> Iterator[Any]:
    loaded = load_with_store(trained_model, url)
    yield loaded
    loaded.agent.tracker_store.engine.dispose()


@pytest.fixture
def other(assistant: Any, url: str) -> Iterator[Any]:
    """The store of another worker."""
    from bot.server.tracker_store import ConversationStore

    store = ConversationStore(url)
    store.domain = assistant.agent.domain
    yield store
    store.engine.dispose()


def talk(assistant: Any, stores: list[Any], texts: tuple[str, ...] = LONG) -> list[str]:
    """What is said in a conversation whose turns go to one store after the other."""
    sender, said = uuid.uuid4().hex, []
    own = assistant.agent.processor.tracker_store
    try:
        for number, text in enumerate(texts):
            assistant.agent.processor.tracker_store = stores[number % len(stores)]
            said.append("\n".join(one["text"] for one in asyncio.run(assistant.answer(sender, text))))
    finally:
        assistant.agent.processor.tracker_store = own
    return said


def test_turns_on_two_workers_and_a_short_memory_change_no_answer(
    assistant: Any, other: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bot.server import tracker_store

    own = assistant.agent.tracker_store
    monkeypatch.setattr(tracker_store, "TURNS", 1000)
    expected = talk(assistant, [own])
    assert not any("went wrong" in said for said in expected)
    for turns in (1000, 12, 4):
        monkeypatch.setattr(tracker_store, "TURNS", turns)
        assert talk(assistant, [own]) == expected
        assert talk(assistant, [own, other]) == expected
    monkeypatch.setattr(tracker_store, "_KEPT", 0)
    assert talk(assistant, [own]) == expected, "each turn from the database alone"


def test_what_is_kept_in_memory_is_what_the_database_gives(
    assistant: Any, other: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bot.server import tracker_store

    monkeypatch.setattr(tracker_store, "TURNS", 4)
    own, sender = assistant.agent.tracker_store, uuid.uuid4().hex
    for text in LONG:
        asyncio.run(assistant.answer(sender, text))
        kept, read = (asyncio.run(store.retrieve(sender)) for store in (own, other))
        assert [event.as_dict() for event in kept.events] == [event.as_dict() for event in read.events]
        assert kept.current_slot_values() == read.current_slot_values()
        assert (kept.active_loop_name, kept.last_row, kept.stored) == (
            read.active_loop_name,
            read.last_row,
            read.stored,
        )
        own._keep(kept)
        other._kept.clear()
    users = [event for event in kept.events if event.type_name == "user"]
    assert len(users) == 4
    whole = asyncio.run(own.retrieve_full_tracker(sender))
    assert len(whole.events) > 2 * len(kept.events)


def test_a_turn_that_was_overtaken_is_not_kept(assistant: Any, other: Any) -> None:
    from rasa.shared.core.events import SlotSet

    from bot.server.failures import ConflictError

    own, sender = assistant.agent.tracker_store, uuid.uuid4().hex
    asyncio.run(assistant.answer(sender, "unresectable, 2 liver mets"))
    asyncio.run(assistant.answer(sender, "2.5 cm"))
    first, second = (asyncio.run(store.retrieve(sender)) for store in (own, other))
    first.update(SlotSet("ras", "mutant"))
    asyncio.run(own.save(first))
    second.update(SlotSet("ras", "wild_type"))
    with pytest.raises(ConflictError):
        asyncio.run(other.save(second))
    assert asyncio.run(other.retrieve(sender)).get_slot("ras") == "mutant"
    begun = (other.init_tracker("nobody yet"), other.init_tracker("nobody yet"))
    for tracker in begun:
        tracker.update(SlotSet("ras", "mutant"))
    asyncio.run(other.save(begun[0]))
    with pytest.raises(ConflictError):
        asyncio.run(own.save(begun[1]))
    own.forget("nobody yet")


def test_what_another_worker_forgot_is_forgotten(assistant: Any, other: Any) -> None:
    own, sender = assistant.agent.tracker_store, uuid.uuid4().hex
    for text in CONVERSATION[:3]:
        asyncio.run(assistant.answer(sender, text))
    assert sender in own._kept
    other.forget(sender)
    assert asyncio.run(own.retrieve(sender)) is None


def test_undo_reaches_no_further_than_the_turns_that_are_kept(assistant: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from bot.server import tracker_store

    monkeypatch.setattr(tracker_store, "TURNS", 3)
    own = assistant.agent.tracker_store
    near = talk(assistant, [own], ("unresectable, 2 liver mets", "RAS mutant", "more", "undo", "case so far"))
    assert "RAS" not in near[-1]
    far = talk(assistant, [own], ("unresectable, 2 liver mets", *["help"] * 5, "undo", "case so far"))
    assert "lesions: 2" in far[-1], "facts are not taken back in one go because their messages are out of sight"
