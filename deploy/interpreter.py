"""Finding a Python 3.10 that really runs.

A name on PATH proves nothing: a version manager leaves shims behind that answer 127, and a link may start
another version than it names. So every candidate is executed and asked who it is.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Iterator, Mapping, NamedTuple

from deploy.console import run

WANTED = "3.10"
PROBE = (
    "import platform, sys; print(platform.python_implementation(), '%d.%d.%d' % sys.version_info[:3], "
    "getattr(sys, '_base_executable', None) or sys.executable)"
)
PROBE_SECONDS = 20


class Interpreter(NamedTuple):
    """A Python that answered: where it really is (never a shim) and its version."""

    path: str
    version: str


def probe(candidate: str) -> Interpreter | None:
    """The interpreter behind a name, or None when it does not run or is not CPython 3.10."""
    result = run([candidate, "-I", "-c", PROBE], timeout=PROBE_SECONDS)
    words = result.output.strip().split(" ", 2)
    if result.code != 0 or len(words) != 3:
        return None
    implementation, version, path = words
    if implementation != "CPython" or not version.startswith(WANTED + "."):
        return None
    return Interpreter(str(Path(path).absolute()), version)


def on_path(name: str, environ: Mapping[str, str]) -> list[str]:
    """Every executable of that name on PATH, in order: the first may be a shim and the second may run."""
    folders = [Path(folder) for folder in environ.get("PATH", "").split(os.pathsep) if folder]
    return [str(folder / name) for folder in folders if os.access(str(folder / name), os.X_OK)]


def pyenv_roots(environ: Mapping[str, str]) -> list[Path]:
    """Where pyenv keeps its versions: the folder it was told, and the usual one."""
    roots = [Path(environ["PYENV_ROOT"])] if environ.get("PYENV_ROOT") else []
    return [*roots, Path(environ.get("HOME", "~")).expanduser() / ".pyenv"]


def candidates(environ: Mapping[str, str]) -> Iterator[str]:
    """Names worth trying, the person's own choice first."""
    if environ.get("PYTHON310"):
        yield environ["PYTHON310"]
    yield from on_path("python" + WANTED, environ)
    for root in pyenv_roots(environ):
        newest_first = sorted(
            root.glob(f"versions/{WANTED}*/bin/python{WANTED}"),
            key=lambda path: [int(part) for part in path.parts[-3].split(".") if part.isdigit()],
            reverse=True,
        )
        yield from map(str, newest_first)
    yield from on_path("python3", environ)


def find(environ: Mapping[str, str]) -> Interpreter | None:
    """The first candidate that runs and is Python 3.10."""
    for candidate in candidates(environ):
        found = probe(candidate)
        if found is not None:
            return found
    return None
