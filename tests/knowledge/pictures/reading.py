"""Reads drawings back: what a reader of the SVG sees, and where it stands."""

from __future__ import annotations

import re
from dataclasses import dataclass
from xml.etree import ElementTree

SVG = "{http://www.w3.org/2000/svg}"
NUMBER = re.compile(r"\d+(?:\.\d+)?")


def parse(svg: str | bytes) -> ElementTree.Element:
    """The root of a document, which must be well formed."""
    return ElementTree.fromstring(svg)  # noqa: S314 - written by the project itself


@dataclass(frozen=True)
class Words:
    """A text and its place."""

    x: float
    y: float
    text: str
    anchor: str


@dataclass(frozen=True)
class Axis:
    """Values by their place, read from two labels of an axis."""

    at: tuple[float, float]
    values: tuple[float, float]

    def value(self, place: float) -> float:
        """What a place on the axis means."""
        (start, end), (low, high) = self.at, self.values
        return low + (place - start) / (end - start) * (high - low)


class Drawing:
    """An SVG document that has been read."""

    def __init__(self, svg: str) -> None:
        self.root = parse(svg)
        self.words = [
            Words(float(e.get("x", "")), float(e.get("y", "")), e.text or "", e.get("text-anchor", "start"))
            for e in self.root.iter(f"{SVG}text")
        ]

    def find(self, text: str) -> list[Words]:
        """The texts that are exactly this."""
        return [words for words in self.words if words.text == text]

    def across(self, low: str, high: str) -> Axis:
        """A horizontal axis with these labels."""
        return Axis((self.find(low)[-1].x, self.find(high)[-1].x), (number(low), number(high)))

    def upwards(self, low: str, high: str) -> Axis:
        """A vertical axis with these labels."""
        return Axis((self.find(low)[0].y - 5, self.find(high)[0].y - 5), (number(low), number(high)))

    def circles(self) -> list[tuple[float, float]]:
        """The centres of the circles."""
        return [(float(e.get("cx", "")), float(e.get("cy", ""))) for e in self.root.iter(f"{SVG}circle")]

    def polygons(self, corners: int = 4) -> list[tuple[float, float]]:
        """The middles of the polygons with so many corners."""
        found = []
        for element in self.root.iter(f"{SVG}polygon"):
            points = [tuple(map(float, pair.split(","))) for pair in element.get("points", "").split()]
            if len(points) == corners:
                found.append((sum(x for x, _ in points) / corners, sum(y for _, y in points) / corners))
        return found

    def rects(self) -> list[dict[str, str]]:
        """The attributes of the rectangles."""
        return [dict(element.attrib) for element in self.root.iter(f"{SVG}rect")]


def number(text: str) -> float:
    """The first number in a text."""
    found = NUMBER.search(text.replace(",", ""))
    assert found, text
    return float(found.group())
