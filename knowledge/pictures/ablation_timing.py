"""Upfront against delayed ablation: survival and safety of the two groups as bars, with the P value beside them."""

from __future__ import annotations

from typing import NamedTuple

from knowledge.loading import Knowledge
from knowledge.models.base import Lang
from knowledge.models.statements import Result, Statement
from knowledge.pictures.canvas import BODY, MARGIN, SMALL, Canvas, Scale
from knowledge.pictures.figures import (
    capital,
    figure_table,
    notes_of,
    p_text,
    pair,
    sentence,
    source,
    study_text,
    time_text,
    value_text,
    with_unit,
    word,
)
from knowledge.pictures.model import Anchor, Colour, Path, Picture, Rect
from knowledge.pictures.typesetting import width
from knowledge.rendering.base import joined, number_text

NAME = "ablation-timing"
STUDY = "upfront-ablation-study"
COMPARED = (
    "upfront-ablation-disease-free-survival",
    "upfront-ablation-overall-survival",
    "ablation-complications",
    "ablation-adverse-events",
)
WIDTH, RIGHT, BAR, GAP = 680.0, 110.0, 22.0, 5.0
PERCENT = (0, 25, 50, 75, 100)


class Look(NamedTuple):
    """How the bars of one group are drawn: filled or hollow, so that they differ without colour."""

    colour: Colour
    hollow: bool


LOOKS = (Look("accent", hollow=False), Look("caution", hollow=True))


def draw(kb: Knowledge, lang: Lang) -> Picture:
    """The picture in `lang`."""
    keys = [STUDY, *COMPARED]
    study = kb.statements[STUDY]
    notes = notes_of(kb, keys, lang)
    title = word("timing_title", lang)
    canvas = Canvas(WIDTH)
    canvas.heading(title, study_text(study, lang), word("source", lang, source=source(study)))
    _legend(canvas, study, lang)
    _bars(canvas, kb, lang)
    canvas.remarks(lang, word("bars_are_rates", lang), notes=notes)
    return canvas.finish(
        kb,
        lang,
        name=NAME,
        title=title,
        alt=_alt(kb, study, lang),
        statements=keys,
        notes=notes,
        table=figure_table(kb, COMPARED, lang),
    )


def _legend(canvas: Canvas, study: Statement, lang: Lang) -> None:
    """The groups with their size."""
    x = MARGIN
    for look, size in zip(LOOKS, _groups(study), strict=True):
        canvas.add(_bar(x, canvas.y, 34, look))
        canvas.text(x + 44, canvas.y + 16, _group(size, lang), BODY, look.colour, bold=True)
        x += 44 + width(_group(size, lang), BODY, bold=True) + 28
    canvas.y += 40


def _bars(canvas: Canvas, kb: Knowledge, lang: Lang) -> None:
    across = Scale(0, 100, MARGIN, WIDTH - RIGHT)
    top = canvas.y
    bars = len(canvas.marks)
    for key in COMPARED:
        results = kb.statements[key].results
        canvas.text(MARGIN, canvas.y + BODY, heading(results[0], lang), BODY, bold=True)
        canvas.y += 24
        for look, result in zip(LOOKS, results, strict=True):
            length = across(result.value or 0) - MARGIN
            canvas.add(_bar(MARGIN, canvas.y, length, look))
            canvas.text(MARGIN + length + 8, canvas.y + 16, value_text(result, lang), BODY, look.colour, bold=True)
            canvas.y += BAR + GAP
        canvas.text(WIDTH - MARGIN, canvas.y - BAR - GAP + 3, p_text(results[0]), BODY, anchor="end", bold=True)
        canvas.y += 14
    grid = [Path(points=((across(percent), top), (across(percent), canvas.y)), stroke="line") for percent in PERCENT]
    canvas.marks[bars:bars] = grid
    for percent in PERCENT:
        anchor: Anchor = "start" if percent == 0 else "middle"
        canvas.text(across(percent), canvas.y + 18, with_unit(str(percent), "%", lang), SMALL, "quiet", anchor)
    canvas.y += 26


def heading(result: Result, lang: Lang) -> str:
    """What two bars compare, e.g. `5 years · Overall survival`."""
    parts = (word(result.measure, lang), time_text(result.time, lang))
    return " · ".join(part for part in parts if part)


def _bar(x: float, y: float, length: float, look: Look) -> Rect:
    fill: Colour = "surface" if look.hollow else look.colour
    return Rect(x=x, y=y, width=length, height=BAR, fill=fill, stroke=look.colour, stroke_width=2)


def _groups(study: Statement) -> list[Result]:
    return [result for result in study.results if result.measure == "sample_size"]


def _group(size: Result, lang: Lang) -> str:
    name = capital(size.arm[lang]) if size.arm else ""
    return f"{name} ({word('n', lang, n=number_text(size.value or 0))})"


def _alt(kb: Knowledge, study: Statement, lang: Lang) -> str:
    said = [study_text(study, lang), *(_group(size, lang) for size in _groups(study))]
    for key in COMPARED:
        results = kb.statements[key].results
        values = [f"{r.arm[lang] if r.arm else ''} {value_text(r, lang)}" for r in results]
        said.append(pair(heading(results[0], lang), joined([*values, p_text(results[0])], lang), lang))
    return word("alt", lang, title=word("timing_title", lang), text=sentence(said, lang))
