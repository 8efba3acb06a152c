"""What a message does to the case: the one place where facts change.

Rasa runs `action_validate_slot_mappings` on every message before anything else, so facts can be told, corrected,
withdrawn or left unknown at any time, whatever else the message is for.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.memory import remember, remember_case
from actions.say import say
from actions.turn import ANSWERING, Turn
from knowledge.consultation import answer_unknown, apply_mentions, withdraw
from knowledge.models.base import Lang
from knowledge.models.case import Case, CaseUpdate
from knowledge.models.facts import FACT_IDS
from knowledge.models.messages import Reply
from knowledge.nlu.answers import read_answer
from knowledge.nlu.corrections import read_amendment, read_recurrence, read_replacement
from knowledge.nlu.language import detect
from knowledge.rendering import facts as facts_message
from knowledge.rendering import privacy, welcome


class ActionValidateSlotMappings(Action):
    """Opens the conversation, follows its language, and updates the case."""

    def name(self) -> str:
        return "action_validate_slot_mappings"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, _: Any) -> list[EventType]:
        turn = Turn.of(tracker)
        if turn.events:  # when the intake starts, Rasa asks again about a message that has been read already
            return []
        lang = _language(turn)
        start = _start(turn, lang)
        update = _update(turn, start.case, tracker)
        say(dispatcher, *_opening(turn, lang), *_removal(turn, lang), *start.replies, *_echo(turn, update, lang))
        problems = [p.mention.fact for p in update.problems if getattr(update.case.facts, p.mention.fact) is None]
        return [
            *remember_case(turn.slots, update.case),
            *remember(
                turn.slots,
                language=lang,
                language_chosen=turn.intent == "set_language" or turn.slots.get("language_chosen"),
                pending=problems[0] if problems else None,
                identifiers_told=bool(turn.removed) or turn.slots.get("identifiers_told"),
                **start.slots,
            ),
        ]


class _Start(NamedTuple):
    """The case a message builds on, what is to be said of it, and what else is to be remembered."""

    case: Case
    slots: dict[str, Any]
    replies: tuple[Reply, ...] = ()


def _start(turn: Turn, lang: Lang) -> _Start:
    if turn.intent == "new_patient":
        replies = (
            (welcome.new_patient(turn.kb, lang),) if turn.case != Case() or turn.slots.get("previous_case") else ()
        )
        fresh = dict.fromkeys(("asking_stopped", "shown", "topic", "previous_case"))
        return _Start(Case(), fresh, replies)
    if turn.intent == "continue_case" or (turn.intent == "resume" and turn.asked_to_continue):
        case = turn.previous_case if turn.slots.get("previous_case") else turn.case
        fresh = dict.fromkeys(("asking_stopped", "shown", "topic", "previous_case"))
        return _Start(case, fresh, (welcome.continued(turn.kb, case, lang),))
    if turn.intent == "enough" and (turn.asking or turn.case != Case()):
        return _Start(turn.case, {"asking_stopped": True})
    if turn.intent == "resume":
        return _Start(turn.case, {"asking_stopped": None})
    return _Start(turn.case, {})


def _update(turn: Turn, case: Case, tracker: Tracker) -> CaseUpdate:
    """The case after the message."""
    if turn.intent == "what_if":
        return CaseUpdate(case=case)
    if turn.intent == "withdraw" and not turn.asserted:
        named = turn.named_facts or tuple(mention.fact for mention in turn.mentions) or _last_told(tracker)
        return withdraw(case, named)
    mentions = turn.asserted
    if turn.requested and turn.intent in ANSWERING and turn.requested not in {m.fact for m in mentions}:
        answer = read_answer(turn.text, turn.kb.facts[turn.requested])
        if answer and answer.status == "unknown":
            case = answer_unknown(case, turn.requested)
        elif answer:
            mentions = (*mentions, answer)
    recurrence = read_recurrence(turn.text, case.facts) if turn.asserted or turn.intent == "inform" else None
    if recurrence and recurrence.fact not in {mention.fact for mention in mentions}:
        mentions = (*mentions, recurrence)
    if not any(mention.status == "known" for mention in mentions):
        amended = read_amendment(turn.text, _last_told(tracker), case.facts, case.words)
        mentions = (amended,) if amended else mentions
    if turn.intent == "inform" and all(mention.status == "bound" for mention in mentions):
        replaced = read_replacement(turn.text, case.facts)
        if replaced and all(mention.fact == replaced.fact for mention in mentions):
            mentions = (replaced,)
    return apply_mentions(case, mentions)


def _echo(turn: Turn, update: CaseUpdate, lang: Lang) -> tuple[Reply, ...]:
    if update.changes or update.problems:
        return (facts_message.case_changed(turn.kb, update, lang),)
    if turn.intent == "withdraw":
        return (facts_message.nothing_withdrawn(turn.kb, update.case, lang),)
    return ()


def _language(turn: Turn) -> Lang:
    """The language that is asked for, that was chosen, or that the message is written in."""
    current: Lang | None = turn.slots.get("language")
    if _asks_for_language(turn):
        return turn.wanted_language or ("en" if turn.lang == "zh" else "zh")
    return current if current and turn.slots.get("language_chosen") else detect(turn.text, current)


def _asks_for_language(turn: Turn) -> bool:
    return turn.intent == "set_language" or turn.wanted_language is not None


def _opening(turn: Turn, lang: Lang) -> tuple[Reply, ...]:
    """What is said before anything else to the first message of a session; never without the disclaimer."""
    if not turn.opens_session:
        return ()
    if turn.slots.get("previous_case") and turn.intent not in ("new_patient", "continue_case"):
        return (welcome.returning(turn.kb, turn.previous_case, lang),)
    return (welcome.greeting(lang) if turn.intent == "greet" else welcome.disclaimer(lang),)


def _removal(turn: Turn, lang: Lang) -> tuple[Reply, ...]:
    """Told once in a conversation: what identifies a person does not get in."""
    told = turn.slots.get("identifiers_told") or not turn.removed
    return () if told else (privacy.removed(turn.removed, lang),)


def _last_told(tracker: Tracker) -> Sequence[str]:
    """The facts that the latest message with any facts gave, for "undo"."""
    told: list[str] = []
    for event in reversed(tracker.events):
        if event["event"] == "slot" and event["name"] in FACT_IDS and event["value"] is not None:
            told.append(event["name"])
        if event["event"] == "user" and told:
            return told
        if event["event"] == "session_started":
            break
    return []
