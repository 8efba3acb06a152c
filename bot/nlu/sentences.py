"""Sentence vectors as features for Rasa's classifiers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from rasa.engine.graph import GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from knowledge.sentence_vectors import Vectors, encode, encode_one


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class SentenceVectorFeaturizer(DenseFeaturizer, GraphComponent):
    """Gives every message the vector that `knowledge.sentence_vectors` makes of it."""

    @classmethod
    def create(cls, config: dict[str, Any], *_: Any, **__: Any) -> SentenceVectorFeaturizer:
        """See parent class; it is handed a storage that is not needed."""
        return cls(cls.__name__, config)

    @classmethod
    def validate_config(cls, _: dict[str, Any]) -> None:
        """There is nothing to configure."""

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Add the vectors of all examples."""
        examples = [example for example in training_data.training_examples if example.get(TEXT)]
        self._add(examples, encode([_sentence(example) for example in examples]))
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the vector of each message."""
        self._add(messages, (encode_one(_sentence(message)) for message in messages))
        return messages

    def _add(self, messages: Iterable[Message], vectors: Iterable[Vectors]) -> None:
        for message, vector in zip(messages, vectors, strict=True):
            self.add_features_to_message(None, np.atleast_2d(vector), TEXT, message)


def _sentence(message: Message) -> str:
    return str(message.get(TEXT) or "").strip()
