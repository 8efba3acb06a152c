"""Which trained model is loaded, and whether it is the one that training wrote.

Objects are made out of a model archive, of pickles too if a component wants that: whoever can put another one in the
place of ours may run code here. So it is loaded only if its SHA-256 is the one that is expected.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

SUFFIX = ".sha256"
_CHUNK = 1 << 20


class NoModelError(Exception):
    """There is no model that may be loaded; the message says what to do."""


def find_model(path: Path) -> Path:
    """The model at `path`: the file itself, or the newest one in the folder.

    Raises:
        NoModelError: there is none.
    """
    if path.is_file():
        return path
    models = sorted(path.glob("*.tar.gz"), key=lambda model: model.stat().st_mtime)
    if not models:
        raise NoModelError(f"There is no model in {path}. Train one with: python -m bot.train")
    return models[-1]


def note_digest(model: Path) -> None:
    """Writes the hash of a model beside it, in the format of `sha256sum`."""
    digest_file(model).write_text(f"{digest(model)}  {model.name}\n", encoding="ascii")


def verify(model: Path, pinned: str | None) -> None:
    """Lets a model pass whose hash is the pinned one or, without one, that which stands beside it.

    Raises:
        NoModelError: it is another one, or there is nothing to compare it with.
    """
    expected = pinned or _noted(model)
    if expected is None:
        raise NoModelError(
            f"{model.name} has no {model.name}{SUFFIX} beside it, so nobody knows whether it is what training wrote. "
            "Train with: python -m bot.train, or name its hash in MODEL_SHA256."
        )
    if digest(model) != expected:
        where = "MODEL_SHA256" if pinned else digest_file(model).name
        raise NoModelError(
            f"{model.name} is not the model that {where} names: it was damaged or exchanged, and is not loaded. "
            "Delete it and train again with: python -m bot.train"
        )


def digest(model: Path) -> str:
    """The SHA-256 of a file in hexadecimal digits."""
    found = hashlib.sha256()
    with model.open("rb") as file:
        while part := file.read(_CHUNK):
            found.update(part)
    return found.hexdigest()


def digest_file(model: Path) -> Path:
    """Where the hash of a model is kept."""
    return model.with_name(model.name + SUFFIX)


def _noted(model: Path) -> str | None:
    try:
        return digest_file(model).read_text(encoding="ascii").partition(" ")[0].strip().lower()
    except (OSError, UnicodeDecodeError):
        return None
