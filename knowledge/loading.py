"""Reads the knowledge base from its files, checks it, and links its parts.

Whatever is wrong in a file stops the loading with a message that names the file, the entry and the field.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import ValidationError

from knowledge.models.base import Model
from knowledge.models.facts import FACT_IDS, FactDefinition, PatientFacts, is_value, literal_values
from knowledge.models.references import Reference
from knowledge.models.rules import (
    AllOf,
    AnyOf,
    Caution,
    Condition,
    ContradictionRule,
    FactCondition,
    Named,
    Not,
    Rule,
    RuleBook,
    Unless,
    leaves,
)
from knowledge.models.statements import Statement
from knowledge.models.therapies import Therapy

DATA = Path(__file__).parent / "data"

CLINICAL_FILES = ("facts.yaml", "therapies.yaml", "rules.yaml", "references.yaml")
"""With the statements, these are the knowledge that `Knowledge.version` stands for."""

Entry = TypeVar("Entry", bound=Model)


class KnowledgeError(ValueError):
    """The files of the knowledge base are wrong; the message says where."""


@dataclass(frozen=True, eq=False)
class Knowledge:
    """The whole knowledge base, read once and never changed.

    Attributes:
        facts, therapies: in the order of their files, by id.
        statements: by id, editor's notes among them, in the order of the review.
        references: by the review's number.
        rules, cautions, contradictions: with named conditions replaced by their definitions.
        mdt: ids of the statements on multidisciplinary assessment, shown with every result.
        version: hash of the clinical content; it changes with any word of it.
    """

    facts: Mapping[str, FactDefinition]
    therapies: Mapping[str, Therapy]
    statements: Mapping[str, Statement]
    references: Mapping[int, Reference]
    rules: tuple[Rule, ...]
    cautions: tuple[Caution, ...]
    contradictions: tuple[ContradictionRule, ...]
    mdt: tuple[str, ...]
    version: str
    _notes: Mapping[str, tuple[str, ...]]

    def notes_for(self, statements: Iterable[str]) -> tuple[Statement, ...]:
        """The editor's notes that must be shown with these statements, each once, in order of number."""
        ids = {note for statement in statements for note in self._notes.get(statement, ())}
        return tuple(self.statements[note] for note in sorted(ids, key=lambda note: int(note[1:])))

    def citations_of(self, statements: Iterable[str]) -> tuple[int, ...]:
        """The reference numbers these statements carry, ascending."""
        return tuple(sorted({number for key in statements for number in self.statements[key].citations}))

    def statements_of(self, therapy: str | None = None, citation: int | None = None) -> tuple[Statement, ...]:
        """The statements on a therapy and/or with a citation; all of them when neither is given."""
        return tuple(
            statement
            for statement in self.statements.values()
            if (therapy is None or therapy in statement.therapies)
            and (citation is None or citation in statement.citations)
        )


@cache
def load_knowledge(folder: Path = DATA) -> Knowledge:
    """The knowledge base in `folder`, read once for the whole process.

    Raises:
        KnowledgeError: a file is missing, malformed, or names something that does not exist.
    """
    facts = _by_id(folder / "facts.yaml", FactDefinition)
    therapies = _by_id(folder / "therapies.yaml", Therapy)
    references = {r.number: r for r in _entries(folder / "references.yaml", Reference, "number")}
    statements: dict[str, Statement] = {}
    for file in sorted((folder / "statements").glob("*.yaml")):
        for key, statement in _by_id(file, Statement).items():
            if key in statements:
                raise KnowledgeError(f"{file.name}: {key}: the id is used twice")
            statements[key] = statement
    statements = dict(sorted(statements.items(), key=lambda item: _review_order(item[1])))
    book = _rule_book(folder / "rules.yaml")
    notes: dict[str, list[str]] = {}
    for note in statements.values():
        for key in note.concerns:
            notes.setdefault(key, []).append(note.id)
    knowledge = Knowledge(
        facts=facts,
        therapies=therapies,
        statements=statements,
        references=references,
        rules=tuple(rule.model_copy(update={"when": _expand(rule.when, book)}) for rule in book.rules),
        cautions=tuple(
            caution.model_copy(update={"when": _expand(caution.when, book)}) if caution.when else caution
            for caution in book.cautions
        ),
        contradictions=tuple(
            entry.model_copy(update={"when": _expand(entry.when, book)}) for entry in book.contradictions
        ),
        mdt=book.mdt,
        version=_content_hash(folder),
        _notes={key: tuple(ids) for key, ids in notes.items()},
    )
    problems = list(_broken_links(knowledge))
    if problems:
        raise KnowledgeError("\n".join(problems))
    return knowledge


def read_yaml(file: Path) -> Any:
    """The content of a data file.

    Raises:
        KnowledgeError: the file cannot be read or is not YAML.
    """
    try:
        return yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    except (OSError, UnicodeDecodeError) as error:
        raise KnowledgeError(f"{file.name}: cannot be read: {error}") from error
    except yaml.YAMLError as error:
        raise KnowledgeError(f"{file.name}: not valid YAML: {error}") from error


def validate_entry(file: Path, name: str, model: type[Entry], data: object) -> Entry:
    """`data` as a `model`.

    Raises:
        KnowledgeError: naming the file, the entry and the field.
    """
    try:
        return model.model_validate(data)
    except ValidationError as error:
        where = "; ".join(
            f"{'.'.join(str(part) for part in detail['loc']) or '(entry)'}: {detail['msg']}"
            for detail in error.errors()
        )
        raise KnowledgeError(f"{file.name}: {name}: {where}") from error


def _entries(file: Path, model: type[Entry], key: str = "id") -> list[Entry]:
    data = read_yaml(file)
    if not isinstance(data, list):
        raise KnowledgeError(f"{file.name}: a list of entries is expected")
    entries, seen = [], set()
    for position, item in enumerate(data, start=1):
        name = str(item.get(key, f"entry {position}")) if isinstance(item, dict) else f"entry {position}"
        if name in seen:
            raise KnowledgeError(f"{file.name}: {name}: the {key} is used twice")
        seen.add(name)
        entries.append(validate_entry(file, name, model, item))
    return entries


def _by_id(file: Path, model: type[Entry]) -> dict[str, Entry]:
    return {str(entry.id): entry for entry in _entries(file, model)}  # type: ignore[attr-defined]


def _rule_book(file: Path) -> RuleBook:
    """The rules; each entry is checked by itself first, so that an error names its id and not a union."""
    data = read_yaml(file)
    if not isinstance(data, dict):
        raise KnowledgeError(f"{file.name}: a mapping is expected")
    sections: tuple[tuple[str, type[Model]], ...] = (
        ("rules", Rule),
        ("cautions", Caution),
        ("contradictions", ContradictionRule),
    )
    for section, model in sections:
        for position, item in enumerate(data.get(section) or [], start=1):
            name = item.get("id", f"{section} {position}") if isinstance(item, dict) else f"{section} {position}"
            validate_entry(file, str(name), model, item)
    return validate_entry(file, "(file)", RuleBook, data)


def _expand(condition: Condition, book: RuleBook, seen: tuple[str, ...] = ()) -> Condition:
    """The condition with every name replaced by its definition."""
    match condition:
        case Named(named=name):
            if name in seen:
                raise KnowledgeError(f"rules.yaml: conditions: {name}: defined by itself")
            if name not in book.conditions:
                raise KnowledgeError(f"rules.yaml: conditions: {name}: not defined")
            return _expand(book.conditions[name], book, (*seen, name))
        case AllOf(all_=parts):
            return AllOf.model_construct(all_=tuple(_expand(part, book, seen) for part in parts))
        case AnyOf(any_=parts):
            return AnyOf.model_construct(any_=tuple(_expand(part, book, seen) for part in parts))
        case Not(not_=part):
            return Not.model_construct(not_=_expand(part, book, seen))
        case Unless(unless=part):
            return Unless.model_construct(unless=_expand(part, book, seen))
        case FactCondition():
            return condition


def _review_order(statement: Statement) -> tuple[float, int, int]:
    """Review order; an editor's note comes after the statements of its paragraph."""
    section, paragraph = statement.place.split("/")
    return float(section), int(paragraph), int(statement.id[1:]) if statement.kind == "editor_note" else 0


def _content_hash(folder: Path) -> str:
    """A hash of what the answers rest on; words of the interface and of the lexicon are not part of it."""
    digest = hashlib.sha256()
    for file in (*sorted(folder.glob("*.yaml")), *sorted((folder / "statements").glob("*.yaml"))):
        if file.name not in CLINICAL_FILES and file.parent == folder:
            continue
        digest.update(file.relative_to(folder).as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()[:12]


def _broken_links(knowledge: Knowledge) -> Iterable[str]:
    """Everything that is named somewhere and does not exist."""
    yield from _fact_problems(knowledge)
    for therapy in knowledge.therapies.values():
        if therapy.parent:
            yield from _unknown(f"therapies.yaml: {therapy.id}: parent", [therapy.parent], knowledge.therapies)
    if tuple(knowledge.references) != tuple(range(1, 30)):
        yield "references.yaml: the numbers must be 1 to 29, in order"
    for statement in knowledge.statements.values():
        where = f"statements: {statement.id}"
        yield from _unknown(f"{where}: therapies", statement.therapies, knowledge.therapies)
        yield from _unknown(f"{where}: citations", statement.citations, knowledge.references)
        yield from _unknown(f"{where}: concerns", statement.concerns, knowledge.statements)
    for rule in knowledge.rules:
        yield from _rule_problems(knowledge, rule.id, rule.therapy, rule.when, rule.grounds)
    for caution in knowledge.cautions:
        yield from _rule_problems(knowledge, caution.id, caution.therapy, caution.when, caution.statements)
    for entry in knowledge.contradictions:
        yield from _condition_problems(entry.id, entry.when)
    yield from _unknown("rules.yaml: mdt", knowledge.mdt, knowledge.statements)


def _fact_problems(knowledge: Knowledge) -> Iterable[str]:
    if tuple(knowledge.facts) != FACT_IDS:
        yield "facts.yaml: the facts must be those of PatientFacts, in the same order"
    for fact in knowledge.facts.values():
        values = literal_values(fact.id)
        if values and tuple(choice.value for choice in fact.choices) != values:
            yield f"facts.yaml: {fact.id}: choices must be {', '.join(values)}"
        yield from _unknown(f"facts.yaml: {fact.id}: statements", fact.statements, knowledge.statements)


def _rule_problems(
    knowledge: Knowledge, key: str, therapy: str, when: Condition | None, statements: tuple[str, ...]
) -> Iterable[str]:
    yield from _unknown(f"rules.yaml: {key}: therapy", [therapy], knowledge.therapies)
    yield from _unknown(f"rules.yaml: {key}: statements", statements, knowledge.statements)
    if when is not None:
        yield from _condition_problems(key, when)


def _condition_problems(key: str, when: Condition) -> Iterable[str]:
    for leaf in leaves(when):
        if leaf.fact not in PatientFacts.model_fields:
            yield f"rules.yaml: {key}: fact: `{leaf.fact}` does not exist"
            continue
        wrong = [value for value in leaf.allowed if not is_value(leaf.fact, value)]
        yield from (f"rules.yaml: {key}: {leaf.fact}: `{value}` is not one of its values" for value in wrong)
        if leaf.bounds and leaf.fact not in _numeric_facts():
            yield f"rules.yaml: {key}: {leaf.fact}: bounds need a number"


def _numeric_facts() -> set[str]:
    return {fact for fact in FACT_IDS if not literal_values(fact) and fact != "local_therapy_failed"}


def _unknown(where: str, names: Iterable[object], known: Mapping[Any, object]) -> Iterable[str]:
    for name in names:
        if name not in known:
            yield f"{where}: `{name}` does not exist"
