"""The words that questions are read with: read once from `data/questions/`."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from knowledge.loading import DATA, Knowledge, KnowledgeError, read_yaml, validate_entry
from knowledge.models.base import Bilingual
from knowledge.models.questions import AbsentSubject, Concept, Examples, Signal, Vocabulary
from knowledge.models.therapies import Aliases


@cache
def load_vocabulary(folder: Path = DATA / "questions") -> Vocabulary:
    """The vocabulary in `folder`.

    Raises:
        KnowledgeError: a file is missing or malformed, or an id is used twice.
    """
    read = {name: read_yaml(folder / f"{name}.yaml") for name in ("concepts", "signals", "absent", "ordinary")}
    vocabulary = validate_entry(folder / "concepts.yaml", "vocabulary", Vocabulary, read)
    for entries in (vocabulary.concepts, vocabulary.signals, vocabulary.absent):
        ids = [entry.id for entry in entries]
        if len(set(ids)) < len(ids):
            twice = sorted({id_ for id_ in ids if ids.count(id_) > 1})
            raise KnowledgeError(f"{folder.name}: used twice: {', '.join(twice)}")
    return vocabulary


def load_examples(file: Path = DATA / "questions" / "examples.yaml") -> Examples:
    """The example messages in `file`.

    Raises:
        KnowledgeError: the file is missing or malformed.
    """
    return validate_entry(file, "(file)", Examples, read_yaml(file))


def therapy_concepts(kb: Knowledge) -> tuple[Concept, ...]:
    """The therapies as concepts: a therapy includes its special forms."""
    return tuple(
        Concept(
            id=therapy.id,
            group="therapies",
            terms=Aliases(
                zh=(therapy.short.zh, therapy.name.zh, *therapy.aliases.zh),
                en=(therapy.short.en, therapy.name.en, *therapy.aliases.en),
            ),
            includes=tuple(other.id for other in kb.therapies.values() if other.parent == therapy.id),
        )
        for therapy in kb.therapies.values()
    )


def all_terms(entry: Concept | Signal | AbsentSubject) -> tuple[str, ...]:
    """The words of an entry in both languages."""
    return (*entry.terms.zh, *entry.terms.en)


def name_of(number: float) -> str:
    """A number as people write it: without a needless `.0`."""
    return str(int(number)) if number == int(number) else str(number)


def time_name(value: float, unit: str) -> Bilingual:
    """A time point in words: `5 年` and `5 years`."""
    number = name_of(value)
    plural = "" if number == "1" else "s"
    return Bilingual(zh=f"{number} {'年' if unit == 'year' else '个月'}", en=f"{number} {unit}{plural}")
