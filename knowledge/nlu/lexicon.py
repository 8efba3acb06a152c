"""The words facts are recognised by: the shapes of the files in `data/lexicon`, and their reading."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path
from typing import Annotated, Literal, TypeVar

from pydantic import StringConstraints, model_validator

from knowledge.loading import DATA, KnowledgeError, read_yaml, validate_entry
from knowledge.models.base import Model, Sentence
from knowledge.models.facts import FactValue, is_value

LEXICON = DATA / "lexicon"

_OTHER_FILES = ("answers.yaml", "facts.yaml", "therapies.yaml")

Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]+(\.[a-z0-9_]+)?$")]

CueCategory = Literal[
    "negation", "uncertainty", "untested", "past", "present", "plan", "hypothesis", "population", "other_person"
]
Direction = Literal["forward", "backward"]
Scope = Literal["target", "clause", "sentence"]


class Words(Model):
    """Words with one meaning. Both languages have to be there, or `any` for what both use (CEA, mm, ×).

    `combined` builds words from their parts, one of each list in order: 还 + 没 + 做 + 过. A part may be empty.
    """

    zh: tuple[Sentence, ...] = ()
    en: tuple[Sentence, ...] = ()
    any: tuple[Sentence, ...] = ()
    combined: tuple[tuple[str, ...], ...] = ()

    @model_validator(mode="after")
    def _both_languages(self) -> Words:
        if not self.any and not (self.zh and self.en):
            raise ValueError("give words in `zh` and `en`, or in `any`")
        return self

    @property
    def all(self) -> tuple[str, ...]:
        """The words of both languages."""
        built = ("".join(parts) for parts in product(*self.combined)) if self.combined else ()
        return (*self.zh, *self.en, *self.any, *built)


class Word(Words):
    """A class of words the readers of facts look for.

    Attributes:
        id: how the readers call the class, e.g. `organ.lung`.
        capitals: whether the words only count when written in capital letters (SD, PR).
    """

    id: Name
    capitals: bool = False


class Finding(Words):
    """Words that say a value of a fact by themselves.

    Attributes:
        id: a name of its own.
        fact, value: what they say; without a value they only name the fact ("resectability").
        negated: what their negation says; None: nothing.
    """

    id: Name
    fact: str
    value: FactValue | None = None
    negated: FactValue | None = None

    @model_validator(mode="after")
    def _values_of_the_fact(self) -> Finding:
        for value in (self.value, self.negated):
            if value is not None and not is_value(self.fact, value):
                raise ValueError(f"`{value}` is not a value of `{self.fact}`")
        return self


class Cue(Words):
    """Words that change how the words around them are to be taken.

    Attributes:
        id: a name of its own.
        category: what they do.
        direction: whether they act on what follows or on what comes before.
        scope: `target` the nearest finding and those listed with it; `clause` or `sentence` up to its end.
        stops: names of words that end a scope earlier.
    """

    id: Name
    category: CueCategory
    direction: Direction = "forward"
    scope: Scope = "target"
    stops: tuple[Name, ...] = ()


Entry = Word | Finding | Cue
Kind = TypeVar("Kind", Word, Finding, Cue)


@dataclass(frozen=True, eq=False)
class Lexicon:
    """All entries by id.

    Attributes:
        words, findings, cues: what facts are read by.
        names: what the facts are called; `none` holds expressions that only look like a name.
    """

    words: Mapping[str, Word]
    findings: Mapping[str, Finding]
    cues: Mapping[str, Cue]
    names: Mapping[str, Word]

    @property
    def entries(self) -> Mapping[str, Entry]:
        """Words, findings and cues together."""
        return {**self.words, **self.findings, **self.cues}


@cache
def load_lexicon(folder: Path = LEXICON) -> Lexicon:
    """The lexicon, read once for the process.

    Raises:
        KnowledgeError: a file is missing or malformed; the message names the file, the entry and the field.
    """
    lexicon = Lexicon(
        words=_entries(folder / "words.yaml", Word),
        findings=_entries(folder / "findings.yaml", Finding),
        cues=_entries(folder / "cues.yaml", Cue),
        names=_entries(folder / "names.yaml", Word),
    )
    names = [*lexicon.words, *lexicon.findings, *lexicon.cues]
    for name in names:
        if names.count(name) > 1:
            raise KnowledgeError(f"lexicon: {name}: the id is used in two files")
    for cue in lexicon.cues.values():
        for stop in cue.stops:
            if stop not in lexicon.entries:
                raise KnowledgeError(f"cues.yaml: {cue.id}: stops: `{stop}` does not exist")
    return lexicon


def lexicon_fingerprint(folder: Path = LEXICON) -> str:
    """A hash that changes with anything that messages are understood by: the words, and the rules in this package."""
    digest = hashlib.sha256()
    words = (*sorted(folder.glob("*.yaml")), *(folder.parent / name for name in _OTHER_FILES))
    for file in (*words, *sorted(Path(__file__).parent.rglob("*.py"))):
        digest.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def _entries(file: Path, model: type[Kind]) -> dict[str, Kind]:
    data = read_yaml(file)
    if not isinstance(data, list):
        raise KnowledgeError(f"{file.name}: a list of entries is expected")
    entries: dict[str, Kind] = {}
    for position, item in enumerate(data, start=1):
        name = str(item.get("id", f"entry {position}")) if isinstance(item, dict) else f"entry {position}"
        if name in entries:
            raise KnowledgeError(f"{file.name}: {name}: the id is used twice")
        entries[name] = validate_entry(file, name, model, item)
    return entries
