"""Tables of the figures, readable in a terminal and as Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from knowledge.models.base import LANGUAGES
from tests.evaluation.abilities import Score
from tests.evaluation.choices import Compared
from tests.evaluation.intents import Sorted
from tests.evaluation.tally import Figures, Tally
from tests.evaluation.thresholds import Point

Row = Sequence[object]
_CONFUSIONS = 8
_FIGURES = ("precision", "recall", "F1", "messages")


def table(header: Row, rows: Iterable[Row]) -> str:
    """A Markdown table with aligned columns; numbers stand to the right."""
    cells = [[str(cell) for cell in row] for row in (header, *rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(header))]
    right = [all(_is_number(row[column]) for row in cells[1:]) for column in range(len(header))]

    def line(row: Sequence[str]) -> str:
        parts = (cell.rjust(w) if r else cell.ljust(w) for cell, w, r in zip(row, widths, right, strict=True))
        return f"| {' | '.join(parts)} |"

    rule = (f"{'-' * (width - 1)}{':' if r else '-'}" for width, r in zip(widths, right, strict=True))
    return "\n".join((line(cells[0]), f"| {' | '.join(rule)} |", *map(line, cells[1:])))


def abilities(scores: Iterable[Score]) -> str:
    """What a liver unit relies on, beside what is wanted."""
    rows = [(s.name, f"{s.right}/{s.asked}", f"{s.share:.1%}", f"{s.bar:.0%}") for s in scores]
    return table(("ability", "right", "share", "bar"), rows)


def intents(found: Iterable[Sorted]) -> str:
    """Intents by language, for everything that found them."""
    rows = [
        (sorted_.name, lang, *_cells(tally.micro()), f"{tally.macro():.1%}")
        for sorted_ in found
        for lang in LANGUAGES
        for tally in (sorted_.tally(lang),)
    ]
    return table(("intents of", "language", *_FIGURES, "F1, mean of intents"), rows)


def confusions(found: Sorted) -> str:
    """What is most often taken for what, by language."""
    rows = [
        (lang, is_, taken, times)
        for lang in LANGUAGES
        for (is_, taken), times in found.confusions(lang).most_common(_CONFUSIONS)
    ]
    return table(("language", "is", "was taken for", "times"), rows)


def labels(tallies: dict[str, Tally]) -> str:
    """The figures of every label by language."""
    rows = [
        (label, lang, *_cells(tally.of(label)))
        for label in sorted({label for tally in tallies.values() for label in tally.labels()})
        for lang, tally in tallies.items()
        if tally.there[label]
    ]
    return table(("", "language", *_FIGURES), rows)


def facts(tallies: dict[str, Tally]) -> str:
    """All facts together, by language."""
    return table(("facts in", *_FIGURES[:3], "facts"), [(lang, *_cells(t.micro())) for lang, t in tallies.items()])


def choices(compared: Iterable[Compared]) -> str:
    """Classifiers and features by their mean F1 in cross-validation; the one in use is marked."""
    rows = [
        (
            "→" if c.choice.chosen else "",
            c.choice.classifier,
            c.choice.features,
            *(f"{s.tally(lang).micro().f1:.1%}" for s in (c.alone, c.with_cues) for lang in LANGUAGES),
            f"{c.with_cues.tally().macro():.1%}",
        )
        for c in compared
    ]
    by_language = [f"{kind} {lang}" for kind in ("alone", "with cues") for lang in LANGUAGES]
    return table(("", "classifier", "features", *by_language, "mean of intents"), rows)


def thresholds(points: Iterable[Point]) -> str:
    """What becomes of questions at each place of a threshold; the one in use is marked."""
    rows = [
        (
            "→" if p.chosen else "",
            f"{p.threshold:.2f}",
            f"{p.right / p.answerable:.1%}",
            f"{p.wrong / p.answerable:.1%}",
            f"{1 - (p.right + p.wrong) / p.answerable:.1%}",
            f"{p.given / p.unanswerable:.2%}",
        )
        for p in points
    ]
    return table(("", "threshold", "answered rightly", "answered wrongly", "declined", "answered, not in review"), rows)


def _cells(figures: Figures) -> tuple[object, ...]:
    return f"{figures.precision:.1%}", f"{figures.recall:.1%}", f"{figures.f1:.1%}", figures.support


def _is_number(cell: str) -> bool:
    return cell[:1].isdigit()
