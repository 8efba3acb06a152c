"""What all messages are made of: phrases, citation marks, statements with their editor's notes, fact values."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from functools import cache

from knowledge.consultation import contradictions
from knowledge.loading import DATA, Knowledge, KnowledgeError, read_yaml, validate_entry
from knowledge.models.base import Bilingual, Lang
from knowledge.models.facts import FACT_IDS, FactDefinition, FactValue, PatientFacts
from knowledge.models.messages import Button


@cache
def _phrases() -> dict[str, Bilingual]:
    """All phrases by `file.key`."""
    found: dict[str, Bilingual] = {}
    for file in sorted((DATA / "phrases").glob("*.yaml")):
        data = read_yaml(file)
        if not isinstance(data, dict):
            raise KnowledgeError(f"{file.name}: a mapping of keys to zh and en is expected")
        for key, texts in data.items():
            found[f"{file.stem}.{key}"] = validate_entry(file, key, Bilingual, texts)
    return found


def phrase(key: str, lang: Lang, **values: object) -> str:
    """The phrase `file.key` with its placeholders filled.

    Raises:
        KeyError: there is no such phrase, or a placeholder has no value.
    """
    return _phrases()[key][lang].format(**values)


def bilingual(key: str) -> Bilingual:
    """The phrase `file.key`, which has no placeholders, in both languages."""
    return _phrases()[key]


def joined(items: Iterable[str], lang: Lang) -> str:
    """A list in one line, with the comma of the language."""
    return ("、" if lang == "zh" else ", ").join(items)


def lines(*parts: str | Iterable[str] | None) -> str:
    """Text of single lines; empty parts are left out. A blank line would make Rasa split the message."""
    rows: list[str] = []
    for part in parts:
        rows.extend([part] if isinstance(part, str) else part or [])
    return "\n".join(row for row in rows if row)


def cite(numbers: Iterable[int]) -> str:
    """Citation marks, e.g. `[21][22]`."""
    return "".join(f"[{number}]" for number in numbers)


def statement_line(kb: Knowledge, key: str, lang: Lang, *, short: bool = False) -> str:
    """One statement with its citations, its place, and the marks of its editor's notes."""
    statement = kb.statements[key]
    text = (statement.short if short else statement.text)[lang].rstrip("。.")
    marks = " ".join(note.id for note in kb.notes_for([key]))
    parts = [
        cite(statement.citations),
        phrase("base.place", lang, place=statement.place),
        phrase("base.note_mark", lang, notes=marks) if marks else "",
    ]
    return text + "".join(parts) if lang == "zh" else " ".join(part for part in (text, *parts) if part)


def note_lines(kb: Knowledge, keys: Iterable[str], lang: Lang, *, short: bool = False) -> list[str]:
    """The editor's notes that belong to these statements, each once."""
    return [
        phrase("base.note", lang, id=note.id, text=(note.short if short else note.text)[lang])
        for note in kb.notes_for(keys)
    ]


def statement_lines(kb: Knowledge, keys: Sequence[str], lang: Lang) -> list[str]:
    """Statements in full, followed by their editor's notes."""
    return [*(statement_line(kb, key, lang) for key in keys), *note_lines(kb, keys, lang)]


def fact_text(kb: Knowledge, fact: str, value: FactValue | None, lang: Lang) -> str:
    """A fact with its value in short, e.g. `最大 2.5 cm` or `RAS wild type`; unknown is named as such."""
    definition = kb.facts[fact]
    if value is None:
        return phrase("base.unknown_fact", lang, fact=definition.label[lang])
    for choice in definition.choices:
        if choice.value == value:
            return choice.short[lang]
    if definition.short is None:
        raise ValueError(f"{value!r} is no value of {fact}")
    return definition.short[lang].format(value=number_text(value))


def number_text(value: FactValue) -> str:
    """A number without needless decimals: 2.5, 3, 12."""
    return f"{value:g}" if isinstance(value, float) else str(value)


def facts_text(kb: Knowledge, facts: PatientFacts, lang: Lang) -> str:
    """All known facts in one line."""
    return " · ".join(fact_text(kb, fact, value, lang) for fact, value in facts.known().items())


def contradiction_lines(kb: Knowledge, facts: PatientFacts, lang: Lang, among: Collection[str] = FACT_IDS) -> list[str]:
    """The contradictions in which one of the facts `among` takes part, a line each."""
    return [
        phrase("facts.contradiction", lang, text=found.text[lang])
        for found in contradictions(kb, facts)
        if set(among) & set(found.facts)
    ]


def therapy_names(kb: Knowledge, therapies: Iterable[str], lang: Lang) -> str:
    """Short names of therapies in one line."""
    return joined((kb.therapies[therapy].short[lang] for therapy in therapies), lang)


def choice_titles(definition: FactDefinition, lang: Lang) -> list[str]:
    """The answers to a question in the order of their numbers, "unknown" last."""
    unknown = phrase("base.unknown", lang)
    return [*(choice.label[lang] for choice in definition.choices), unknown]


def numbered(titles: Sequence[str]) -> list[str]:
    """Choices as numbered lines: where there are no buttons the number is the answer."""
    return [f"{number}. {title}" for number, title in enumerate(titles, start=1)]


def buttons(*titles: str) -> tuple[Button, ...]:
    """Quick replies that say what stands on them."""
    return tuple(Button(title=title, payload=title) for title in titles)
