"""The words of `names.yaml`."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from knowledge.loading import read_yaml, validate_entry
from knowledge.models.base import Model
from knowledge.nlu.text import words

_FILE = Path(__file__).with_name("names.yaml")


class _File(Model):
    surnames: str
    compound: str
    ambiguous: str
    words: str
    not_names: str
    followers: str
    titles: str
    staff: str
    given: str
    family: str
    no_english: str


class NameWords:
    """Sets of words; see `names.yaml`."""

    def __init__(self, file: _File) -> None:
        self.surnames = words(file.surnames)
        self.compound = words(file.compound)
        self.ambiguous = words(file.ambiguous)
        self.words = words(file.words)
        self.not_names = words(file.not_names)
        self.followers = tuple(sorted(words(file.followers)))
        self.long_followers = tuple(word for word in self.followers if len(word) > 1)
        self.titles = words(file.titles)
        self.staff = words(file.staff)
        self.given = words(file.given)
        self.family = words(file.family)
        self.in_small_letters = self.family | {name.lower() for name in self.given}
        self.no_english = words(file.no_english)


@cache
def name_words() -> NameWords:
    """The words, read once.

    Raises:
        knowledge.loading.KnowledgeError: the file is malformed.
    """
    return NameWords(validate_entry(_FILE, "(file)", _File, read_yaml(_FILE)))
