"""Words that settle what a message is for, read from `cues.yml`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, cached_property
from pathlib import Path

from knowledge.loading import load_knowledge, read_yaml, validate_entry
from knowledge.models.base import LANGUAGES, Lang, Model
from knowledge.nlu.text import normalise

CUES = Path(__file__).with_name("cues.yml")

_LONGEST_COMMAND = 80
"""A longer message says more than a phrase with courtesies around it."""


class Cues(Model):
    """The words of `cues.yml`; see there."""

    around: tuple[str, ...]
    whole: dict[str, tuple[str, ...]]
    contains: dict[str, tuple[str, ...]]
    own_data: dict[str, tuple[str, ...]]
    languages: dict[Lang, tuple[str, ...]]

    def intent_of(self, text: str) -> str | None:
        """The intent of a message that says a known phrase and, but for courtesies, nothing else."""
        plain = _bare(text)
        if len(plain) > _LONGEST_COMMAND:
            return None
        return next((self._intents[core] for core in self._cores(plain) if core in self._intents), None)

    def signals(self, text: str) -> frozenset[str]:
        """What parts of the text signal."""
        plain = _plain(text)
        return frozenset(name for name, pattern in self._patterns.items() if pattern.search(plain))

    def wish_in(self, text: str) -> str | None:
        """What a message wants done with what is kept of the conversation; only short ones can want that."""
        plain = _plain(text)
        if len(plain) > _LONGEST_COMMAND:
            return None
        return next((wish for wish, pattern in self._wishes.items() if pattern.search(plain)), None)

    def language_in(self, text: str) -> Lang | None:
        """The language that is named last: "I read no Chinese, English please"."""
        plain = _plain(text)
        places = {lang: max(plain.rfind(name) for name in names) for lang, names in self.languages.items()}
        last = max(places, key=lambda lang: places[lang])
        return last if places[last] >= 0 else None

    def without_language(self, text: str) -> str:
        """The text without the name of a language and the word it hangs on ("list the options in English")."""
        names = "|".join(re.escape(name) for names in self.languages.values() for name in names)
        return re.sub(rf"(?:用|以|\b(?:in|into)\s)?\s*(?:{names})", "", _plain(text))

    def _cores(self, plain: str) -> Iterator[str]:
        """The text itself and what is left of it without courtesies, the longest first."""
        waiting, seen = [plain], {plain}
        while waiting:
            text = waiting.pop(0)
            yield text
            shorter = {_bare(part) for word in self._courtesies for part in _without(text, word)}
            waiting += sorted(shorter - seen - {""}, key=len, reverse=True)
            seen |= shorter

    @cached_property
    def _courtesies(self) -> tuple[str, ...]:
        return tuple(_plain(word) for word in self.around)

    @cached_property
    def _intents(self) -> dict[str, str]:
        return {_bare(phrase): intent for intent, phrases in self.whole.items() for phrase in phrases}

    @cached_property
    def _wishes(self) -> dict[str, re.Pattern[str]]:
        return {wish: re.compile("|".join(parts)) for wish, parts in self.own_data.items()}

    @cached_property
    def _patterns(self) -> dict[str, re.Pattern[str]]:
        return {name: re.compile("|".join(parts)) for name, parts in self.contains.items()}


@cache
def load_cues() -> Cues:
    """The cues, read once. The answers that stand on quick replies are among them: they certainly inform.

    Raises:
        knowledge.loading.KnowledgeError: the file is malformed.
    """
    cues = validate_entry(CUES, "(file)", Cues, read_yaml(CUES))
    choices = [choice for fact in load_knowledge().facts.values() for choice in fact.choices]
    labels = tuple(text[lang] for choice in choices for text in (choice.label, choice.short) for lang in LANGUAGES)
    return cues.model_copy(update={"whole": {**cues.whole, "inform": labels}})


def _plain(text: str) -> str:
    """The text as cues are written: lower case, ordinary width, simplified characters."""
    return normalise(text).text.casefold().strip()


def _bare(text: str) -> str:
    """The plain text without punctuation around it."""
    return re.sub(r"^\W+|\W+$", "", _plain(text))


def _without(text: str, word: str) -> Iterator[str]:
    """The text without a word at its beginning or its end; English words only as whole words."""
    before, after = text.removeprefix(word), text.removesuffix(word)
    if before != text and not (word.isascii() and before[:1].isalnum()):
        yield before
    if after != text and not (word.isascii() and after[-1:].isalnum()):
        yield after
