"""Patient facts from free text."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from knowledge.loading import load_knowledge
from knowledge.models.facts import FactValue
from knowledge.models.understanding import FactMention
from knowledge.nlu.facts import (
    ctdna,
    enzyme,
    findings,
    fitness,
    genes,
    laboratory,
    lesions,
    metastases,
    onset,
    restated,
    sites,
    surgery,
    treatment,
)
from knowledge.nlu.lexicon import lexicon_fingerprint
from knowledge.nlu.message import Found, Message
from knowledge.nlu.pipeline import lexicon_vocabulary
from knowledge.nlu.settling import settle

__all__ = ["FactExtractor", "lexicon_fingerprint"]

_READERS = (
    findings.read,
    fitness.read,
    lesions.read,
    genes.read,
    enzyme.read,
    laboratory.read,
    metastases.read,
    treatment.read,
    ctdna.read,
    onset.read,
)


class FactExtractor:
    """Finds the facts a message speaks of; the same message always gives the same facts."""

    @classmethod
    def create(cls) -> FactExtractor:
        """An extractor with its lexicon loaded, which takes about a second once in a process.

        Raises:
            knowledge.loading.KnowledgeError: a file of the lexicon is wrong.
        """
        lexicon_vocabulary()
        return cls()

    def extract(self, text: str) -> tuple[FactMention, ...]:
        """The facts a message speaks of, by their place in it, with the words they were read from.

        A message that is nothing but the title of a choice is that choice: buttons send their title.
        """
        return self._facts(Message.read(text))

    def extract_or_left_open(self, text: str) -> tuple[FactMention, ...]:
        """The facts; of a message without any, what it says of one without settling it ("no peritoneal disease")."""
        message = Message.read(text)
        left_open = sites.spared(message) if not (found := self._facts(message)) else None
        return found if left_open is None else (left_open,)

    def _facts(self, message: Message) -> tuple[FactMention, ...]:
        if not message.document.tokens:
            return ()
        choice = _choices().get(message.document.source.text.strip().lower())
        if choice is not None:
            fact, value = choice
            start, end, words = message.document.typed(0, len(message.document.tokens))
            return (FactMention(fact=fact, value=value, start=start, end=end, text=words),)
        found = [item for reader in _READERS for item in _there(reader(message))]
        found.extend(_there(surgery.read(message, found)))
        found.extend(_there(restated.read(message, found)))
        return settle(message, found)


def _there(found: Iterator[Found | None]) -> Iterator[Found]:
    return (item for item in found if item is not None)


@cache
def _choices() -> dict[str, tuple[str, FactValue]]:
    """The titles of all choices with what they say."""
    return {
        title.lower(): (fact.id, choice.value)
        for fact in load_knowledge().facts.values()
        for choice in fact.choices
        for title in (choice.label.zh, choice.label.en)
    }
