"""One way of writing: every message is brought into it before anything is looked for."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache

from knowledge.nlu.scripts import simplified_characters

_DASHES = frozenset("-‐‑‒–−﹣－")
_LONG_DASHES = frozenset("—―")
_INVISIBLE_CATEGORIES = frozenset({"Cc", "Cf", "Co", "Cn", "Cs", "Mn", "Me"})


@dataclass(frozen=True)
class NormalisedText:
    """A text in the ordinary way of writing, and where each of its characters came from.

    Attributes:
        text: the text; line breaks are kept, other white space is a single space.
        original: the text as it was typed.
    """

    text: str
    original: str
    _starts: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where the characters `start` to `end` (exclusive) stand in the text as it was typed."""
        if start >= end:
            position = self._starts[start] if start < len(self._starts) else len(self.original)
            return position, position
        return self._starts[start], self._starts[end - 1] + 1


def normalise(text: str) -> NormalisedText:
    """`text` in ordinary width, without accents and invisible characters, in simplified Chinese.

    The time is proportional to the length of the text. Case is kept.
    """
    ordinary = text.translate(_ONE_TO_ONE)
    if _OTHER not in ordinary and "  " not in ordinary and not ordinary.startswith(" "):
        return NormalisedText(ordinary, text, tuple(range(len(text))))
    table = _table()
    characters: list[str] = []
    starts: list[int] = []
    for position, character in enumerate(text):
        plain = table.get(character)
        if plain is None:
            plain = _plain(character)
        if character in _LONG_DASHES:
            plain = "-" if _between_digits(text, position) else ";"
        if plain.startswith("^") and not (characters and characters[-1].isdecimal()):
            plain = plain[1:]
        for part in plain:
            if part == " " and (not characters or characters[-1] in " \n"):
                continue
            if part == "\n" and characters and characters[-1] == " ":
                characters[-1] = "\n"
                starts[-1] = position
                continue
            characters.append(part)
            starts.append(position)
    return NormalisedText("".join(characters), text, tuple(starts))


@cache
def _table() -> dict[str, str]:
    """Characters whose plain form is not Unicode's."""
    table = dict(simplified_characters())
    table.update(dict.fromkeys(_DASHES, "-"))
    table.update(dict.fromkeys("\t\v\f\u00a0\u3000\u2002\u2003\u2009", " "))
    table.update(dict.fromkeys("\n\u2028\u2029\u0085", "\n"))
    table.update({"\r": "\n", "’": "'", "‘": "'", "`": "'", "“": '"', "”": '"', "「": '"', "」": '"'})
    table.update({"µ": "u", "μ": "u", "〜": "~", "∼": "~", "⩾": "≥", "≧": "≥", "⩽": "≤", "≦": "≤"})
    table.update({"✕": "×", "✖": "×", "╳": "×", "∶": ":", "·": "·", "•": ";", "●": ";", "▪": ";", "。": "。"})
    table.update({"、": "、", "℃": " ", "½": " ", "㎍": "ug", "㎖": "ml", "㎕": "ul", "丨": "|"})
    table.update(dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹", (f"^{digit}" for digit in range(10)), strict=True)))
    table["⁻"] = "-"
    return table


@lru_cache(4096)
def _plain(character: str) -> str:
    """A character in ordinary width without accents; nothing if it cannot be seen."""
    if character.isascii():
        return character if " " <= character <= "~" else ""
    category = unicodedata.category(character)
    if category in _INVISIBLE_CATEGORIES:
        return ""
    decomposition = unicodedata.decomposition(character)
    if decomposition.startswith("<circle>"):
        return f"({unicodedata.normalize('NFKC', character)})"
    folded = unicodedata.normalize("NFKC", character)
    if len(folded) > 1 and folded[-1] == "." and folded[0].isdecimal():
        return f"{folded} "
    if not folded.isascii() and "LATIN" in unicodedata.name(folded[0], ""):
        folded = "".join(part for part in unicodedata.normalize("NFKD", folded) if not unicodedata.combining(part))
    seen = (part for part in folded if unicodedata.category(part) not in _INVISIBLE_CATEGORIES)
    return "".join(_table().get(part, part) for part in seen)


class _OneToOne(dict[int, str]):
    """The plain forms of characters that become one character wherever they stand; `_OTHER` for all others."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        plain = _table().get(character) or _plain(character)
        alone = len(plain) == 1 and plain not in "^\n" and character not in _LONG_DASHES
        found = plain if alone else _OTHER
        if len(self) < _REMEMBERED:
            self[code] = found
        return found


_OTHER = "\ue000"
"""It stands in no plain text, as it cannot be seen."""
_REMEMBERED = 16_384
"""Characters that are remembered at most: all that people write, not all that there are."""
_ONE_TO_ONE = _OneToOne()


def words(text: str) -> frozenset[str]:
    """A set of words written with spaces between them."""
    return frozenset(text.split())


def _between_digits(text: str, position: int) -> bool:
    return 0 < position < len(text) - 1 and text[position - 1].isdecimal() and text[position + 1].isdecimal()
