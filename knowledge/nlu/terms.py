"""The lexicon: which words stand for what, and the reader that finds them in a message."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from pydantic import Field, model_validator

from knowledge.loading import DATA, load_knowledge, read_yaml, validate_entry
from knowledge.models.base import Model, Sentence
from knowledge.models.facts import is_value
from knowledge.nlu.document import Document
from knowledge.nlu.matching import Vocabulary

LEXICON = DATA / "lexicon.yaml"


class Words(Model):
    """Words with one meaning, as people type them."""

    zh: tuple[Sentence, ...]
    en: tuple[Sentence, ...]

    @property
    def all(self) -> tuple[str, ...]:
        """The words of both languages."""
        return (*self.zh, *self.en)


class ValueWords(Words):
    """Words that mean a value of a fact; `negated` is what their denial means, if anything."""

    fact: str
    value: str | bool
    negated: str | bool | None = None
    zh: tuple[Sentence, ...] = Field(min_length=1)
    en: tuple[Sentence, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _values_of_the_fact(self) -> ValueWords:
        for value in (self.value, self.negated):
            if value is not None and not is_value(self.fact, value):
                raise ValueError(f"`{value}` is not a value of `{self.fact}`")
        return self


class Lexicon(Model):
    """The file of words; each group is explained there."""

    values: tuple[ValueWords, ...]
    organs: dict[str, Words]
    cues: dict[str, Words]
    hepatectomy: Words
    done: Words
    recurrence: Words
    free_of_disease: Words
    courses: dict[str, Words]
    genes: dict[str, Words]
    gene_states: dict[str, Words]


@cache
def load_lexicon() -> Lexicon:
    """The lexicon, read once for the process.

    Raises:
        knowledge.loading.KnowledgeError: the file is missing or malformed; the message names the entry.
    """
    return validate_entry(LEXICON, "(file)", Lexicon, read_yaml(LEXICON))


def lexicon_fingerprint() -> str:
    """A hash that changes with any word that messages are understood by."""
    digest = hashlib.sha256()
    for file in (
        LEXICON,
        DATA / "therapies.yaml",
        DATA / "facts.yaml",
        DATA / "answers.yaml",
        *sorted(Path(__file__).parent.glob("*.py")),
    ):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


@cache
def vocabulary() -> Vocabulary:
    """The reader for all terms, built at the first use."""
    return Vocabulary(_terms())


def read(text: str) -> Document:
    """A message cut into tokens, with the terms of the lexicon in it."""
    return vocabulary().read(text)


def _terms() -> Iterator[tuple[str, str]]:
    lexicon = load_lexicon()
    for position, entry in enumerate(lexicon.values):
        yield from ((word, f"value.{position}") for word in entry.all)
    groups: tuple[tuple[str, Mapping[str, Words]], ...] = (
        ("organ", lexicon.organs),
        ("cue", lexicon.cues),
        ("course", lexicon.courses),
        ("gene", lexicon.genes),
        ("state", lexicon.gene_states),
    )
    for group, entries in groups:
        for name, words in entries.items():
            yield from ((word, f"{group}.{name}") for word in words.all)
    for name in ("hepatectomy", "done", "recurrence", "free_of_disease"):
        yield from ((word, name) for word in getattr(lexicon, name).all)
    for therapy in load_knowledge().therapies.values():
        names = (*therapy.aliases.zh, *therapy.aliases.en, therapy.name.zh, therapy.name.en, therapy.short.zh)
        yield from ((word, f"therapy.{therapy.id}") for word in (*names, therapy.short.en))
    for fact in load_knowledge().facts.values():
        yield from ((fact.label[lang], f"fact.{fact.id}") for lang in ("zh", "en"))
