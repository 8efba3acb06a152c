"""What a picture says in words: figures with their unit, the study behind them, where they stand in the review."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from knowledge.loading import Knowledge
from knowledge.models.base import Lang
from knowledge.models.statements import Result, Statement, TimePoint
from knowledge.pictures.model import EditorNote, Row, Table
from knowledge.rendering.base import cite, number_text, phrase

_SIGNS = {"=": "", "<": "<", "<=": "≤", ">": ">", ">=": "≥"}
_CLOSE = ("%",)
"""Units written without a space."""


def word(key: str, lang: Lang, **values: object) -> str:
    """A phrase of the pictures."""
    return phrase(f"pictures.{key}", lang, **values)


def pair(left: str, right: str, lang: Lang) -> str:
    """A name and what it has, with the colon of the language."""
    return word("pair", lang, left=left, right=right)


def value_text(result: Result, lang: Lang) -> str:
    """A figure with its unit, e.g. `34.8%`, `>139 Gy`, `133 Gy (20–1001 Gy)`."""
    sign = word("about", lang) if result.relation == "about" else _SIGNS[result.relation]
    span = f"{_number(result.low)}–{_number(result.high)}"
    if result.value is None:
        return sign + with_unit(span, result.unit, lang)
    text = sign + with_unit(number_text(result.value), result.unit, lang)
    if result.low is None and result.high is None:
        return text
    return word("with_range", lang, value=text, range=with_unit(span, result.unit, lang))


def with_unit(number: str, unit: str, lang: Lang) -> str:
    """A number and its unit."""
    if unit in _CLOSE:
        return number + unit
    return f"{number} {word(f'unit_{unit}', lang) if unit in _IN_WORDS else unit}"


_IN_WORDS = ("month", "year", "patients", "lesions", "trials")


def time_text(time: TimePoint | None, lang: Lang) -> str:
    """When it was measured, e.g. `5 years`; empty where the review does not say."""
    return word(f"after_{time.unit}", lang, value=number_text(time.value)) if time else ""


def p_text(result: Result) -> str:
    """The P value as printed, e.g. `P=0.02`; empty where there is none."""
    return f"P{result.p}" if result.p else ""


def source(statement: Statement) -> str:
    """Where the review says it, e.g. `3.3/3 [22]`."""
    return " ".join(part for part in (statement.place, cite(statement.citations)) if part)


def study_text(statement: Statement, lang: Lang) -> str:
    """Design, n and population as the review gives them."""
    parts = [design_text(statement.design, lang)] if statement.design != "not_stated" else []
    if statement.n:
        parts.append(word("n", lang, n=statement.n))
    if statement.population:
        parts.append(statement.population[lang])
    return clauses(parts, lang)


def design_text(design: str, lang: Lang) -> str:
    """The name of a study design."""
    return word("not_stated", lang) if design == "not_stated" else phrase(f"answer.{design}", lang)


def notes_of(kb: Knowledge, keys: Iterable[str], lang: Lang, *, short: bool = False) -> tuple[EditorNote, ...]:
    """The editor's notes that travel with these statements."""
    return tuple(EditorNote(id=note.id, text=(note.short if short else note.text)[lang]) for note in kb.notes_for(keys))


def row(kb: Knowledge, cells: Iterable[str], statement: Statement) -> Row:
    """A row of a table with its source as the last cell."""
    notes = tuple(note.id for note in kb.notes_for([statement.id]))
    return Row(
        cells=(*cells, " ".join([source(statement), *notes])),
        statement=statement.id,
        place=statement.place,
        citations=statement.citations,
        notes=notes,
    )


def figure_table(kb: Knowledge, keys: Sequence[str], lang: Lang) -> Table:
    """The figures of some statements, a row each."""
    columns = ("measure", "group", "time", "value", "p", "study", "source")
    rows = [
        row(
            kb,
            (
                measure_text(result, lang),
                result.arm[lang] if result.arm else "",
                time_text(result.time, lang),
                value_text(result, lang),
                p_text(result),
                study_text(kb.statements[key], lang),
            ),
            kb.statements[key],
        )
        for key in keys
        for result in kb.statements[key].results
    ]
    return Table(columns=tuple(word(f"column_{column}", lang) for column in columns), rows=tuple(rows))


def measure_text(result: Result, lang: Lang) -> str:
    """What was measured, with the statistic where it is not a plain rate."""
    measure = word(result.measure, lang)
    if result.statistic in ("rate", "count"):
        return measure
    return word("measured_by", lang, measure=measure, statistic=word(result.statistic, lang))


def sentence(parts: Iterable[str], lang: Lang) -> str:
    """Clauses as one sentence."""
    return capital(clauses(parts, lang)) + ("。" if lang == "zh" else ".")


def capital(text: str) -> str:
    """The text with a capital, if it begins with a word."""
    return text[:1].upper() + text[1:] if text[:2].isalpha() else text


def clauses(parts: Iterable[str], lang: Lang) -> str:
    """What belongs together in one line; empty parts are left out."""
    return ("；" if lang == "zh" else "; ").join(part for part in parts if part)


def limits_of(kb: Knowledge, citation: int, lang: Lang) -> list[str]:
    """The limits of a study that the review states, in short."""
    stated = [s.short[lang] for s in kb.statements_of(citation=citation) if s.kind == "limitation"]
    return [word("limits", lang, limits=clauses(stated, lang))] if stated else []


def _number(number: float | None) -> str:
    return "" if number is None else number_text(number)
