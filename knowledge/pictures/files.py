"""Pictures as files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from knowledge.loading import KnowledgeError
from knowledge.models.base import Lang
from knowledge.pictures.model import Picture
from knowledge.pictures.png import to_png
from knowledge.pictures.svg import to_svg


def write(draw: Callable[[Lang], Picture], lang: Lang, file: Path) -> None:
    """The picture as SVG or PNG, as the name of the file says.

    Raises:
        KnowledgeError: the name ends otherwise, or the file cannot be written.
    """
    match file.suffix.lower():
        case ".svg":
            content = to_svg(draw(lang), fixed=True).encode()
        case ".png":
            content = to_png(draw, lang).content
        case _:
            raise KnowledgeError(f"{file}: the name of a picture ends in .svg or .png")
    try:
        file.write_bytes(content)
    except OSError as error:
        raise KnowledgeError(f"{file}: cannot be written: {error.strerror}") from error
