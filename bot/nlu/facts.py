"""Patient facts and everything else a message names, as Rasa entities."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rasa.engine.graph import GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from knowledge.nlu.concepts import Concepts, find_concepts
from knowledge.nlu.extraction import FactExtractor, lexicon_fingerprint

QUESTION = "question"
HYPOTHETICAL = "hypothetical"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class FactEntityExtractor(GraphComponent, EntityExtractorMixin):
    """Finds facts with their values, and the therapies, facts, references and languages a message names.

    A fact's entity carries the contract's value and the rest of a `FactMention`: whether the value is known, its
    limits, and whether it is said of the patient at all. It also notes whether the message is a question and
    whether it only supposes something.
    """

    def __init__(self, extractor: FactExtractor) -> None:
        self._extractor = extractor

    @classmethod
    def create(cls, *_: Any, **__: Any) -> FactEntityExtractor:
        """See parent class; it is handed a configuration and a storage that are not needed."""
        return cls(FactExtractor.create())

    @classmethod
    def fingerprint_addon(cls, _: dict[str, Any]) -> str:
        """What a message yields depends on the lexicon."""
        return lexicon_fingerprint()

    def process(self, messages: list[Message]) -> list[Message]:
        """Add entities to each message."""
        for message in messages:
            text = message.get(TEXT) or ""
            concepts = find_concepts(text)
            entities = [*message.get(ENTITIES, []), *self._facts(text), *self._names(concepts)]
            message.set(ENTITIES, entities, add_to_output=True)
            message.set(QUESTION, concepts.question)
            message.set(HYPOTHETICAL, concepts.hypothetical)
        return messages

    def _facts(self, text: str) -> list[dict[str, Any]]:
        return [
            {"entity": mention.fact, **mention.model_dump(exclude={"fact"}), "extractor": self.name}
            for mention in self._extractor.extract_or_left_open(text)
        ]

    def _names(self, concepts: Concepts) -> list[dict[str, Any]]:
        named: dict[str, Iterable[str | int]] = {
            "therapy": concepts.therapies,
            "fact": concepts.facts,
            "reference": concepts.references,
        }
        return [
            {"entity": entity, "value": value, "extractor": self.name}
            for entity, values in named.items()
            for value in values
        ]


def unassert(message: Message) -> None:
    """Nothing of what the message names is said of the patient."""
    entities = message.get(ENTITIES) or []
    message.set(ENTITIES, [{**e, "asserted": False} if "asserted" in e else e for e in entities], add_to_output=True)
