"""A picture as SVG: text stays text, and a page in which it stands decides its colours.

There is no script, no style and no reference in it, so it can be put into a page under a strict content policy.
For a page colours are its custom properties (`--text`, `--accent` …), dark on light where it has none; for a file
they are fixed, because programs for drawing and writing do not know custom properties.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from xml.sax.saxutils import escape, quoteattr

from knowledge.pictures.model import LIGHT, Circle, Colour, Mark, Path, Picture, Rect, Text

FONTS = (
    "system-ui, -apple-system, 'Segoe UI', 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', "
    "'WenQuanYi Zen Hei', sans-serif"
)
_LANGUAGES = {"zh": "zh-CN", "en": "en"}
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML cannot hold in any spelling."""


Ink = Callable[[Colour], str]
"""What stands for a colour."""


def to_svg(picture: Picture, *, fixed: bool = False) -> str:
    """The picture as an SVG document; with `fixed` colours for a file, else for a page."""
    ink: Ink = LIGHT.__getitem__ if fixed else _of_the_page
    size = f'width="{_n(picture.width)}" height="{_n(picture.height)}"'
    box = f'viewBox="0 0 {_n(picture.width)} {_n(picture.height)}"'
    lang = _LANGUAGES[picture.lang]
    # No ids: the same picture may stand twice in one page.
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} {box} role="img" lang="{lang}" xml:lang="{lang}" '
        f"font-family={quoteattr(FONTS)}>"
    )
    words = [f"<title>{_words(picture.title)}</title>", f"<desc>{_words(picture.alt)}</desc>"]
    return "\n".join([head, *words, *(_element(mark, ink) for mark in picture.marks), "</svg>"]) + "\n"


def _element(mark: Mark, ink: Ink) -> str:
    match mark:
        case Rect():
            corner = f' rx="{_n(mark.radius)}"' if mark.radius else ""
            place = f'x="{_n(mark.x)}" y="{_n(mark.y)}" width="{_n(mark.width)}" height="{_n(mark.height)}"'
            return f"<rect {place}{corner} {_paint(mark, ink)}/>"
        case Path():
            steps = " ".join(f"{_n(x)},{_n(y)}" for x, y in mark.points)
            name = "polygon" if mark.closed else "polyline"
            return f'<{name} points="{steps}" {_paint(mark, ink)} stroke-linejoin="round" stroke-linecap="round"/>'
        case Circle():
            return f'<circle cx="{_n(mark.x)}" cy="{_n(mark.y)}" r="{_n(mark.radius)}" {_paint(mark, ink)}/>'
        case Text():
            anchor = f' text-anchor="{mark.anchor}"' if mark.anchor != "start" else ""
            weight = ' font-weight="600"' if mark.bold else ""
            return (
                f'<text x="{_n(mark.x)}" y="{_n(mark.y)}" font-size="{_n(mark.size)}"{anchor}{weight} '
                f'fill="{ink(mark.colour)}">{_words(mark.text)}</text>'
            )


def _paint(mark: Rect | Path | Circle, ink: Ink) -> str:
    fill = f'fill="{ink(mark.fill)}"' if mark.fill else 'fill="none"'
    if mark.stroke is None:
        return fill
    dashes = ' stroke-dasharray="6 4"' if not isinstance(mark, Circle) and mark.dashed else ""
    return f'{fill} stroke="{ink(mark.stroke)}" stroke-width="{_n(mark.stroke_width)}"{dashes}'


def _of_the_page(role: Colour) -> str:
    return f"var(--{role}, {LIGHT[role]})"


def _words(text: str) -> str:
    return escape(_NOT_XML.sub("\ufffd", text))


def _n(number: float) -> str:
    """A length with as many decimals as can be seen."""
    return f"{round(number, 2):g}" if abs(number) < 10_000 else f"{number:.0f}"
