"""The environment of peers.lock: built once, kept in a folder that git ignores."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

from deploy.console import SetupError
from deploy.installer import obtain_uv, uv_environment
from tests.running import ROOT

FOLDER = ROOT / ".venv-peers"
PYTHON = FOLDER / "bin" / "python"
LOCK = Path(__file__).with_name("peers.lock")


def peers() -> Path:
    """The Python of the environment; takes seconds the first time, a minute where uv cannot connect.

    Raises:
        RuntimeError: it cannot be built; the message holds what uv and pip said.
    """
    stamp = FOLDER / "built-from"
    wanted = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    if stamp.is_file() and stamp.read_text() == wanted:
        return PYTHON
    said = []
    for build in (_with_uv, _with_pip):
        problem = build()
        if problem is None:
            stamp.write_text(wanted)
            return PYTHON
        said.append(problem)
    raise RuntimeError(f"the environment of {LOCK.name} could not be built:\n" + "\n".join(said))


def _with_uv() -> str | None:
    try:
        uv = obtain_uv(sys.executable)
    except SetupError as error:
        return str(error)
    return _run(
        [uv, "venv", "--quiet", "--clear", "--no-project", "--python", sys.executable, str(FOLDER)],
        [uv, "pip", "sync", "--quiet", "--require-hashes", "--python", str(PYTHON), str(LOCK)],
    )


def _with_pip() -> str | None:
    return _run(
        [sys.executable, "-m", "venv", "--clear", str(FOLDER)],
        [str(PYTHON), "-m", "pip", "install", "--quiet", "--no-deps", "--require-hashes", "-r", str(LOCK)],
    )


def _run(*commands: list[str]) -> str | None:
    """What the first command that fails says; None when all of them succeed."""
    for command in commands:
        done = subprocess.run(command, env=uv_environment(os.environ), capture_output=True, text=True, check=False)
        if done.returncode:
            return done.stderr[-2000:]
    return None


if __name__ == "__main__":
    peers()
