"""How wide text is and where it may be broken, without a font.

Which font will draw a picture is not known when it is laid out. The widths are those of a wide one (DejaVu Sans);
in most others lines come out a little shorter.
"""

from __future__ import annotations

import re
import unicodedata

_WIDTHS = {
    **dict.fromkeys("ijl'|", 0.3),
    **dict.fromkeys(" I.,:;·", 0.34),
    **dict.fromkeys("frt()[]!/-", 0.42),
    **dict.fromkeys("ckszvxyJ", 0.59),
    **dict.fromkeys("wGOQ+=<>≥≤", 0.84),
    **dict.fromkeys("mM%W@", 1.0),
}
_SMALL_LETTER, _CAPITAL, _WIDE = 0.64, 0.7, 1.0
_BOLD = 1.1

_PIECES = re.compile(r"[⺀-鿿豈-﫿]|[^\s⺀-鿿豈-﫿]+\s*|\s+")
_NEVER_FIRST = frozenset("，。；：、！？）〕》】％%,.;:!?)]”’")
_NEVER_LAST = frozenset("（〔《【([“‘")


def width(text: str, size: float, *, bold: bool = False) -> float:
    """How wide a line of text is at most, in the unit of `size`."""
    return sum(_em(character) for character in text) * size * (_BOLD if bold else 1)


def wrap(text: str, room: float, size: float, *, bold: bool = False) -> list[str]:
    """The text in lines no wider than `room`; a single word that is wider is cut."""
    lines: list[str] = []
    line = ""
    for piece in _unbreakable(text):
        if line and width((line + piece).rstrip(), size, bold=bold) > room:
            lines.append(line.rstrip())
            line = ""
        line += piece if line else piece.lstrip()
        while width(line.rstrip(), size, bold=bold) > room and len(line) > 1:
            fitting = _fitting(line, room, size, bold=bold)
            lines.append(line[:fitting])
            line = line[fitting:]
    return [*lines, line.rstrip()] if line.strip() else lines


def _em(character: str) -> float:
    if unicodedata.east_asian_width(character) in "WF":
        return _WIDE
    if unicodedata.combining(character):
        return 0.0
    return _WIDTHS.get(character, _CAPITAL if character.isupper() else _SMALL_LETTER)


def _unbreakable(text: str) -> list[str]:
    """Words and single Chinese characters, with the punctuation that may not stand alone at an edge of a line."""
    pieces: list[str] = []
    for piece in _PIECES.findall(text):
        if pieces and (piece[0] in _NEVER_FIRST or pieces[-1][-1] in _NEVER_LAST):
            pieces[-1] += piece
        else:
            pieces.append(piece)
    return pieces


def _fitting(line: str, room: float, size: float, *, bold: bool) -> int:
    """How many characters of the line fit, at least one."""
    count = 1
    while count < len(line) and width(line[: count + 1], size, bold=bold) <= room:
        count += 1
    return count
