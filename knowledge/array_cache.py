"""Arrays that take seconds to make, kept between processes under the digest of what they are made from."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]


def kept(name: str, source: Iterable[str], make: Callable[[], Array], folder: Path | None = None) -> Array:
    """The array that `make` gives for `source`, from the cache if it is there.

    Args:
        name: what the array is.
        source: the texts that decide what the array is.
        make: makes the array; called where the cache has none that can be read.
        folder: where arrays are kept; None for the user's cache folder.
    """
    digest = hashlib.sha256("\n".join(source).encode()).hexdigest()[:16]
    file = (folder or _user_cache()) / f"{name}-{digest}.npy"
    try:
        return np.asarray(np.load(file), dtype=np.float32)
    except (OSError, ValueError, EOFError):
        array = make()
        _keep(file, array)
        return array


def _user_cache() -> Path:
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "crlm-assistant"


def _keep(file: Path, array: Array) -> None:
    """Keep an array for the next process; without a writable folder it is made anew each time."""
    part = file.with_name(f"{file.stem}.{os.getpid()}.tmp.npy")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        np.save(part, array.astype(np.float16))
        part.replace(file)
    except OSError:
        part.unlink(missing_ok=True)
