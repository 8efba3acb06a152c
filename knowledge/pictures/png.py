"""A picture as PNG, for channels that show no SVG.

Matplotlib draws it. It takes more than a second to load and is loaded when the first picture is asked for.
"""

from __future__ import annotations

import io
import threading
from collections.abc import Callable
from functools import cache
from pathlib import Path as File
from typing import Any, NamedTuple

from knowledge.models.base import Lang
from knowledge.pictures.canvas import MARGIN, SMALL
from knowledge.pictures.figures import word
from knowledge.pictures.model import LIGHT, Circle, Colour, Path, Picture, Rect, Text

SCALE = 2
"""Pixels of the file for one of the picture."""

COLOURS = 128

_PREFERRED = (
    "notosanscjk",
    "notosanssc",
    "sourcehansans",
    "pingfang",
    "hiragino",
    "msyh",
    "wqy",
    "simhei",
    "droidsans",
)
"""Parts of the names of font files that have Chinese sans-serif glyphs, best first."""

_drawing = threading.Lock()
"""Matplotlib keeps caches of glyphs and fonts that are not made for several threads."""


class Png(NamedTuple):
    """A drawn picture.

    Attributes:
        content: the file, `SCALE` times the picture's size.
        lang: the language of its labels; English where no font has the characters of the language asked for.
        alt: what a reader who does not see it has to know, in the language asked for.
    """

    content: bytes
    lang: Lang
    alt: str


def to_png(draw: Callable[[Lang], Picture], lang: Lang) -> Png:
    """A picture as PNG. Empty boxes in place of characters are never drawn.

    Args:
        draw: gives the picture in a language.
        lang: the language that is wanted.
    """
    picture = draw(lang)
    with _drawing:
        font = _font(picture)
        if font is not None:
            return Png(_draw(picture, font), lang, picture.alt)
        labelled = _with_remark(draw("en"), word("no_font", "en"))
        known = _glyphs(_latin("DejaVuSans.ttf"))
        content = _draw(_without(labelled, known), _latin("DejaVuSans.ttf"))
    return Png(content, "en", f"{picture.alt}{word('no_font', lang)}")


def _with_remark(picture: Picture, remark: str) -> Picture:
    """The picture with a line below everything."""
    text = Text(x=MARGIN, y=picture.height + SMALL - 6, text=remark, size=SMALL, colour="quiet")
    height = picture.height + SMALL * 2
    surface = Rect(x=0, y=0, width=picture.width, height=height, fill="surface")
    return picture.model_copy(update={"height": height, "marks": (surface, *picture.marks, text)})


def _without(picture: Picture, known: frozenset[int]) -> Picture:
    """The picture with question marks for characters that the font lacks."""
    marks = tuple(
        mark.model_copy(update={"text": "".join(c if ord(c) in known else "?" for c in mark.text)})
        if isinstance(mark, Text)
        else mark
        for mark in picture.marks
    )
    return picture.model_copy(update={"marks": marks})


def _draw(picture: Picture, font: str) -> bytes:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(picture.width / 72, picture.height / 72), dpi=72 * SCALE)
    axes = figure.add_axes([0, 0, 1, 1])
    axes.set_axis_off()
    axes.set_xlim(0, picture.width)
    axes.set_ylim(picture.height, 0)
    for layer, mark in enumerate(picture.marks):
        artist = _text(axes, mark, font) if isinstance(mark, Text) else axes.add_patch(_patch(mark))
        artist.set_zorder(layer)
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    return _file(canvas.get_width_height(), canvas.buffer_rgba(), picture)


def _file(size: tuple[int, int], pixels: Any, picture: Picture) -> bytes:
    """The pixels as a file with a palette: a fifth of the size, and enough for flat colours and their edges."""
    from PIL import Image, PngImagePlugin

    words = PngImagePlugin.PngInfo()
    words.add_itxt("Title", picture.title, lang=picture.lang)
    words.add_itxt("Description", picture.alt, lang=picture.lang)
    image = Image.frombuffer("RGBA", size, pixels, "raw", "RGBA", 0, 1).convert("RGB")
    file = io.BytesIO()
    image.quantize(COLOURS, dither=Image.Dither.NONE).save(file, "PNG", optimize=True, pnginfo=words)
    return file.getvalue()


def _patch(mark: Rect | Path | Circle) -> Any:
    from matplotlib import patches

    paint: dict[str, Any] = {
        "facecolor": _colour(mark.fill),
        "edgecolor": _colour(mark.stroke),
        "linewidth": mark.stroke_width if mark.stroke else 0,
    }
    if not isinstance(mark, Circle) and mark.dashed:
        paint["linestyle"] = (0, (6 / mark.stroke_width, 4 / mark.stroke_width))
    match mark:
        case Circle():
            return patches.Circle((mark.x, mark.y), mark.radius, **paint)
        case Path():
            return patches.Polygon(mark.points, closed=mark.closed, joinstyle="round", capstyle="round", **paint)
        case Rect() if mark.radius:
            style = patches.BoxStyle.Round(pad=0, rounding_size=mark.radius)
            return patches.FancyBboxPatch((mark.x, mark.y), mark.width, mark.height, boxstyle=style, **paint)
        case Rect():
            return patches.Rectangle((mark.x, mark.y), mark.width, mark.height, joinstyle="miter", **paint)


def _text(axes: Any, mark: Text, font: str) -> Any:
    from matplotlib.font_manager import FontProperties

    sides = {"start": "left", "middle": "center", "end": "right"}
    return axes.text(
        mark.x,
        mark.y,
        mark.text,
        fontproperties=FontProperties(fname=_bold(font) if mark.bold else font, size=mark.size),
        color=_colour(mark.colour),
        horizontalalignment=sides[mark.anchor],
        verticalalignment="baseline",
        parse_math=False,
    )


def _colour(role: Colour | None) -> str:
    return LIGHT[role] if role else "none"


def _font(picture: Picture) -> str | None:
    """The first font that has all characters of the picture."""
    needed = {ord(character) for mark in picture.marks if isinstance(mark, Text) for character in mark.text}
    return next((font for font in _fonts() if needed <= _glyphs(font)), None)


@cache
def _fonts() -> tuple[str, ...]:
    """Font files: the one that Matplotlib brings, then those of the machine, Chinese sans-serif first."""
    from matplotlib.font_manager import findSystemFonts

    return (_latin("DejaVuSans.ttf"), *sorted(findSystemFonts(), key=lambda font: (_rank(font), font)))


def _rank(font: str) -> tuple[int, bool]:
    """Chinese sans-serif first, and of a family its regular font."""
    name = File(font).stem.lower().replace("-", "").replace("_", "")
    place = next((place for place, part in enumerate(_PREFERRED) if part in name), len(_PREFERRED))
    return place, any(weight in name for weight in ("bold", "black", "light", "thin", "medium", "italic"))


@cache
def _glyphs(font: str) -> frozenset[int]:
    """The characters a font has; none if it cannot be read."""
    from matplotlib.ft2font import FT2Font

    try:
        return frozenset(FT2Font(font).get_charmap())
    except (OSError, RuntimeError, UnicodeError):
        return frozenset()


def _bold(font: str) -> str:
    """The bold font of Matplotlib's own family; the fonts of the machine are drawn as they are."""
    return _latin("DejaVuSans-Bold.ttf") if font == _latin("DejaVuSans.ttf") else font


def _latin(file: str) -> str:
    import matplotlib

    return str(File(matplotlib.get_data_path(), "fonts", "ttf", file))
