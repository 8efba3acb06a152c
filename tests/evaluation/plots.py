"""The pictures of the report; identifiers only, so that no Chinese font is needed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from tests.evaluation.intents import NONE, Sorted
from tests.evaluation.thresholds import Point


def confusion_matrix(found: Sorted, file: Path) -> None:
    """Which intents are taken for which, as shares of each intent's messages."""
    names = sorted({example.intent for example in found.examples}, key=lambda name: (name == NONE, name))
    columns = sorted({*names, *found.found}, key=lambda name: (name == NONE, name))
    counts = np.zeros((len(names), len(columns)))
    for example, intent in zip(found.examples, found.found, strict=True):
        counts[names.index(example.intent), columns.index(intent)] += 1
    figure, axes = _axes(10, 9)
    axes.imshow(counts / counts.sum(axis=1, keepdims=True), cmap="Blues", vmin=0, vmax=1)
    for row, column in zip(*np.nonzero(counts), strict=True):
        dark = counts[row, column] > counts[row].sum() / 2
        axes.text(
            column, row, f"{counts[row, column]:.0f}", ha="center", va="center", size=7, color="w" if dark else "k"
        )
    axes.set_xticks(range(len(columns)), columns, rotation=90)
    axes.set_yticks(range(len(names)), names)
    axes.set_xlabel("was taken for")
    axes.set_ylabel("is")
    figure.savefig(file, dpi=100)


def threshold_curves(sweeps: Mapping[str, Sequence[Point]], file: Path) -> None:
    """What becomes of questions at each place of each threshold; a line marks the one in use."""
    figure, axes = _axes(12, 5, len(sweeps))
    for axis, (name, points) in zip(axes, sweeps.items(), strict=True):
        places = [point.threshold for point in points]
        axis.plot(places, [p.right / p.answerable for p in points], "o-", label="answered rightly")
        axis.set_ylabel("answered rightly")
        axis.set_ylim(0.9, 1)
        other = axis.twinx()
        other.plot(places, [p.wrong / p.answerable for p in points], "s--", color="C1", label="answered wrongly")
        other.plot(
            places, [p.given / p.unanswerable for p in points], "^--", color="C3", label="answered, not in review"
        )
        other.set_ylabel("content that is wrong or not in the review")
        other.set_ylim(0, 0.03)
        axis.axvline(next(point.threshold for point in points if point.chosen), color="grey", linestyle=":")
        axis.set_title(name)
        axis.set_xlabel("threshold")
        handles = [*axis.get_lines()[:1], *other.get_lines()]
        axis.legend(handles=handles, loc="upper center", bbox_to_anchor=(0.5, -0.18), ncol=3, fontsize=8)
    figure.savefig(file, dpi=100)


def _axes(width: float, height: float, columns: int = 1) -> tuple[Any, Any]:
    """A figure that needs no display and leaves nothing behind."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), constrained_layout=True)
    FigureCanvasAgg(figure)
    return figure, figure.subplots(1, columns)
