"""Slots are filled with what Rasa would fill them with."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

SAID = ("unresectable, 2 liver mets", "sorry, 3 mets", "why?", "RAS mutant", "用中文", "new patient", "forget RAS")


def as_dicts(events: list[Any]) -> list[dict[str, Any]]:
    return [{**event.as_dict(), "timestamp": None} for event in events]


@pytest.fixture(scope="module")
def assistant(trained_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
    from tests.bot.server.test_assistant import load

    return load(trained_model, tmp_path_factory.mktemp("slots"))


def test_the_same_slots_with_the_same_values(assistant: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from rasa.core.actions.action import ActionExtractSlots

    from bot.server import slot_filling

    compared = []

    async def both(extraction: Any, channel: Any, nlg: Any, tracker: Any, domain: Any) -> Any:
        theirs = await slot_filling._through_mappings(extraction, channel, nlg, tracker.copy(), domain)
        ours = await slot_filling._ask_the_action(extraction, channel, nlg, tracker, domain)
        compared.append((as_dicts(ours), as_dicts(theirs)))
        return ours

    async def talk() -> None:
        for message in SAID:
            await assistant.answer("someone", message)

    assert ActionExtractSlots.run is slot_filling._ask_the_action
    monkeypatch.setattr(ActionExtractSlots, "run", both)
    asyncio.run(talk())
    assert len(compared) >= len(SAID)
    assert any(event["event"] == "slot" for ours, _ in compared for event in ours)
    for ours, theirs in compared:
        assert ours == theirs


def test_a_slot_with_another_mapping_is_filled_by_it(assistant: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    slot = next(slot for slot in assistant.agent.domain.slots if slot.name == "topic")
    monkeypatch.setattr(slot, "mappings", [{"type": "from_text"}])
    asyncio.run(assistant.answer("another", "RAS mutant"))
    tracker = asyncio.run(assistant.agent.tracker_store.retrieve("another"))
    assert "RAS mutant" in [event.value for event in tracker.events if getattr(event, "key", None) == "topic"]
