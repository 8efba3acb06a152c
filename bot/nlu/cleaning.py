"""The message before anything reads it."""

from __future__ import annotations

import re
from typing import Any

from rasa.engine.graph import GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

UNREADABLE = "unreadable"
"""The message property that says why a message is not read."""

_INVISIBLE = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060\ufeff\ufffd\ud800-\udfff]")
_TERMINAL = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]")
_COMMAND = re.compile(r"^[\s/]+")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=False)
class MessageCleaner(GraphComponent):
    """Makes plain text of whatever arrives.

    At the end of every pipeline Rasa obeys messages such as `/restart` or `/inform{"ras": "mutant"}`, whoever
    typed them. Here a leading slash becomes a space, and so do control codes and invisible characters: one for one, so
    that positions in the text stay those of the message as it was typed.

    A message without text, or with more than `max_characters`, is emptied and marked `unreadable`.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """See parent class."""
        return {"max_characters": 8000}

    def __init__(self, config: dict[str, Any]) -> None:
        self._limit = int(config["max_characters"])

    @classmethod
    def create(cls, config: dict[str, Any], *_: Any, **__: Any) -> MessageCleaner:
        """See parent class; it is handed a storage that is not needed."""
        return cls(config)

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Clean the training examples as messages are cleaned."""
        self.process([example for example in training_data.training_examples if example.get(TEXT)])
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Clean messages in place."""
        for message in messages:
            typed = message.get(TEXT) or ""
            text = clean(typed) if len(typed) <= self._limit else ""
            message.set(TEXT, text)
            if not text.strip():
                reason = "too_long" if len(typed) > self._limit else "empty"
                message.set(UNREADABLE, {"reason": reason, "limit": self._limit}, add_to_output=True)
        return messages


def clean(text: str) -> str:
    """`text` without terminal codes, invisible characters and leading slashes, of the same length."""
    for unwanted in (_TERMINAL, _INVISIBLE, _COMMAND):
        text = unwanted.sub(lambda found: " " * len(found[0]), text)
    return text
