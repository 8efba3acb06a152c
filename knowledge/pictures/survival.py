"""Survival after stereotactic radiofrequency ablation by year: the points the review reports, and the medians."""

from __future__ import annotations

from typing import NamedTuple

from knowledge.loading import Knowledge
from knowledge.models.base import Lang
from knowledge.models.statements import Result
from knowledge.pictures.canvas import BODY, SMALL, Canvas, Scale, marker
from knowledge.pictures.figures import (
    figure_table,
    limits_of,
    notes_of,
    pair,
    sentence,
    source,
    study_text,
    time_text,
    value_text,
    word,
)
from knowledge.pictures.model import Colour, Path, Picture
from knowledge.pictures.typesetting import width
from knowledge.rendering.base import joined

NAME = "srfa-survival"


class Series(NamedTuple):
    """One statement's rates, and how they are drawn."""

    statement: str
    shape: str
    colour: Colour
    dashed: bool


SERIES = (
    Series("srfa-overall-survival", "circle", "accent", dashed=False),
    Series("srfa-disease-free-survival", "square", "caution", dashed=True),
)
WIDTH, LEFT, PLOT_HEIGHT, PER_YEAR = 680.0, 72.0, 320.0, 102.0
PERCENT = (0, 25, 50, 75, 100)
HALF = 50
"""The median is the time after which this many per cent are left."""


def draw(kb: Knowledge, lang: Lang) -> Picture:
    """The picture in `lang`."""
    keys = [series.statement for series in SERIES]
    study = kb.statements[keys[0]]
    notes = notes_of(kb, keys, lang)
    title = word("srfa_title", lang)
    canvas = Canvas(WIDTH)
    canvas.heading(title, study_text(study, lang), word("source", lang, source=source(study)))
    _legend(canvas, kb, lang)
    _plot(canvas, kb, lang)
    canvas.remarks(
        lang,
        word("joined_points", lang),
        word("median_mark", lang),
        *limits_of(kb, study.citations[0], lang),
        notes=notes,
    )
    return canvas.finish(
        kb,
        lang,
        name=NAME,
        title=title,
        alt=_alt(kb, lang),
        statements=keys,
        notes=notes,
        table=figure_table(kb, keys, lang),
    )


def _legend(canvas: Canvas, kb: Knowledge, lang: Lang) -> None:
    x, y = LEFT, canvas.y + 12
    for series in SERIES:
        line = Path(points=((x, y), (x + 40, y)), stroke=series.colour, stroke_width=2, dashed=series.dashed)
        canvas.add(line, marker(series.shape, x + 20, y, 5, series.colour, hollow=series.dashed))
        label = word(kb.statements[series.statement].results[0].measure, lang)
        canvas.text(x + 50, y + 5, label, BODY, series.colour, bold=True)
        x += 50 + width(label, BODY, bold=True) + 28
    canvas.y += 34


def _plot(canvas: Canvas, kb: Knowledge, lang: Lang) -> None:
    top = canvas.y + 8
    bottom = top + PLOT_HEIGHT
    years = max(int(_years(result)) for series in SERIES for result in _rates(kb, series))

    across = Scale(0, years, LEFT, LEFT + years * PER_YEAR)
    up = Scale(0, 100, bottom, top)
    for percent in PERCENT:
        y = up(percent)
        canvas.add(Path(points=((LEFT, y), (across(years + 0.35), y)), stroke="line"))
        canvas.text(LEFT - 10, y + 5, f"{percent}%", SMALL, "quiet", "end")
    for year in range(years + 1):
        x = across(year)
        canvas.add(Path(points=((x, bottom), (x, bottom + 6)), stroke="quiet"))
        canvas.text(x, bottom + 24, str(year), SMALL, "quiet", "middle")
    canvas.text(across(years / 2), bottom + 46, word("years_axis", lang), SMALL, "quiet", "middle")
    for series in SERIES:
        _median(canvas, kb, series, across, up, lang)
    for series in SERIES:
        points = [(across(_years(result)), up(result.value or 0)) for result in _rates(kb, series)]
        canvas.add(Path(points=tuple(points), stroke=series.colour, stroke_width=2, dashed=series.dashed))
        for (x, y), result in zip(points, _rates(kb, series), strict=True):
            canvas.add(marker(series.shape, x, y, 5, series.colour, hollow=series.dashed))
            canvas.text(x + 10, y - 9, value_text(result, lang), BODY, series.colour, bold=True)
    canvas.y = bottom + 52


def _median(canvas: Canvas, kb: Knowledge, series: Series, across: Scale, up: Scale, lang: Lang) -> None:
    """A mark where half are left, with a line down to the time."""
    for result in kb.statements[series.statement].results:
        if result.statistic == "median" and result.value is not None:
            x, y, bottom = across(_in_years(result.value, result.unit)), up(HALF), up(0)
            canvas.add(Path(points=((x, y), (x, bottom)), stroke=series.colour, dashed=True))
            canvas.add(marker("diamond", x, y, 6, series.colour, hollow=True))
            canvas.text(x + 7, bottom - 9, f"{word('median', lang)} {value_text(result, lang)}", SMALL, series.colour)


def _rates(kb: Knowledge, series: Series) -> list[Result]:
    return [result for result in kb.statements[series.statement].results if result.time and result.unit == "%"]


def _years(result: Result) -> float:
    if result.time is None:
        raise ValueError("a result without a time has no place on the axis")
    return _in_years(result.time.value, result.time.unit)


def _in_years(number: float, unit: str) -> float:
    return number / {"month": 12, "year": 1}[unit]


def _alt(kb: Knowledge, lang: Lang) -> str:
    said = [study_text(kb.statements[SERIES[0].statement], lang)]
    for series in SERIES:
        results = kb.statements[series.statement].results
        figures = [f"{time_text(r.time, lang) or word('median', lang)} {value_text(r, lang)}" for r in results]
        said.append(pair(word(results[0].measure, lang), joined(figures, lang), lang))
    return word("alt", lang, title=word("srfa_title", lang), text=sentence(said, lang))
