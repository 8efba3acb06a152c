"""How much of what identifies a person is removed from the notes of a file, and what else is lost."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bot.privacy.found import Found
from bot.privacy.identifiers import find
from knowledge.loading import read_yaml

NOTES = Path(__file__).with_name("notes.yaml")
LATER = NOTES.with_name("later_notes.yaml")
LAST = NOTES.with_name("last_notes.yaml")
_MARK = re.compile(r"\{(?P<kind>[a-z]+):(?P<words>[^}]*)\}")


@dataclass(frozen=True)
class Note:
    """A note and where its identifiers stand."""

    lang: str
    text: str
    identifiers: tuple[tuple[int, int, str], ...]


@dataclass
class Tally:
    """What came of a file: identifiers by language and kind, those that were missed, and words that were lost."""

    marked: Counter[tuple[str, str]] = field(default_factory=Counter)
    found: Counter[tuple[str, str]] = field(default_factory=Counter)
    missed: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)

    @property
    def recall(self) -> float:
        """The share of identifiers of which nothing was left."""
        return sum(self.found.values()) / sum(self.marked.values())


def notes(file: Path = NOTES) -> Iterator[Note]:
    """The notes of a file, without their marks."""
    for lang, marked in read_yaml(file).items():
        for one in marked:
            text, spans, end = "", [], 0
            for mark in _MARK.finditer(one):
                text += one[end : mark.start()]
                spans.append((len(text), len(text) + len(mark["words"]), mark["kind"]))
                text += mark["words"]
                end = mark.end()
            yield Note(lang, text + one[end:], tuple(spans))


def measure(file: Path = NOTES) -> Tally:
    """Removes what identifies a person from each note and compares with the marks."""
    tally = Tally()
    for note in notes(file):
        found = find(note.text)
        for start, end, kind in note.identifiers:
            tally.marked[note.lang, kind] += 1
            if _covered(found, start, end, note.text):
                tally.found[note.lang, kind] += 1
            else:
                tally.missed.append(f"{kind} {note.text[start:end]!r} in {note.text!r}")
        for one in found:
            if not any(start < one.end and one.start < end for start, end, _ in note.identifiers):
                tally.lost.append(f"{one.kind} {note.text[one.start : one.end]!r} in {note.text!r}")
            else:
                beyond = _beyond(one, note)
                if beyond:
                    tally.lost.append(f"{beyond!r} beside {note.text[one.start : one.end]!r}")
    return tally


def _covered(found: list[Found], start: int, end: int, text: str) -> bool:
    """Whether every letter and digit was removed."""
    inside = {place for one in found for place in range(one.start, one.end)}
    return all(place in inside for place in range(start, end) if text[place].isalnum())


def _beyond(one: Found, note: Note) -> str:
    marked = {place for start, end, _ in note.identifiers for place in range(start, end)}
    return "".join(note.text[place] for place in range(one.start, one.end) if place not in marked).strip(" ,.")
