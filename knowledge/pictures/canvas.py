"""Collects the marks of a picture from top to bottom: heading, drawing, remarks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain
from math import ceil
from typing import NamedTuple

from knowledge.loading import Knowledge
from knowledge.models.base import Lang
from knowledge.pictures.figures import capital, word
from knowledge.pictures.model import Anchor, Circle, Colour, EditorNote, Mark, Path, Picture, Rect, Table, Text
from knowledge.pictures.typesetting import wrap

TITLE, BODY, SMALL = 19.0, 15.0, 13.5
"""Sizes of type."""

MARGIN = 20.0
LEADING = 1.42


class Canvas:
    """A picture that is being made; `y` is where the next thing begins."""

    def __init__(self, width: float) -> None:
        self.width = width
        self.y = MARGIN
        self.marks: list[Mark] = []

    @property
    def room(self) -> float:
        """The width between the margins."""
        return self.width - 2 * MARGIN

    def add(self, *marks: Mark) -> None:
        """Put marks on top of what is there."""
        self.marks.extend(marks)

    def text(
        self, x: float, y: float, text: str, size: float = BODY, colour: Colour = "text", anchor: Anchor = "start",
        *, bold: bool = False,
    ) -> None:  # fmt: skip
        """One line with its baseline at `y`."""
        self.add(Text(x=x, y=y, text=text, size=size, colour=colour, anchor=anchor, bold=bold))

    def paragraph(
        self, text: str, size: float = SMALL, colour: Colour = "quiet", *, x: float = MARGIN,
        room: float | None = None, bold: bool = False,
    ) -> None:  # fmt: skip
        """Text broken into lines below what is there."""
        for line in wrap(text, room or self.width - MARGIN - x, size, bold=bold):
            self.text(x, self.y + size, line, size, colour, bold=bold)
            self.y += size * LEADING

    def heading(self, title: str, *subtitles: str) -> None:
        """What the picture shows, in whom, and from where."""
        self.paragraph(title, TITLE, "text", bold=True)
        for subtitle in subtitles:
            self.paragraph(capital(subtitle))
        self.y += 8

    def remarks(self, lang: Lang, *remarks: str, notes: Sequence[EditorNote] = ()) -> None:
        """What has to be known to read the picture, and the editor's notes set apart by a bar."""
        self.y += 8
        for remark in remarks:
            self.paragraph(remark)
            self.y += 2
        if notes:
            self.y += 4
            top = self.y
            for note in notes:
                self.paragraph(word("note", lang, id=note.id, text=note.text), colour="text", x=MARGIN + 12)
                self.y += 2
            self.add(Rect(x=MARGIN, y=top + 1, width=4, height=self.y - top - 2, fill="caution"))

    def finish(
        self, kb: Knowledge, lang: Lang, *, name: str, title: str, alt: str, statements: Iterable[str],
        notes: tuple[EditorNote, ...], table: Table, therapies: Iterable[str] | None = None,
    ) -> Picture:  # fmt: skip
        """The picture, on a surface of its own; its therapies are by default those of its statements."""
        height = ceil(self.y + MARGIN - 4)
        surface = Rect(x=0, y=0, width=self.width, height=height, fill="surface")
        keys = tuple(statements)
        named = set(
            chain.from_iterable(kb.statements[key].therapies for key in keys) if therapies is None else therapies
        )
        return Picture(
            name=name,
            lang=lang,
            title=title,
            alt=alt,
            therapies=tuple(therapy for therapy in kb.therapies if therapy in named),
            citations=kb.citations_of(keys),
            notes=notes,
            table=table,
            width=self.width,
            height=height,
            marks=(surface, *self.marks),
        )


class Scale(NamedTuple):
    """From a span of values to a span of pixels."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """Where a value lies."""
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)


def marker(shape: str, x: float, y: float, radius: float, colour: Colour, *, hollow: bool = False) -> Mark:
    """A point of a series: a circle, a square or a diamond, so that series differ without colour too."""
    fill: Colour = "surface" if hollow else colour
    if shape == "circle":
        return Circle(x=x, y=y, radius=radius, fill=fill, stroke=colour, stroke_width=2)
    r = radius * (1.25 if shape == "diamond" else 0.9)
    points = (
        ((x, y - r), (x + r, y), (x, y + r), (x - r, y))
        if shape == "diamond"
        else ((x - r, y - r), (x + r, y - r), (x + r, y + r), (x - r, y + r))
    )
    return Path(points=points, closed=True, fill=fill, stroke=colour, stroke_width=2)
