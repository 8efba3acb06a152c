"""What is certain about a message outweighs what it resembles."""

from __future__ import annotations

import hashlib
import re
from itertools import islice
from typing import Any

from rasa.engine.graph import GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_NAME_KEY, PREDICTED_CONFIDENCE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.cleaning import UNREADABLE
from bot.nlu.cues import CUES, Cues, load_cues
from bot.nlu.facts import HYPOTHETICAL, QUESTION, FactEntityExtractor, unassert
from bot.nlu.general import asks_in_general
from knowledge.models.facts import FACT_IDS
from knowledge.nlu.answers import is_bare_answer
from knowledge.nlu.concepts import find_concepts

_FALLBACK = "nlu_fallback"
_ON_THE_SUBJECT = frozenset(
    {"ask", "ask_why_question", "why_option", "what_if", "compare", "show_reference", "enough", "more", "withdraw",
     "show_facts", "summary"}
)  # fmt: skip
"""What a question that names something of the subject can be for; any other guess is wrong."""

_SHOWING = frozenset({"enough", "more", "summary", "show_facts"})
"""What shows something that is there already."""
_ASKING = frozenset({"ask", "why_option", "what_if", "compare"})
_WITH_CONSEQUENCES = frozenset({"withdraw", "new_patient", "continue_case", "goodbye"})
"""What throws something away or ends the intake is not done on a vague resemblance."""

_COURTESIES = frozenset({"greet", "thanks", "goodbye"})
_LIKELY = 0.5
_SURELY = 0.8
"""A guess as sure as this tells a question from a statement: in cross-validation 24 times rightly, never wrongly."""


_FIGURE = re.compile(r"\d\.\d|\d\s*[%％]|(?<!\d)(3[2-9]|[4-9]\d|\d{3})(?!\d)")
"""A figure of a study: more than the number of a reference or the count of something."""

_CLAUSES = re.compile(r"[，,。.!！;；:：\n]+")
_JOINED = re.compile(r"^\s*(and|then|然后|再|并)\s*", re.IGNORECASE)


class Reading:
    """A message with what was found in it."""

    def __init__(self, message: Message, cues: Cues) -> None:
        self.text: str = message.get(TEXT) or ""
        guess = message.get(INTENT) or {}
        self.guess: str = guess.get(INTENT_NAME_KEY) or _FALLBACK
        self.confidence: float = guess.get(PREDICTED_CONFIDENCE_KEY) or 0.0
        self.question = bool(message.get(QUESTION))
        self.signals = cues.signals(self.text)
        entities = message.get(ENTITIES) or []
        facts = [entity for entity in entities if entity["entity"] in FACT_IDS]
        self.mentions = bool(facts)
        supposed = not facts or not all(entity["asserted"] for entity in facts)  # 查出的时候 opens no supposition
        self.hypothetical = bool(message.get(HYPOTHETICAL)) and supposed
        said = [entity for entity in facts if entity["asserted"]]
        asks = self.question or (self.guess in _ASKING and self.confidence >= _LIKELY)
        self.in_general = asks and asks_in_general(self.text, said)
        self.told = bool(said) and not (self.hypothetical or self.only_asks or self.in_general)
        self.tells_values = self.told and any(entity["status"] != "unknown" for entity in facts)
        self.therapies = {entity["value"] for entity in entities if entity["entity"] == "therapy"}
        self.names = {entity["entity"] for entity in entities} - set(FACT_IDS)

    @property
    def only_asks(self) -> bool:
        """Whether the whole message is a question though its grammar does not say so ("meaning of TP53 mutation").

        Then what it names is not said of the patient. A message that is grammatically a question needs no such
        help: there it is known which part asks and which part tells.
        """
        tells = "reported" in self.signals or (self.guess == "what_if" and "too" in self.signals)
        return not self.question and self.guess in _ASKING and self.confidence >= _SURELY and not tells


def decide(reading: Reading) -> str | None:
    """The intent that is certain, or None: then the guess stands."""
    intent = _signalled(reading)
    if intent:
        return intent
    if reading.told:
        return _told(reading)
    if reading.only_asks and reading.mentions:
        return reading.guess
    if not any(character.isalnum() or character in "+-" for character in reading.text):
        return _FALLBACK
    if is_bare_answer(reading.text):
        return "inform"
    if "correction" in reading.signals and "fact" in reading.names and not reading.question:
        return "inform"
    if "unchanged" in reading.signals and not reading.question:
        return "show_facts"
    return _question(reading) or _doubt(reading)


def _signalled(reading: Reading) -> str | None:
    """What certain words signal together with what the message names."""
    if "new_patient" in reading.signals and not reading.question:
        return "new_patient"
    named = reading.mentions or "fact" in reading.names
    if "not_this_patient" in reading.signals and named and not reading.tells_values and not reading.question:
        return "withdraw"
    if "withdraw" in reading.signals and named and (not reading.tells_values or "not_this_patient" in reading.signals):
        return "withdraw"
    if "why" in reading.signals:
        return _why(reading)
    if reading.hypothetical and reading.mentions:
        return "what_if"
    if "compare" in reading.signals and len(reading.therapies) > 1:
        return "compare"
    if "review" in reading.signals and reading.question and reading.guess not in _ON_THE_SUBJECT - {"enough"}:
        return "ask"
    wished = _wished(reading)
    if wished:
        return wished
    if "reference" in reading.names and not reading.mentions and reading.guess != "ask":
        return "ask" if "result" in reading.signals and reading.question else "show_reference"
    return None


def _wished(reading: Reading) -> str | None:
    """A summary of the case or its options, where the message names nothing else."""
    if reading.therapies or reading.mentions:
        return None
    if "summary" in reading.signals:
        return "summary"
    elsewhere = reading.guess == "out_of_scope" and reading.confidence >= _SURELY
    return "enough" if "plan" in reading.signals and not elsewhere else None


def _why(reading: Reading) -> str | None:
    """Why a question is asked, why a therapy is offered, or a why about the subject in general."""
    if "asking" in reading.signals:
        return "ask_why_question"
    if reading.therapies and (reading.guess == "why_option" or not reading.mentions or reading.told):
        return "why_option"
    if reading.mentions and not reading.told:
        return "ask"
    if "fact" in reading.names:
        return "ask_why_question"
    return None if reading.guess in ("ask_why_question", "why_option") else "ask"


def _told(reading: Reading) -> str | None:
    """Facts of the patient: with a question, that is answered too, unless it only asks for the options."""
    if not reading.question or "plan" in reading.signals:
        return "inform"
    if reading.guess == "inform" and reading.confidence >= _LIKELY:  # "Can you help? The patient has …"
        return None
    return None if reading.guess in _ON_THE_SUBJECT else "ask"


def _question(reading: Reading) -> str | None:
    """A question that names something of the subject cannot be small talk or an answer."""
    named = bool(reading.mentions or reading.names & {"therapy", "fact"})
    if reading.question and "this_patient" in reading.signals and reading.therapies:
        return "why_option"
    unlikely = reading.guess in _SHOWING and reading.confidence < _LIKELY and "plan" not in reading.signals
    if named and reading.question and (reading.guess not in _ON_THE_SUBJECT or unlikely):
        return "ask"
    if unlikely and reading.question and "result" in reading.signals:
        return "ask"  # "and its specificity?"
    if "sample" in reading.signals and not reading.mentions:
        return "ask"
    return None


def _doubt(reading: Reading) -> str | None:
    """What to make of a guess that nothing in the message supports."""
    if reading.guess == "what_if" and not reading.hypothetical and not reading.mentions:
        return "ask"
    if reading.guess == "resume" and reading.question and reading.confidence < _SURELY:
        return "ask"
    if reading.guess == "ask_why_question" and not {"why", "asking"} & reading.signals and reading.confidence < _LIKELY:
        return "ask" if reading.question else _FALLBACK
    if reading.guess == "ask_why_question" and reading.therapies:
        return "why_option"
    if reading.guess == "show_reference" and "reference" not in reading.names:
        return _without_reference(reading)
    if reading.guess == _FALLBACK and reading.therapies:
        return "ask"
    if reading.guess == "help" and reading.confidence < _SURELY:
        return _FALLBACK
    if reading.guess not in _WITH_CONSEQUENCES or "withdraw" in reading.signals:
        return None
    names_fact = reading.mentions or "fact" in reading.names
    vague = (reading.guess == "withdraw" and not names_fact) or reading.guess == "new_patient"
    needed = _SURELY if vague else _LIKELY
    return _FALLBACK if reading.confidence < needed else None


def _without_reference(reading: Reading) -> str | None:
    """A guess that references are wanted though none is named: not if the message is about a number.

    "Where does the 139 come from" is answered by the statement that gives the figure, which names its work.
    """
    if _FIGURE.search(reading.text):
        return "ask"
    unlikely = reading.confidence < _LIKELY and any(character.isdigit() for character in reading.text)
    return _FALLBACK if unlikely else None


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
    def create(cls, *_: Any, **__: Any) -> IntentRules:
        """See parent class; it is handed a configuration and a storage that are not needed."""
        return cls(load_cues())

    @classmethod
    def fingerprint_addon(cls, _: dict[str, Any]) -> str:
        """What is certain depends on the cues."""
        return hashlib.sha256(CUES.read_bytes()).hexdigest()

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the intent of each message that is certain."""
        for message in messages:
            reading = Reading(message, self._cues)
            intent = self._certain(message, reading)
            language = (intent or reading.guess) == "set_language" or "language" in reading.signals
            wish = self._beside_language(reading.text) if language else None
            taken_back = intent == "withdraw" and "not_this_patient" in reading.signals
            only_asks = reading.only_asks or reading.in_general
            if taken_back or (only_asks and (intent or reading.guess) in _ASKING):
                unassert(message)
            self._add_language(message, intent or reading.guess)
            intent = self._own_data(message) or wish or intent
            if (intent or reading.guess) == "own_data" and not _named(message, "wish"):
                intent = _FALLBACK
            if intent:
                message.set(INTENT, {INTENT_NAME_KEY: intent, PREDICTED_CONFIDENCE_KEY: 1.0}, add_to_output=True)
        return messages

    def _certain(self, message: Message, reading: Reading) -> str | None:
        if message.get(UNREADABLE):
            return _FALLBACK
        return self._cues.intent_of(reading.text) or self._behind_courtesy(reading.text) or decide(reading)

    def _behind_courtesy(self, text: str) -> str | None:
        """The one wish beside a greeting or thanks ("thanks, and a summary please")."""
        parts = [_JOINED.sub("", part) for part in _CLAUSES.split(text) if part.strip()]
        intents = (self._cues.intent_of(part) for part in parts)
        wishes = list(islice((intent for intent in intents if intent not in _COURTESIES), 2))  # the second ends it
        return wishes[0] if len(wishes) == 1 < len(parts) else None

    def _own_data(self, message: Message) -> str | None:
        """Whether the message is on what is kept of it; then with what is wanted as an entity."""
        wanted = None if message.get(UNREADABLE) else self._cues.wish_in(message.get(TEXT) or "")
        if wanted is None:
            return None
        _add_entity(message, "wish", wanted)
        return "own_data"

    def _beside_language(self, text: str) -> str | None:
        """What else is wished in a message that asks for a language ("English please, and show me the options")."""
        parts = [part for part in _CLAUSES.split(text) if part.strip()]
        others = [part for part in parts if self._cues.language_in(part) is None]
        bare = [self._cues.without_language(part) for part in parts]
        wishes = [self._cues.intent_of(_JOINED.sub("", part)) for part in (*others, *bare)]
        asked = any(find_concepts(part if part.endswith(("?", "？")) else f"{part}?").question for part in others[:1])
        wish = next((wish for wish in wishes if wish and wish not in _COURTESIES), None)
        return wish or ("ask" if asked and text.rstrip().endswith(("?", "？")) else None)

    def _add_language(self, message: Message, intent: str) -> None:
        """The language a message asks to go on in, as an entity."""
        if intent != "set_language" and "language" not in self._cues.signals(message.get(TEXT) or ""):
            return
        language = self._cues.language_in(message.get(TEXT) or "")
        if language:
            _add_entity(message, "language", language)


def _add_entity(message: Message, entity: str, value: str) -> None:
    named = {"entity": entity, "value": value, "extractor": IntentRules.__name__}
    message.set(ENTITIES, [*message.get(ENTITIES, []), named], add_to_output=True)


def _named(message: Message, entity: str) -> bool:
    return any(found["entity"] == entity for found in message.get(ENTITIES) or [])
