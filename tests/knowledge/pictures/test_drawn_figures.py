"""The drawings against the statements: every figure comes from there, and stands where it says."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from math import log10

import pytest

from knowledge import pictures
from knowledge.loading import Knowledge
from knowledge.models.base import LANGUAGES, Lang
from knowledge.models.statements import Result
from knowledge.pictures import ablation_timing, dose, evidence, survival
from knowledge.pictures.svg import to_svg
from tests.knowledge.pictures.reading import NUMBER, Axis, Drawing


def drawing(kb: Knowledge, name: str, lang: Lang) -> Drawing:
    return Drawing(to_svg(pictures.draw(kb, name, lang)))


def values(kb: Knowledge, key: str, wanted: Callable[[Result], bool] = lambda _: True) -> list[float]:
    return [result.value or 0 for result in kb.statements[key].results if wanted(result)]


def changed(kb: Knowledge, add: float) -> Knowledge:
    """Another knowledge base, in which every figure of the drawn statements is larger."""
    keys = {*survival_keys(), *ablation_timing.COMPARED, *dose.DRAWN}
    statements = {
        key: statement.model_copy(
            update={"results": tuple(r.model_copy(update={"value": (r.value or 0) + add}) for r in statement.results)}
        )
        if key in keys
        else statement
        for key, statement in kb.statements.items()
    }
    return dataclasses.replace(kb, statements=statements)


def survival_keys() -> list[str]:
    return [series.statement for series in survival.SERIES]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("add", [0, 2])
def test_survival_is_drawn_where_the_statements_say(kb: Knowledge, lang: Lang, add: float) -> None:
    known = changed(kb, add)
    found = drawing(known, survival.NAME, lang)
    years, percent = found.across("0", "5"), found.upwards("0%", "100%")
    overall, free = (known.statements[key].results for key in survival_keys())
    expected = [(r.time.value, r.value) for r in overall if r.time]
    _, *points = found.circles()  # the first is that of the legend
    assert len(points) == len(expected)
    assert all(near((place(years, x), place(percent, y or 0)), points) for x, y in expected)
    expected = [(r.time.value, r.value) for r in free if r.time]
    squares_and_medians = found.polygons()
    for x, y in expected:
        assert near((place(years, x), place(percent, y or 0)), squares_and_medians)
    for results in (overall, free):
        (median,) = (r.value for r in results if r.statistic == "median")
        assert near((place(years, (median or 0) / 12), place(percent, 50)), squares_and_medians)
    for result in (*overall, *free):
        assert any(f"{result.value:g}" in words.text for words in found.words)


def place(axis: Axis, value: float) -> float:
    (start, end), (low, high) = axis.at, axis.values
    return start + (value - low) / (high - low) * (end - start)


def near(point: tuple[float, float], points: list[tuple[float, float]]) -> bool:
    return any(point == pytest.approx(other, abs=0.05) for other in points)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("add", [0, 2])
def test_bars_are_as_long_as_the_percentages(kb: Knowledge, lang: Lang, add: float) -> None:
    known = changed(kb, add)
    found = drawing(known, ablation_timing.NAME, lang)
    percent = found.across("0%", "100%")
    _, _, _, *bars = found.rects()  # the surface, and the two of the legend
    drawn = [percent.value(float(bar["x"]) + float(bar["width"])) for bar in bars]
    assert drawn == pytest.approx([v for key in ablation_timing.COMPARED for v in values(known, key)], abs=0.05)
    looks = {(bar["fill"], bar["stroke"]) for bar in bars}
    assert len(looks) == 2
    assert len({fill == stroke for fill, stroke in looks}) == 2, "one group is filled and one hollow"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_comparison_has_its_p_value(kb: Knowledge, lang: Lang) -> None:
    found = drawing(kb, ablation_timing.NAME, lang)
    printed = [words.text for words in found.words if words.text.startswith("P")]
    assert printed == [f"P{kb.statements[key].results[0].p}" for key in ablation_timing.COMPARED]
    doses = drawing(kb, dose.NAME, lang)
    assert sum("P<0.001" in words.text for words in doses.words) == 2
    assert any("+58%" in words.text and "P=0.044" in words.text for words in doses.words)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("add", [0, 2])
def test_doses_and_thresholds_stand_on_the_axis(kb: Knowledge, lang: Lang, add: float) -> None:
    known = changed(kb, add)
    found = drawing(known, dose.NAME, lang)
    gray = found.across("0", "250")
    expected = [v for key in (dose.BY_RESPONSE, dose.ALL, dose.LIVER) for v in values(known, key)]
    medians = [gray.value(x) for x, _ in found.circles()][: len(expected)]
    assert medians == pytest.approx(expected, abs=0.05)
    percent = found.across("0%", "100%")
    for key in dose.THRESHOLDS:
        (threshold,) = values(known, key, lambda r: r.statistic == "threshold")
        label = found.find(f">{threshold:g} Gy")[0]
        step = -6 if label.anchor == "end" else 6
        assert gray.value(label.x - step) == pytest.approx(threshold, abs=0.05)
        (sensitivity,) = values(known, key, lambda r: r.statistic == "sensitivity")
        (specificity,) = values(known, key, lambda r: r.statistic == "specificity")
        assert any(percent.value(x) == pytest.approx(sensitivity, abs=0.05) for x, _ in found.circles())
        assert any(percent.value(x) == pytest.approx(specificity, abs=0.05) for x, _ in found.polygons())


@pytest.mark.parametrize("lang", LANGUAGES)
def test_studies_stand_at_their_size(kb: Knowledge, lang: Lang) -> None:
    found = drawing(kb, evidence.NAME, lang)
    axis = found.across("10", "1,000")
    points = [*found.circles(), *found.polygons()]
    sized = {8: 1323, 12: 564, 14: 674, 18: 31, 21: 200, 22: 217, 25: 146}
    assert {s.number: sum(s.sizes) for s in evidence.studies(kb, lang) if s.sizes} == sized
    assert len(points) == len(sized)
    for size in sized.values():
        expected = place(Axis(axis.at, (1, 3)), log10(size))
        assert any(x == pytest.approx(expected, abs=0.05) for x, _ in points), size


def test_every_work_on_a_treatment_is_listed_once(kb: Knowledge) -> None:
    found = evidence.studies(kb, "en")
    cited = {n for s in kb.statements.values() if s.therapies and s.kind != "editor_note" for n in s.citations}
    assert sorted(study.number for study in found) == sorted(cited)
    for study in found:
        said = [s for s in kb.statements_of(citation=study.number) if s.kind != "editor_note"]
        assert study.silent == all(not s.n and s.design == "not_stated" for s in said)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", [survival.NAME, ablation_timing.NAME, dose.NAME, evidence.NAME])
def test_no_number_is_drawn_that_the_statements_lack(kb: Knowledge, name: str, lang: Lang) -> None:
    picture = pictures.draw(kb, name, lang)
    about = [s for s in kb.statements.values() if set(s.citations) & set(picture.citations)]
    known = {f"{size}" for s in about for size in (s.n, s.n_lesions) if size}
    known |= {number for s in about for number in NUMBER.findall(str(s.results))}
    figures = [figure for s in about for r in s.results for figure in (r.value, r.low, r.high)]
    known |= {f"{figure:g}" for figure in figures if figure is not None}
    known |= {n for s in about for text in (s.place, s.population, *s.citations) for n in NUMBER.findall(str(text))}
    for note in picture.notes:
        known |= set(NUMBER.findall(f"{note.id} {note.text} {kb.statements[note.id].short[lang]}"))
    axes = {"0", "1", "2", "3", "4", "5", "10", "25", "50", "75", "100", "150", "200", "250", "000", "90"}
    works = evidence.studies(kb, lang)
    counts = (len(works), sum(bool(w.sizes) for w in works), sum(w.design != "not_stated" for w in works))
    counted = set(map(str, counts)) if name == evidence.NAME else set()
    drawn = {n for words in Drawing(to_svg(picture)).words for n in NUMBER.findall(words.text)}
    assert drawn
    assert drawn - axes - counted <= known


@pytest.mark.parametrize("name", [survival.NAME, ablation_timing.NAME, dose.NAME])
def test_the_table_holds_every_figure_with_its_source(kb: Knowledge, name: str) -> None:
    for lang in LANGUAGES:
        table = pictures.draw(kb, name, lang).table
        for row in table.rows:
            assert len(row.cells) == len(table.columns)
            statement = kb.statements[row.statement or ""]
            assert (row.place, row.citations) == (statement.place, statement.citations)
            assert row.cells[-1].startswith(f"{statement.place} [{statement.citations[0]}]")
            assert row.notes == tuple(note.id for note in kb.notes_for([statement.id]))
        keys = dict.fromkeys(row.statement for row in table.rows)
        assert len(table.rows) == sum(len(kb.statements[key or ""].results) for key in keys)


def test_notes_travel_with_their_statements(kb: Knowledge) -> None:
    notes = {name: [note.id for note in pictures.draw(kb, name, "en").notes] for name in pictures.NAMES}
    assert notes[survival.NAME] == ["N4"]
    assert notes[ablation_timing.NAME] == []
    assert notes[dose.NAME] == ["N13"]
    for name in pictures.NAMES:
        picture = pictures.draw(kb, name, "en")
        assert {note for row in picture.table.rows for note in row.notes} >= set(notes[name])
        for note in notes[name]:
            assert any(f"note {note}:" in words.text for words in Drawing(to_svg(picture)).words), (name, note)
