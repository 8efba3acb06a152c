"""Dose and response of 90Y radioembolisation: median doses by response, the ranges, and the two thresholds."""

from __future__ import annotations

from knowledge.loading import Knowledge
from knowledge.models.base import Lang
from knowledge.models.statements import Result
from knowledge.pictures.canvas import BODY, MARGIN, SMALL, Canvas, Scale, marker
from knowledge.pictures.figures import (
    capital,
    clauses,
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

NAME = "radioembolisation-dose"
STUDY, ALL, LIVER = "sirt-dose-study", "sirt-tumour-dose", "sirt-liver-dose"
BY_RESPONSE, LESIONS, PATIENTS = "sirt-dose-by-response", "sirt-dose-response-lesions", "sirt-dose-response-patients"
THRESHOLDS = ("sirt-threshold-139", "sirt-threshold-189")
DRAWN = (ALL, BY_RESPONSE, LESIONS, PATIENTS, *THRESHOLDS, LIVER)
WIDTH, LABELS, ROW = 680.0, 216.0, 44.0
AXIS_END, TICKS = 250, (0, 50, 100, 150, 200, 250)
"""The axis ends before the highest dose, so that the thresholds and the medians can be told apart."""
PERCENT = (0, 50, 100)


def draw(kb: Knowledge, lang: Lang) -> Picture:
    """The picture in `lang`."""
    keys = [STUDY, *DRAWN]
    study = kb.statements[STUDY]
    notes = notes_of(kb, keys, lang)
    title = word("dose_title", lang)
    canvas = Canvas(WIDTH)
    lesions = word("dose_lesions", lang, n=study.n_lesions)
    canvas.heading(title, clauses([study_text(study, lang), lesions], lang), word("source", lang, source=source(study)))
    _doses(canvas, kb, lang)
    _thresholds(canvas, kb, lang)
    canvas.remarks(lang, word("dose_points", lang), _by_patient(kb, lang), notes=notes)
    return canvas.finish(
        kb,
        lang,
        name=NAME,
        title=title,
        alt=_alt(kb, lang),
        statements=keys,
        notes=notes,
        table=figure_table(kb, DRAWN, lang),
    )


def _doses(canvas: Canvas, kb: Knowledge, lang: Lang) -> None:
    across = Scale(0, AXIS_END, LABELS, WIDTH - 50)
    rows = _rows(kb, lang)
    top = canvas.y + 26
    bottom = top + len(rows) * ROW
    for tick in TICKS:
        canvas.add(Path(points=((across(tick), top), (across(tick), bottom)), stroke="line"))
        canvas.text(across(tick), bottom + 18, str(tick), SMALL, "quiet", "middle")
    canvas.text(across(AXIS_END / 2), bottom + 38, word("dose_axis", lang), SMALL, "quiet", "middle")
    sides: tuple[tuple[Anchor, int], ...] = (("end", -6), ("start", 6))
    for threshold, (anchor, step) in zip(_limits(kb), sides, strict=True):
        x = across(threshold.value or 0)
        canvas.add(Path(points=((x, top - 8), (x, bottom)), stroke="caution", stroke_width=2, dashed=True))
        canvas.text(x + step, top - 6, value_text(threshold, lang), BODY, "caution", anchor, bold=True)
    for position, (label, result, p) in enumerate(rows):
        _dose(canvas, across, top + (position + 0.5) * ROW, label, result, p, lang)
    canvas.y = bottom + 46


def _rows(kb: Knowledge, lang: Lang) -> list[tuple[str, Result, str]]:
    """Label, dose, and P value against progression of each row."""
    compared = {result.value: p_text(result) for result in kb.statements[LESIONS].results}
    by_response = [
        (capital(result.arm[lang]) if result.arm else "", result, compared.get(result.value, ""))
        for result in kb.statements[BY_RESPONSE].results
    ]
    whole = (word("dose_all", lang), kb.statements[ALL].results[0], "")
    liver = (word("dose_liver", lang), kb.statements[LIVER].results[0], "")
    return [*by_response, whole, liver]


def _dose(canvas: Canvas, across: Scale, y: float, label: str, result: Result, p: str, lang: Lang) -> None:
    """One median with its range; an arrow where the range goes on beyond the axis."""
    canvas.text(LABELS - 14, y + (-2 if p else 5), label, SMALL, anchor="end")
    if p:
        canvas.text(LABELS - 14, y + 15, word("dose_against_pd", lang, p=p), SMALL, "quiet", "end")
    x, beside = across(result.value or 0), y + 5
    if result.low is not None and result.high is not None:
        left, right = across(result.low), across(min(result.high, AXIS_END + 8))
        canvas.add(Path(points=((left, y), (right, y)), stroke="accent", stroke_width=2))
        canvas.add(Path(points=((left, y - 6), (left, y + 6)), stroke="accent", stroke_width=2))
        end = ((right, y - 6), (right + 11, y), (right, y + 6))
        if result.high > AXIS_END:
            canvas.add(Path(points=end, closed=True, fill="accent"))
        else:
            canvas.add(Path(points=(end[0], end[2]), stroke="accent", stroke_width=2))
        beside = y - 9
    canvas.add(marker("circle", x, y, 6, "accent"))
    said = value_text(result, lang)
    ground = width(said, SMALL, bold=True)
    canvas.add(Rect(x=x + 11, y=beside - 13, width=ground, height=17, fill="surface"))
    canvas.text(x + 12, beside, said, SMALL, "accent", bold=True)


def _thresholds(canvas: Canvas, kb: Knowledge, lang: Lang) -> None:
    """How well each threshold tells response, as points on a scale of per cent."""
    canvas.y += 10
    canvas.text(MARGIN, canvas.y + BODY, word("dose_thresholds", lang), BODY, bold=True)
    across = Scale(0, 100, LABELS + 40, WIDTH - 70)
    top = canvas.y + 28
    results = _predictions(kb)
    bottom = top + len(results) * 30
    for percent in PERCENT:
        canvas.add(Path(points=((across(percent), top), (across(percent), bottom)), stroke="line"))
        canvas.text(across(percent), bottom + 18, with_unit(str(percent), "%", lang), SMALL, "quiet", "middle")
    for position, (limit, result) in enumerate(results):
        y = top + (position + 0.5) * 30
        colour: Colour = "accent" if result.statistic == "sensitivity" else "caution"
        shape = "circle" if result.statistic == "sensitivity" else "square"
        parts = (value_text(limit, lang), word(result.statistic, lang), time_text(result.time, lang))
        label = " · ".join(part for part in parts if part)
        canvas.text(LABELS + 28, y + 5, label, SMALL, anchor="end")
        x = across(result.value or 0)
        canvas.add(Path(points=((across(0), y), (x, y)), stroke=colour, stroke_width=2))
        canvas.add(marker(shape, x, y, 6, colour, hollow=shape == "square"))
        canvas.text(x + 12, y + 5, value_text(result, lang), SMALL, colour, bold=True)
    canvas.y = bottom + 26


def _limits(kb: Knowledge) -> list[Result]:
    """The threshold of each of the two statements."""
    return [result for key in THRESHOLDS for result in kb.statements[key].results if result.statistic == "threshold"]


def _predictions(kb: Knowledge) -> list[tuple[Result, Result]]:
    """Each threshold with its specificity and its sensitivity."""
    return [
        (limit, result)
        for key, limit in zip(THRESHOLDS, _limits(kb), strict=True)
        for result in kb.statements[key].results
        if result.statistic != "threshold"
    ]


def _by_patient(kb: Knowledge, lang: Lang) -> str:
    result = kb.statements[PATIENTS].results[0]
    arm = result.arm[lang] if result.arm else ""
    return word("dose_patients", lang, arm=arm, value=value_text(result, lang), p=p_text(result))


def _alt(kb: Knowledge, lang: Lang) -> str:
    doses = [
        f"{label} {word('median', lang)} {value_text(result, lang)}"
        + (f" ({word('dose_against_pd', lang, p=p)})" if p else "")
        for label, result, p in _rows(kb, lang)
    ]
    limits = [
        pair(" · ".join(part for part in (value_text(limit, lang), time_text(result.time, lang)) if part), text, lang)
        for limit, result in _predictions(kb)
        for text in [f"{word(result.statistic, lang)} {value_text(result, lang)}"]
    ]
    said = [study_text(kb.statements[STUDY], lang), *doses, *limits, _by_patient(kb, lang)]
    return word("alt", lang, title=word("dose_title", lang), text=sentence(said, lang))
