"""Pictures in the size that Teams takes: 1,024 pixels each way. A taller one goes in pieces, so that it can be read."""

from __future__ import annotations

import io
from itertools import pairwise
from typing import Any

LONGEST = 1024
"""Pixels of each side."""

_SLIGHTLY = 1.25
"""What is taller by less than this is made smaller as a whole."""

_LEAST = 0.6
"""A piece is at least this full."""

_COLOURS = 16


def tiles(png: bytes) -> list[bytes]:
    """A picture as PNG files from top to bottom, cut where little is drawn, e.g. between two boxes."""
    from PIL import Image

    with Image.open(io.BytesIO(png)) as opened:
        image = opened.convert("RGB")
    scale = LONGEST / image.width
    if image.height * scale <= LONGEST * _SLIGHTLY:
        scale = min(scale, LONGEST / image.height)
    if scale < 1:
        image = image.resize((int(image.width * scale), int(image.height * scale)), Image.Resampling.LANCZOS)
    edges = [0]
    while edges[-1] < image.height:
        edges.append(_end(image, edges[-1]))
    return [_file(image.crop((0, top, image.width, bottom))) for top, bottom in pairwise(edges)]


def _end(image: Any, top: int) -> int:
    """Where a piece ends that begins at `top`: at the row in which least is drawn, and of several at the last."""
    bottom = top + LONGEST
    if bottom >= image.height:
        return int(image.height)
    rows = range(top + int(LONGEST * _LEAST), bottom + 1)
    return min(rows, key=lambda row: (_drawn(image, row), -row))


def _drawn(image: Any, row: int) -> int:
    """How many pixels of a row are not of its most frequent colour."""
    counts = [count for count, _ in image.crop((0, row, image.width, row + 1)).getcolors(image.width)]
    return int(image.width - max(counts))


def _file(image: Any) -> bytes:
    from PIL import Image

    file = io.BytesIO()
    image.quantize(_COLOURS, dither=Image.Dither.NONE).save(file, "PNG", optimize=True)
    return file.getvalue()
