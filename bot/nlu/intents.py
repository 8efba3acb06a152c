"""What is certain about a message outweighs what it resembles."""

from __future__ import annotations

import hashlib
import re
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_NAME_KEY, PREDICTED_CONFIDENCE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.cleaning import UNREADABLE
from bot.nlu.facts import HYPOTHETICAL, QUESTION, FactEntityExtractor
from knowledge.loading import read_yaml, validate_entry
from knowledge.models.base import Model
from knowledge.models.facts import FACT_IDS
from knowledge.understanding.answers import is_bare_answer
from knowledge.understanding.text import normalise

CUES = Path(__file__).with_name("cues.yml")

_FALLBACK = "nlu_fallback"
_ON_THE_SUBJECT = frozenset(
    {"ask", "ask_why_question", "why_option", "what_if", "compare", "show_reference", "enough", "more", "withdraw",
     "show_facts", "summary"}
)  # fmt: skip
"""What a question that names something of the subject can be for; any other guess is wrong."""


class Cues(Model):
    """The words of `cues.yml`."""

    around: tuple[str, ...]
    whole: dict[str, tuple[str, ...]]
    contains: dict[str, tuple[str, ...]]

    def intent_of(self, text: str) -> str | None:
        """The intent of a message that says a known phrase and nothing else."""
        return self._phrases.get(self._bare(text))

    def signals(self, text: str) -> frozenset[str]:
        """What parts of the text signal."""
        plain = plain_text(text)
        return frozenset(name for name, pattern in self._patterns.items() if pattern.search(plain))

    @cached_property
    def _patterns(self) -> dict[str, re.Pattern[str]]:
        return {name: re.compile("|".join(parts)) for name, parts in self.contains.items()}

    @cached_property
    def _phrases(self) -> dict[str, str]:
        return {self._bare(phrase): intent for intent, phrases in self.whole.items() for phrase in phrases}

    @cached_property
    def _edges(self) -> re.Pattern[str]:
        words = "|".join(
            rf"\b{re.escape(word)}\b" if word.isascii() else re.escape(word)
            for word in sorted(map(plain_text, self.around), key=len, reverse=True)
        )
        return re.compile(rf"^(?:\W|{words})+|(?:\W|{words})+$")

    def _bare(self, text: str) -> str:
        """The text without punctuation and courtesies around it; never nothing."""
        plain = plain_text(text).strip()
        return self._edges.sub("", plain) or re.sub(r"^\W+|\W+$", "", plain)


def plain_text(text: str) -> str:
    """The text as cues are written: lower case, ordinary width."""
    return normalise(text).text.casefold().strip()


class Reading:
    """A message with what was found in it."""

    def __init__(self, message: Message, cues: Cues) -> None:
        self.text: str = message.get(TEXT) or ""
        self.guess: str = (message.get(INTENT) or {}).get(INTENT_NAME_KEY) or _FALLBACK
        self.question = bool(message.get(QUESTION))
        self.hypothetical = bool(message.get(HYPOTHETICAL))
        self.signals = cues.signals(self.text)
        entities = message.get(ENTITIES) or []
        facts = [entity for entity in entities if entity["entity"] in FACT_IDS]
        self.mentions = bool(facts)
        self.told = any(entity["asserted"] for entity in facts) and not self.hypothetical
        self.therapies = {entity["value"] for entity in entities if entity["entity"] == "therapy"}
        self.names = {entity["entity"] for entity in entities} - set(FACT_IDS)


def decide(reading: Reading) -> str | None:
    """The intent that is certain, or None: then the guess stands."""
    if "new_patient" in reading.signals and not reading.question:
        return "new_patient"
    if "withdraw" in reading.signals and not reading.told and (reading.mentions or "fact" in reading.names):
        return "withdraw"
    if "why" in reading.signals:
        return _why(reading)
    if reading.hypothetical and reading.mentions:
        return "what_if"
    if "compare" in reading.signals and len(reading.therapies) > 1:
        return "compare"
    if "reference" in reading.names and not reading.mentions:
        return "show_reference"
    if reading.told:
        return _told(reading)
    if is_bare_answer(reading.text):
        return "inform"
    return _question(reading)


def _why(reading: Reading) -> str | None:
    """Why a question is asked, why a therapy is offered, or a why about the subject in general."""
    if "asking" in reading.signals:
        return "ask_why_question"
    if reading.mentions and not reading.told:
        return "ask"
    if reading.therapies:
        return "why_option"
    if "fact" in reading.names:
        return "ask_why_question"
    return None if reading.guess in ("ask_why_question", "why_option") else "ask"


def _told(reading: Reading) -> str | None:
    """Facts of the patient: with a question, that is answered too, unless it only asks for the options."""
    if not reading.question or "plan" in reading.signals:
        return "inform"
    return None if reading.guess in _ON_THE_SUBJECT else "ask"


def _question(reading: Reading) -> str | None:
    """A question that names something of the subject cannot be small talk or an answer."""
    named = bool(reading.mentions or reading.names & {"therapy", "fact"})
    if reading.question and "this_patient" in reading.signals and reading.therapies:
        return "why_option"
    if named and reading.question and reading.guess not in _ON_THE_SUBJECT:
        return "ask"
    return None


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class IntentRules(IntentClassifier, GraphComponent):
    """Overrides the classifier's guess where words or facts settle what a message is for."""

    @classmethod
    def required_components(cls) -> list[type]:
        """See parent class."""
        return [FactEntityExtractor, IntentClassifier]

    def __init__(self, cues: Cues) -> None:
        self._cues = cues

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> IntentRules:
        """See parent class."""
        return cls(load_cues())

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """What is certain depends on the cues."""
        return hashlib.sha256(CUES.read_bytes()).hexdigest()

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the intent of each message that is certain."""
        for message in messages:
            intent = self._certain(message)
            if intent:
                message.set(INTENT, {INTENT_NAME_KEY: intent, PREDICTED_CONFIDENCE_KEY: 1.0}, add_to_output=True)
        return messages

    def _certain(self, message: Message) -> str | None:
        if message.get(UNREADABLE):
            return _FALLBACK
        reading = Reading(message, self._cues)
        return self._cues.intent_of(reading.text) or decide(reading)


@cache
def load_cues() -> Cues:
    """The cues, read once.

    Raises:
        knowledge.loading.KnowledgeError: the file is malformed.
    """
    return validate_entry(CUES, "(file)", Cues, read_yaml(CUES))
