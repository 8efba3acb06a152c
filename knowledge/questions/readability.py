"""Whether a text says anything: more than sounds and grammatical words."""

from __future__ import annotations

from collections.abc import Sequence

from knowledge.nlu.text import words
from knowledge.questions.tokens import is_chinese, is_word

_SOUNDS = frozenset(
    "啊嗯哦噢呃额哈呵嘿哎唉呀哼喂嘻嗨哇咦咕噜嘭嗒哔啵嘟呱唧叽嘀嗡咚哐咔嚓呜哩咿噼啪吱嘎哗唰嗖咣啦喵汪咩哞呼噗嘘呸嘶嗷噔锵"
)
"""Characters that are only sounds."""
_MOSTLY = 0.6
_MANY = 3
"""A text of which so many characters and so large a share are sounds says nothing."""
GRAMMAR = (
    frozenset("的了吗呢吧么啊把被和与及或在是就都而且但也很这那之乎者其个什咕噜")
    | _SOUNDS
    | words(
        "a an the of to in on at by for from with and or but if so as is are was were be been it its this that these "
        "those which um uh er oh ah well"
    )
)
"""Words that mean nothing by themselves."""


def says_something(pieces: Sequence[str]) -> bool:
    """Whether there is a word among the pieces that is more than a sound or a grammatical word."""
    return is_readable([piece for piece in pieces if piece not in GRAMMAR])


def is_readable(pieces: Sequence[str]) -> bool:
    """Whether there is anything in the text that could be read."""
    read = [piece for piece in pieces if (is_chinese(piece) and piece not in _SOUNDS) or is_word(piece)]
    sounds = sum(piece in _SOUNDS for piece in pieces)
    return bool(read) and not (sounds >= _MANY and sounds >= _MOSTLY * len(pieces))
