"""Slots are filled by the one action that reads the message, asked directly."""

from __future__ import annotations

from rasa.core.actions.action import ACTION_VALIDATE_SLOT_MAPPINGS, ActionExtractSlots
from rasa.core.channels.channel import OutputChannel
from rasa.core.nlg.generator import NaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event
from rasa.shared.core.trackers import DialogueStateTracker

_through_mappings = ActionExtractSlots.run
_FILLED_BY_ACTIONS = [{"type": "custom"}]


async def _ask_the_action(
    extraction: ActionExtractSlots,
    channel: OutputChannel,
    nlg: NaturalLanguageGenerator,
    tracker: DialogueStateTracker,
    domain: Domain,
) -> list[Event]:
    """What the action that validates slots fills them with.

    Where no slot has another mapping, what Rasa does before asking it yields nothing: it looks at every slot several
    times, and lives the whole conversation through again.
    """
    if any(slot.mappings not in ([], _FILLED_BY_ACTIONS) for slot in domain.slots):
        found: list[Event] = await _through_mappings(extraction, channel, nlg, tracker, domain)
        return found
    filled: list[Event] = await extraction._run_custom_action(
        ACTION_VALIDATE_SLOT_MAPPINGS, channel, nlg, tracker, domain
    )
    return filled


def ask_for_slots_directly() -> None:
    """From now on slots are filled that way."""
    ActionExtractSlots.run = _ask_the_action
