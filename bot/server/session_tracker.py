"""A conversation in memory that is copied and looked back on without living it through again."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from typing import Any

from rasa.core.actions.forms import FormAction
from rasa.shared.core.constants import REQUESTED_SLOT
from rasa.shared.core.domain import Domain, State
from rasa.shared.core.events import (
    ActionExecuted,
    ActionReverted,
    ActiveLoop,
    Event,
    Restarted,
    SessionStarted,
    SlotSet,
    UserUtteranceReverted,
)
from rasa.shared.core.slots import Slot
from rasa.shared.core.trackers import DialogueStateTracker

_REVERTING = (ActionReverted, UserUtteranceReverted)


class SessionTracker(DialogueStateTracker):
    """Rasa's tracker, for conversations that are held.

    In every turn Rasa copies the tracker before each action, lists its past states for each prediction, and finds
    out several times which events still apply, always from the first one on. Here a copy takes over what the events
    have led to, and what has been found out is only carried on with the events that have come since.
    """

    active_loop: Any

    stored: int = 0
    """How many of its events the store holds."""

    last_row: int = 0
    """Where the store holds the latest of them."""

    _applied: tuple[int, list[Event]] = (0, [])
    """How many events have been looked at, and which of them apply."""

    _walked: tuple[list[Event], SessionTracker, list[State]] | None = None
    """Events that applied, the tracker they lead to, and the state before each action among them."""

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

    def begin_with(self, events: list[Event]) -> None:
        """Put events that lead to the same state in the place of those there are."""
        self.events = self._create_events(events)
        self._applied, self._walked = (0, []), None

    def applied_events(self) -> list[Event]:
        """See parent class."""
        looked_at, applied = self._applied
        if looked_at == len(self.events):
            return list(applied)
        new = list(islice(self.events, looked_at, None))
        if any(isinstance(event, _REVERTING) for event in new):
            found = super().applied_events()
        else:
            found = self._apply(list(applied), new)
        self._applied = (len(self.events), found)
        return list(found)

    def past_states(
        self,
        domain: Domain,
        omit_unset_slots: bool = False,
        ignore_rule_only_turns: bool = False,
        rule_only_data: dict[str, Any] | None = None,
    ) -> list[State]:
        """See parent class; what is carried on are the states that rules look at."""
        if omit_unset_slots or ignore_rule_only_turns:
            listed: list[State] = super().past_states(domain, omit_unset_slots, ignore_rule_only_turns, rule_only_data)
            return listed
        applied = self.applied_events()
        walked = self._walked
        if walked is None or not _begins_with(applied, walked[0]):
            walked = ([], self.init_copy(), [])
        before, tracker, states = walked
        for event in applied[len(before) :]:
            if isinstance(event, ActionExecuted):
                states.append(domain.get_active_state(tracker))
            tracker.update(event)
        self._walked = (applied, tracker, states)
        # Callers change the states they get.
        return [
            {part: dict(values) for part, values in state.items()}
            for state in (*states, domain.get_active_state(tracker))
        ]

    def _apply(self, applied: list[Event], new: list[Event]) -> list[Event]:
        """What the parent class does with each event, for those that have come since."""
        loops = {event.name for event in self.events if isinstance(event, ActiveLoop) and event.name}
        for event in new:
            if isinstance(event, Restarted | SessionStarted):
                applied.clear()
            elif (
                isinstance(event, ActionExecuted)
                and event.action_name in loops
                and not self._first_loop_execution_or_unhappy_path(event.action_name, applied)
            ):
                self._undo_till_previous_loop_execution(event.action_name, applied)
            else:
                applied.append(event)
        return applied


def _begins_with(events: list[Event], beginning: list[Event]) -> bool:
    return len(events) >= len(beginning) and all(
        event is first for event, first in zip(events, beginning, strict=False)
    )


def _copied(slot: Slot) -> Slot:
    """A slot of its own with the same value; `copy.copy` takes five times as long."""
    copied = slot.__class__.__new__(slot.__class__)
    copied.__dict__.update(slot.__dict__)
    return copied


def _within_form(
    form: FormAction, current: DialogueStateTracker, additional: list[Event], _: Domain
) -> DialogueStateTracker:
    """What a form hands to the action that validates its slots: Rasa lives all events through again for it."""
    tracker = current.copy()
    for event in (SlotSet(REQUESTED_SLOT, form.get_slot_to_fill(current)), ActionExecuted(form.name()), *additional):
        tracker.update(event)
    return tracker


FormAction._temporary_tracker = _within_form

# Rasa copies every slot by `copy.copy` whenever it makes a tracker, some six times in a turn.
Slot.__copy__ = _copied
