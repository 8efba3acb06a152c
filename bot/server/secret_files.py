"""Secrets that stand in files, as containers and service managers hand them over."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

_SUFFIX = "_FILE"


def with_files_read(environ: Mapping[str, str], variables: Collection[str]) -> dict[str, str]:
    """The environment, with the content of the file that `NAME_FILE` names in the place of `NAME`.

    Args:
        environ: the environment.
        variables: names for which that is done.

    Raises:
        ValueError: a file cannot be read, or a variable is given in both ways.
    """
    found = dict(environ)
    for name in variables:
        file = environ.get(name + _SUFFIX)
        if not file:
            continue
        if environ.get(name):
            raise ValueError(f"{name} and {name}{_SUFFIX}: set one of them")
        try:
            found[name] = Path(file).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or "it is not text in UTF-8"
            raise ValueError(f"{name}{_SUFFIX}={file}: cannot be read: {reason}") from error
        if not found[name]:
            raise ValueError(f"{name}{_SUFFIX}={file}: the file is empty")
    return found
