"""A conversation in memory that is copied and looked back on without living it through again."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from rasa.shared.core.domain import Domain, State
from rasa.shared.core.events import Event
from rasa.shared.core.slots import Slot
from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity


class SessionTracker(DialogueStateTracker):
    """Rasa's tracker, for conversations that are held.

    In every turn Rasa copies the tracker before each action, lists its past states for each prediction, and finds
    out several times which events still apply, always from the first one on. Here a copy takes over what the events
    have led to, and what has been found out holds until there is another event.
    """

    active_loop: Any
    stored: int | None = None
    """How many of its events the store holds; None if that is not known."""

    _applied: tuple[int, list[Event]] | None = None
    _listed: tuple[tuple[Any, ...], list[State]] | None = None

    def init_copy(self) -> SessionTracker:
        """See parent class."""
        tracker = SessionTracker(
            self.sender_id, (), max_event_history=self._max_event_history, is_rule_tracker=self.is_rule_tracker
        )
        tracker.slots = {name: _copied(slot) for name, slot in self.slots.items()}
        tracker._reset_slots()
        return tracker

    def copy(self) -> SessionTracker:
        """See parent class."""
        tracker = self.init_copy()
        tracker.events = self._create_events(self.events)
        tracker.slots = {name: _copied(slot) for name, slot in self.slots.items()}
        for state in ("_paused", "followup_action", "latest_action", "latest_message", "latest_bot_utterance"):
            setattr(tracker, state, getattr(self, state))
        tracker.active_loop = replace(self.active_loop) if self.active_loop else None
        tracker._applied = self._applied
        return tracker

    def applied_events(self) -> list[Event]:
        """See parent class."""
        if self._applied is None or self._applied[0] != len(self.events):
            self._applied = (len(self.events), super().applied_events())
        return list(self._applied[1])

    def current_state(self, event_verbosity: EventVerbosity = EventVerbosity.NONE) -> dict[str, Any]:
        """See parent class; the message that started the running form is referred to, not copied for every action."""
        loop, self.active_loop = self.active_loop, None
        state: dict[str, Any] = super().current_state(event_verbosity)
        self.active_loop = loop
        return {**state, "active_loop": dict(vars(loop)) if loop else {}}

    def past_states(
        self,
        domain: Domain,
        omit_unset_slots: bool = False,
        ignore_rule_only_turns: bool = False,
        rule_only_data: dict[str, Any] | None = None,
    ) -> list[State]:
        """See parent class."""
        asked = (len(self.events), id(domain), omit_unset_slots, ignore_rule_only_turns, repr(rule_only_data))
        if self._listed is None or self._listed[0] != asked:
            states = super().past_states(domain, omit_unset_slots, ignore_rule_only_turns, rule_only_data)
            self._listed = (asked, states)
        # Callers change the states they get.
        return [{part: dict(values) for part, values in state.items()} for state in self._listed[1]]


def _copied(slot: Slot) -> Slot:
    """A slot of its own with the same value; `copy.copy` takes five times as long."""
    copied = slot.__class__.__new__(slot.__class__)
    copied.__dict__.update(slot.__dict__)
    return copied
