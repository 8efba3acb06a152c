"""One turn of a conversation, as the actions see it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, FollowupAction

from actions.memory import Event, latest_turns
from knowledge.engine import next_question
from knowledge.loading import Knowledge, load_knowledge
from knowledge.models.base import Lang
from knowledge.models.case import Case
from knowledge.models.facts import FACT_IDS, PatientFacts
from knowledge.models.questions import Topic
from knowledge.models.understanding import FactMention
from knowledge.nlu.concepts import find_concepts
from knowledge.nlu.language import detect

INTAKE = "intake_form"
NOT_UNDERSTOOD = "action_not_understood"
FALLBACK = "nlu_fallback"
ANSWERING = frozenset({"inform", FALLBACK, "goodbye", "out_of_scope"})
"""What an answer to the question that was asked may look like when it is taken by itself ("not started")."""

_MENTION_KEYS = frozenset(FactMention.model_fields)


@dataclass(frozen=True)
class Turn:
    """What a message says and what was known when it came.

    Attributes:
        kb: the knowledge base.
        text: the message as the understanding saw it.
        intent: what the message is for.
        entities: what was found in it, as Rasa keeps it.
        slots: what the conversation remembers.
        events: what has happened since the message arrived.
        asking: whether the intake was running when the message arrived.
        removed: the kinds of identifiers that were removed from it before anything read it.
        unreadable: why the message was not read ("empty", "too_long"), and the limit it exceeds.
        opens_session: whether it is the first message of a session.
        misunderstood_before: whether the message before it was not understood either.
    """

    kb: Knowledge
    text: str
    intent: str
    entities: tuple[Mapping[str, Any], ...]
    slots: Mapping[str, Any]
    events: tuple[Event, ...]
    asking: bool
    removed: tuple[str, ...]
    unreadable: Mapping[str, Any]
    opens_session: bool
    misunderstood_before: bool

    @classmethod
    def of(cls, tracker: Tracker) -> Turn:
        """The turn that a tracker stands in."""
        message = tracker.latest_message or {}
        events, earlier = latest_turns(tracker.events)
        started = any(event["event"] == "active_loop" for event in events)
        return cls(
            kb=load_knowledge(),
            text=message.get("text") or "",
            intent=(message.get("intent") or {}).get("name") or FALLBACK,
            entities=tuple(message.get("entities") or ()),
            slots=tracker.slots,
            events=events,
            asking=(tracker.active_loop or {}).get("name") == INTAKE and not started,
            removed=tuple((message.get("metadata") or {}).get("removed_identifiers") or ()),
            unreadable=message.get("unreadable") or {},
            opens_session=not any(event["event"] == "user" for event in earlier),
            misunderstood_before=any(event.get("name") == NOT_UNDERSTOOD for event in earlier),
        )

    @cached_property
    def mentions(self) -> tuple[FactMention, ...]:
        """The facts the message speaks of."""
        return tuple(
            FactMention.model_validate({"fact": entity["entity"], **_mention_fields(entity)})
            for entity in self.entities
            if entity["entity"] in FACT_IDS
        )

    @property
    def asserted(self) -> tuple[FactMention, ...]:
        """The facts it says the patient has."""
        return tuple(mention for mention in self.mentions if mention.asserted)

    @property
    def asks(self) -> bool:
        """Whether it is a question by its form."""
        return find_concepts(self.text).question

    @property
    def therapies(self) -> tuple[str, ...]:
        """The therapies it names."""
        return self._values("therapy")

    @property
    def named_facts(self) -> tuple[str, ...]:
        """The facts it names without a value, such as the CEA in "forget the CEA"."""
        return self._values("fact")

    @property
    def wanted_language(self) -> Lang | None:
        """The language it asks to go on in, if it names one."""
        return next((entity["value"] for entity in self.entities if entity["entity"] == "language"), None)

    @property
    def wish(self) -> str | None:
        """What it wants done with what is kept of the conversation."""
        return next(iter(self._values("wish")), None)

    @property
    def references(self) -> tuple[int, ...]:
        """The numbers of the review's reference list it names."""
        return tuple(int(number) for number in self._values("reference"))

    @property
    def topic(self) -> Topic:
        """What the last question was about."""
        return Topic.model_validate(self.slots.get("topic") or {})

    @cached_property
    def case(self) -> Case:
        """What is known of the patient."""
        return Case(
            facts=PatientFacts(**{fact: self.slots.get(fact) for fact in FACT_IDS}),
            unknown=tuple(self.slots.get("unknown_facts") or ()),
            words=self.slots.get("fact_words") or {},
        )

    @property
    def previous_case(self) -> Case:
        """The case that was set aside when the session began; empty if there is none."""
        return Case.model_validate(self.slots.get("previous_case") or {})

    @property
    def asked_to_continue(self) -> bool:
        """Whether it is open if the case that was set aside goes on: then "continue" means that case."""
        return bool(self.slots.get("previous_case")) and self.case == Case()

    @property
    def lang(self) -> Lang:
        """The language to answer in."""
        return self.slots.get("language") or detect(self.text, None)

    @property
    def requested(self) -> str | None:
        """The fact that was asked for when the message came."""
        return self.slots.get("requested_slot") if self.asking else None

    @property
    def handled(self) -> bool:
        """Whether an action has already answered the message, so that the intake only has to go on."""
        return any(
            event["event"] == "action" and event["name"] not in (INTAKE, "action_listen") for event in self.events
        )

    @property
    def told(self) -> bool:
        """Whether the message said something of the patient, new or not."""
        return bool(self.asserted) or self._set("unknown_facts", "pending", *FACT_IDS)

    @property
    def changed(self) -> bool:
        """Whether the message changed the case."""
        return self._set("unknown_facts", *FACT_IDS)

    def next_fact(self) -> str | None:
        """The fact to ask for now; None when asking has been stopped or can change nothing any more.

        A problem in the message comes first: the impossible number is asked for again. After a digression the
        same question stands, unless the message changed the case.
        """
        if self.slots.get("asking_stopped"):
            return None
        if pending := self.slots.get("pending"):
            return str(pending)
        if self.handled and not self.changed and self.requested:
            return self.requested
        return next_question(self.kb, self.case)

    def go_on(self) -> list[EventType]:
        """Starts the intake after an answer if the message also told something of the patient."""
        return [FollowupAction(INTAKE)] if self.changed and not self.asking else []

    def _set(self, *slots: str) -> bool:
        return any(event["event"] == "slot" and event["name"] in slots for event in self.events)

    def _values(self, entity: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(str(found["value"]) for found in self.entities if found["entity"] == entity))


def _mention_fields(entity: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in entity.items() if key in _MENTION_KEYS}
