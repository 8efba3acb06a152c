"""Long answers in pieces that a platform takes, cut where nothing that belongs together is torn apart."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import islice, pairwise

Measure = Callable[[str], int]

_CLUSTER = r"[\u0300-\u036f\u20e3\ufe00-\ufe0f\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]"
"""What joins the character before it: accents, variation selectors, parts of emoji."""

_TOKEN = re.compile(
    r"https?://[^\s<>“”（）]+"
    # figures with sign, decimals, unit or percent, and what they are compared with: P=0.02, ≥100 Gy10, 2.5–3.0 cm
    r"|[A-Za-zκβα]* ?[=<>≤≥≈±] ?[-−]?\d[\d.,–—~/×%]*"
    r"|[-−±~约]?\d[\d.,:–—~/×·^−-]* ?(?:%|‰|°C|[A-Za-zµμ]{1,5}\d*(?:/[A-Za-zµμ]+)?|[年月天周日次例枚个种项岁])?"
    r"|[A-Za-z][\w'’.+-]*"
    rf"|.{_CLUSTER}*(?:\u200d.{_CLUSTER}*)*",
    re.DOTALL,
)
_ATTACHED = re.compile(
    r" ?(?:\[\d[\d,–-]*\]|[（(]\d[\d.]*/\d+[）)]|〔[^〕]{1,30}〕)+|[，。、；：！？）】〕》”’,.;:!?)\]%…]+"
)
"""Citations, places in the review, marks of notes and closing punctuation stay with what they follow."""

_SENTENCE_END = re.compile(r"[。！？；!?;][”’）)\]]*\s?$|[.](?:\s|$)|[\]〕）]\s?$")
_CLAUSE_END = re.compile(r"[，、：,:·→]\s?$|\s$")
_LEAST = 0.4
"""A piece ends at a line's end if it is at least this full, else at the end of a sentence, and so on."""


def characters(text: str) -> int:
    """Code points."""
    return len(text)


def utf8(text: str) -> int:
    """Bytes in UTF-8."""
    return len(text.encode("utf-8", "replace"))


def utf16(text: str) -> int:
    """Units of UTF-16, by which JavaScript, Java and .NET count."""
    return len(text.encode("utf-16-le", "replace")) // 2


def split(text: str, limit: int, measure: Measure = characters) -> list[str]:
    """The text in pieces that measure at most `limit`; joined with line breaks they say the same.

    A piece ends at the end of a line where it can, else of a sentence, a clause or a word. A figure and its unit, a
    citation and what it belongs to, a link, and a character made of several code points stay whole; only what is longer
    than the limit by itself is cut, between characters.
    """
    text = text.strip("\n")
    if measure(text) <= limit:
        return [text] if text else []
    pieces, start = [], 0
    tokens = list(pairwise(_boundaries(text)))
    number = 0
    while number < len(tokens):
        end = _end(text, tokens, number, limit, measure)
        pieces.append(text[start:end].strip())
        start = end
        while number < len(tokens) and tokens[number][1] <= end:
            number += 1
        if number < len(tokens):
            tokens[number] = (max(start, tokens[number][0]), tokens[number][1])
    return [piece for piece in pieces if piece]


def _end(text: str, tokens: Sequence[tuple[int, int]], first: int, limit: int, measure: Measure) -> int:
    """Where the piece ends that begins with the token `first`."""
    best: dict[int, tuple[int, int]] = {}
    size = 0
    for start, stop in islice(tokens, first, None):
        size += measure(text[start:stop])
        if size > limit:
            break
        best[_strength(text[max(0, stop - 8) : stop], text[stop : stop + 1])] = (stop, size)
    else:
        return len(text)
    for strength in (3, 2, 1):
        if strength in best and best[strength][1] >= limit * _LEAST:
            return best[strength][0]
    start, stop = tokens[first]
    return max((end for end, _ in best.values()), default=0) or start + _forced(text[start:stop], limit, measure)


def _boundaries(text: str) -> list[int]:
    """Where the text may be cut, the beginning and the end included."""
    found = [0]
    position = 0
    while position < len(text):
        token = _TOKEN.match(text, position)
        position = token.end() if token and token.end() > position else position + 1
        while attached := _ATTACHED.match(text, position):
            position = attached.end()
        found.append(position)
        if len(text) > position and text[position] == "\n":
            position += 1
            found.append(position)
    return found


def _strength(before: str, after: str) -> int:
    if before.endswith("\n") or after == "\n":
        return 3
    if _SENTENCE_END.search(before):
        return 2
    return 1 if _CLAUSE_END.search(before) else 0


def _forced(text: str, limit: int, measure: Measure) -> int:
    """The end of the last whole character that fits, for what is too long by itself."""
    size, end = 0, 0
    for character in re.finditer(rf".{_CLUSTER}*(?:\u200d.{_CLUSTER}*)*", text, re.DOTALL):
        size += measure(character.group())
        if size > limit:
            break
        end = character.end()
    return end or 1
