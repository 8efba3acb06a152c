"""A picture as a value: what it says in words, the table behind it, and the marks to draw.

Lengths are pixels, x to the right and y downwards from the upper left corner. Colours are roles, not values: a page
that has the role's name as a custom property decides itself what it looks like.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from knowledge.models.base import CitationNumber, Lang, Model

Colour = Literal["text", "quiet", "line", "surface", "own", "accent", "caution"]

Anchor = Literal["start", "middle", "end"]
"""Which end of a text its `x` is."""

LIGHT: dict[Colour, str] = {
    "text": "#16232a",
    "quiet": "#4d5d66",
    "line": "#d3dbdf",
    "surface": "#ffffff",
    "own": "#dcecef",
    "accent": "#0b5c6b",
    "caution": "#8a4b00",
}
"""What the roles look like where no page decides: in a file, in an `<img>`, in a message."""

Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Number = Annotated[float, Field(allow_inf_nan=False)]


class Rect(Model):
    """A rectangle, filled, outlined or both."""

    x: Number
    y: Number
    width: Positive
    height: Positive
    fill: Colour | None = None
    stroke: Colour | None = None
    stroke_width: Positive = 1
    dashed: bool = False
    radius: float = 0


class Path(Model):
    """Straight segments through points; closed and filled it is a shape."""

    points: tuple[tuple[Number, Number], ...] = Field(min_length=2)
    closed: bool = False
    fill: Colour | None = None
    stroke: Colour | None = None
    stroke_width: Positive = 1
    dashed: bool = False


class Circle(Model):
    """A round marker."""

    x: Number
    y: Number
    radius: Positive
    fill: Colour
    stroke: Colour | None = None
    stroke_width: Positive = 1


class Text(Model):
    """One line of text; `y` is its baseline."""

    x: Number
    y: Number
    text: Annotated[str, Field(min_length=1)]
    size: Positive
    colour: Colour = "text"
    anchor: Anchor = "start"
    bold: bool = False


Mark = Rect | Path | Circle | Text


class Row(Model):
    """One row of the table behind a picture.

    Attributes:
        cells: what stands in the columns, the source last, e.g. `3.3/3 [22]`.
        statement: the statement the row is taken from; None where the review says nothing.
        place, citations: where the review says it.
        notes: ids of the editor's notes that must be shown with it.
    """

    cells: tuple[str, ...]
    statement: str | None
    place: str
    citations: tuple[CitationNumber, ...] = ()
    notes: tuple[str, ...] = ()


class Table(Model):
    """The same as the picture, for those who read; one heading per cell of a row."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]


class EditorNote(Model):
    """An editor's note that must be shown with the picture."""

    id: str
    text: str


class Picture(Model):
    """One picture in one language.

    Attributes:
        name: how it is asked for.
        title, alt: its heading, and what a reader who does not see it has to know.
        therapies: the therapies it speaks of.
        citations: the review's reference numbers, ascending.
        notes: the editor's notes that travel with the statements it is drawn from.
        table: the figures it is drawn from.
        width, height: in pixels.
        marks: what to draw, from back to front.
    """

    name: str
    lang: Lang
    title: str
    alt: str
    therapies: tuple[str, ...]
    citations: tuple[CitationNumber, ...]
    notes: tuple[EditorNote, ...]
    table: Table
    width: Positive
    height: Positive
    marks: tuple[Mark, ...]
