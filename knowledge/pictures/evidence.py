"""How large the studies behind each treatment are and how they were designed, as far as the review says."""

from __future__ import annotations

from math import log10
from typing import NamedTuple, get_args

from knowledge.loading import Knowledge
from knowledge.models.base import Lang
from knowledge.models.statements import Statement, StudyDesign
from knowledge.models.therapies import TherapyGroup
from knowledge.pictures.canvas import BODY, MARGIN, SMALL, Canvas, Scale, marker
from knowledge.pictures.figures import design_text, notes_of, pair, row, sentence, value_text, word
from knowledge.pictures.model import Colour, Path, Picture, Rect, Table
from knowledge.pictures.typesetting import width, wrap
from knowledge.rendering.base import cite, joined, therapy_names

NAME = "evidence"
WIDTH, INDENT, PLOT, PLOT_END, DESIGN = 820.0, 34.0, 302.0, 552.0, 604.0
ROW = 30.0
POWERS = (1, 2, 3, 3.3)
"""The axis from 10 to 2000 patients, in powers of ten."""
SHOWN = 2
"""How many of a study's treatments are named in the picture; the table has all of them."""
GROUPS: tuple[TherapyGroup, ...] = get_args(TherapyGroup)


class Study(NamedTuple):
    """What the review says of one work that it cites on a treatment.

    Attributes:
        number: the review's reference number.
        therapies: the treatments it is chiefly cited on, most often cited first.
        design: as the review gives it.
        sizes: how many patients; one for each group where the review gives the groups only.
        trials: how many trials, for an analysis of trials.
        grounds: the statement that says so; where none does, the first that cites the work.
        silent: whether the review gives neither size nor design.
    """

    number: int
    therapies: tuple[str, ...]
    design: StudyDesign
    sizes: tuple[int, ...]
    trials: str
    grounds: Statement
    silent: bool


def draw(kb: Knowledge, lang: Lang) -> Picture:
    """The picture in `lang`."""
    found = studies(kb, lang)
    used = [study.grounds.id for study in found if not study.silent]
    notes = notes_of(kb, used, lang)
    title = word("evidence_title", lang)
    counts = {
        "works": len(found),
        "sized": sum(bool(study.sizes) for study in found),
        "designed": sum(study.design != "not_stated" for study in found),
    }
    subtitle = word("evidence_subtitle", lang, **counts)
    canvas = Canvas(WIDTH)
    canvas.heading(title, subtitle)
    _studies(canvas, kb, found, lang)
    canvas.remarks(lang, word("evidence_reads", lang), notes=notes_of(kb, used, lang, short=True))
    sized = sorted((study for study in found if study.sizes), key=lambda study: -sum(study.sizes))
    said = [subtitle.rstrip("。."), *(_said(kb, study, lang) for study in sized)]
    return canvas.finish(
        kb,
        lang,
        name=NAME,
        title=title,
        alt=word("alt", lang, title=title, text=sentence(said, lang)),
        statements=[study.grounds.id for study in found],
        therapies=[therapy for study in found for therapy in study.therapies],
        notes=notes,
        table=_table(kb, found, lang),
    )


def studies(kb: Knowledge, lang: Lang) -> tuple[Study, ...]:
    """The works cited on a treatment, by group of treatment and number."""
    found = [study for number in kb.references if (study := _study(kb, number, lang))]
    return tuple(sorted(found, key=lambda study: (GROUPS.index(_group(kb, study)), study.number)))


def _study(kb: Knowledge, number: int, lang: Lang) -> Study | None:
    """What the review says of a work; None if it is not cited on a treatment."""
    citing = [s for s in kb.statements_of(citation=number) if s.kind != "editor_note"]
    named = [therapy for statement in citing for therapy in statement.therapies]
    if not named:
        return None
    design, sizes, trials = _design(citing), _sizes(citing), _trials(citing, lang)
    telling = [s for s in citing if s.n or s.design != "not_stated" or _arms(s) or _trials([s], lang)]
    return Study(
        number=number,
        therapies=_mainly(named),
        design=design,
        sizes=sizes,
        trials=trials,
        grounds=next((s for s in telling if s.n or _arms(s)), (telling or citing)[0]),
        silent=not telling,
    )


def _mainly(named: list[str]) -> tuple[str, ...]:
    """What a work is chiefly cited on: a treatment that is named only in passing is left out."""
    most = max(named.count(therapy) for therapy in named)
    found = sorted(dict.fromkeys(named), key=lambda therapy: -named.count(therapy))
    return tuple(therapy for therapy in found if named.count(therapy) * 2 >= most)


def _design(citing: list[Statement]) -> StudyDesign:
    return next((s.design for s in citing if s.design != "not_stated"), "not_stated")


def _sizes(citing: list[Statement]) -> tuple[int, ...]:
    whole = next((s.n for s in citing if s.n), None)
    return (whole,) if whole else next((arms for s in citing if (arms := _arms(s))), ())


def _arms(statement: Statement) -> tuple[int, ...]:
    """The sizes of the groups compared, where a statement on the design of a study gives them."""
    sizes = tuple(
        int(result.value)
        for result in statement.results
        if result.measure == "sample_size" and result.unit == "patients" and result.arm and result.value
    )
    return sizes if statement.kind == "background" and len(sizes) > 1 else ()


def _trials(citing: list[Statement], lang: Lang) -> str:
    results = (result for statement in citing for result in statement.results if result.unit == "trials")
    return next((value_text(result, lang) for result in results), "")


def _group(kb: Knowledge, study: Study) -> TherapyGroup:
    return kb.therapies[study.therapies[0]].group


def size_text(study: Study, lang: Lang) -> str:
    """The size as the review gives it, e.g. `217` or `100 + 100`."""
    return " + ".join(map(str, study.sizes)) or study.trials or word("not_stated", lang)


def _studies(canvas: Canvas, kb: Knowledge, found: tuple[Study, ...], lang: Lang) -> None:
    """A row for each study of which the review says something; the others by number, below those of their group."""
    across = Scale(POWERS[0], POWERS[-1], PLOT, PLOT_END)
    canvas.text(PLOT - 8, canvas.y + SMALL, word("evidence_axis", lang), SMALL, "quiet")
    canvas.text(DESIGN, canvas.y + SMALL, word("column_design", lang), SMALL, "quiet")
    canvas.y += 24
    grid, top = len(canvas.marks), canvas.y
    for group in GROUPS:
        own = [study for study in found if _group(kb, study) == group]
        canvas.text(MARGIN, canvas.y + BODY + 4, word(f"group_{group}", lang), BODY, bold=True)
        canvas.y += 28
        for study in own:
            if not study.silent:
                _row(canvas, kb, study, across, lang)
        silent = [study.number for study in own if study.silent]
        if silent:
            _on_ground(canvas, INDENT, canvas.y + 17, word("evidence_silent", lang, works=cite(silent)))
            canvas.y += ROW
        canvas.y += 6
    ticks = [(across(power), f"{10**power:,}") for power in POWERS[:-1]]
    canvas.marks[grid:grid] = [Path(points=((x, top), (x, canvas.y)), stroke="line") for x, _ in ticks]
    for x, label in ticks:
        canvas.text(x, canvas.y + 18, label, SMALL, "quiet", "middle")
    canvas.y += 28


def _row(canvas: Canvas, kb: Knowledge, study: Study, across: Scale, lang: Lang) -> None:
    """A point at the size, hollow where no design is given."""
    y = canvas.y + ROW / 2
    names = f"{cite([study.number])} {therapy_names(kb, study.therapies[:SHOWN], lang)}"
    canvas.text(INDENT, y + 5, names, SMALL)
    said = size_text(study, lang)
    x = PLOT
    if study.sizes:
        x = across(log10(sum(study.sizes)))
        stated = study.design != "not_stated"
        shape = "square" if study.design == "randomised_trial" else "circle" if stated else "diamond"
        canvas.add(Path(points=((PLOT, y), (x, y)), stroke="line"))
        canvas.add(marker(shape, x, y, 6, "accent" if stated else "caution", hollow=not stated))
        x += 13
    _on_ground(canvas, x, y + 5, said, "text" if study.sizes else "quiet", bold=bool(study.sizes))
    lines = wrap(design_text(study.design, lang), WIDTH - MARGIN - DESIGN, SMALL)
    for number, line in enumerate(lines):
        canvas.text(
            DESIGN,
            y + 5 + (number - (len(lines) - 1) / 2) * 16,
            line,
            SMALL,
            "text" if study.design != "not_stated" else "quiet",
        )
    canvas.y += ROW


def _on_ground(canvas: Canvas, x: float, y: float, text: str, colour: Colour = "quiet", *, bold: bool = False) -> None:
    """Text that lines of the grid do not cross."""
    canvas.add(Rect(x=x - 1, y=y - 14, width=width(text, SMALL, bold=bold) + 2, height=18, fill="surface"))
    canvas.text(x, y, text, SMALL, colour, bold=bold)


def _table(kb: Knowledge, found: tuple[Study, ...], lang: Lang) -> Table:
    rows = []
    for study in found:
        named = kb.references[study.number].named
        work = " ".join([cite([study.number]), *([named] if named else [])])
        therapies = joined((kb.therapies[therapy].name[lang] for therapy in study.therapies), lang)
        cells = [work, therapies, size_text(study, lang), design_text(study.design, lang)]
        rows.append(row(kb, cells, study.grounds))
    columns = ("work", "therapy", "size", "design", "source")
    return Table(columns=tuple(word(f"column_{column}", lang) for column in columns), rows=tuple(rows))


def _said(kb: Knowledge, study: Study, lang: Lang) -> str:
    """A study in a few words."""
    therapies = therapy_names(kb, study.therapies[:SHOWN], lang)
    said = joined([size_text(study, lang), design_text(study.design, lang)], lang)
    return pair(f"{cite([study.number])} {therapies}", said, lang)
