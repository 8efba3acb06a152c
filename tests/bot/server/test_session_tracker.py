"""Our tracker and store remember a conversation exactly as Rasa's do."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import Any

import pytest

CONVERSATION = (
    "unresectable, 2 liver mets",
    "why do you ask",
    "hmm?",
    "none so far",
    "sorry, 3 mets",
    "SRFA 5-year survival?",
    "show me the options",
    "what if RAS were mutant",
    "new patient",
    "RAS mutant, BRAF wild type",
    "forget RAS",
)


@pytest.fixture(scope="module")
def agent(trained_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
    from tests.bot.server.test_assistant import load

    assistant = load(trained_model, tmp_path_factory.mktemp("tracker"))

    async def talk() -> None:
        for message in CONVERSATION:
            await assistant.answer("someone", message)

    asyncio.run(talk())
    return assistant.agent


def stored(agent: Any, kind: str) -> Any:
    """The conversation as it is read by our store or by Rasa's."""
    from rasa.core.tracker_store import SQLTrackerStore

    store = (
        agent.tracker_store
        if kind == "ours"
        else SQLTrackerStore(agent.domain, host=str(agent.tracker_store.engine.url))
    )
    return asyncio.run(store.retrieve("someone"))


def everything(tracker: Any, domain: Any) -> dict[str, Any]:
    """All that Rasa asks a tracker for."""
    from rasa.shared.core.trackers import EventVerbosity

    return {
        "state": tracker.current_state(EventVerbosity.ALL),
        "applied": [event.as_dict() for event in tracker.applied_events()],
        "states": tracker.past_states(domain),
        "ml states": tracker.past_states(domain, True, True, {"rule_only_loops": ["intake_form"]}),
        "set": {name: slot.has_been_set for name, slot in tracker.slots.items()},
    }


def test_a_stored_conversation_is_read_alike(agent: Any) -> None:
    ours, theirs = stored(agent, "ours"), stored(agent, "theirs")
    assert type(ours).__name__ == "SessionTracker"
    assert len(ours.events) == len(theirs.events) > 100
    assert everything(ours, agent.domain) == everything(theirs, agent.domain)


def test_after_every_event_it_says_the_same(agent: Any) -> None:
    from rasa.shared.core.trackers import DialogueStateTracker

    from bot.server.session_tracker import SessionTracker

    events = list(stored(agent, "theirs").events)
    ours = SessionTracker("someone", agent.domain.slots)
    theirs = DialogueStateTracker("someone", agent.domain.slots)
    for event in events:
        ours.update(event)
        theirs.update(event)
        assert everything(ours, agent.domain) == everything(theirs, agent.domain)
        assert everything(ours.copy(), agent.domain) == everything(theirs.copy(), agent.domain)


def test_a_copy_goes_its_own_way(agent: Any) -> None:
    from rasa.shared.core.events import LoopInterrupted, SlotSet

    tracker = stored(agent, "ours")
    before = everything(tracker, agent.domain)
    copied = tracker.copy()
    copied.update(SlotSet("ras", "wild_type"))
    copied.update(LoopInterrupted(True))
    assert copied.get_slot("ras") == "wild_type"
    assert everything(tracker, agent.domain) == before


def test_what_it_lists_may_be_changed(agent: Any) -> None:
    tracker = stored(agent, "ours")
    tracker.past_states(agent.domain)[-1].clear()
    tracker.applied_events().clear()
    assert everything(tracker, agent.domain) == everything(stored(agent, "theirs"), agent.domain)


def test_a_session_that_ran_out_is_followed_by_another(agent: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    now = time.time
    monkeypatch.setattr(time, "time", lambda: now() + 7200)
    from bot.server.assistant import Assistant

    said = asyncio.run(Assistant(agent).answer("someone", "RAS wild type"))
    assert "earlier case" in str(said)
    ours, theirs = stored(agent, "ours"), stored(agent, "theirs")
    assert 5 < len(ours.events) < 60, "only the new session is read"
    assert everything(ours, agent.domain) == everything(theirs, agent.domain)
    assert "earlier case" not in str(asyncio.run(Assistant(agent).answer("someone", "BRAF wild type")))
