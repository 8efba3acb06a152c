"""The environment of peers.lock: built once, kept in a folder that git ignores."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

from deploy.installer import obtain_uv, uv_environment
from tests.running import ROOT

FOLDER = ROOT / ".venv-peers"
LOCK = Path(__file__).with_name("peers.lock")


def peers() -> Path:
    """The Python of the environment; takes some seconds the first time.

    Raises:
        RuntimeError: it cannot be built; the message holds what uv said.
    """
    python, stamp = FOLDER / "bin" / "python", FOLDER / "built-from"
    wanted = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    if stamp.is_file() and stamp.read_text() == wanted:
        return python
    uv = obtain_uv(sys.executable)
    for command in (
        [uv, "venv", "--quiet", "--clear", "--no-project", "--python", sys.executable, str(FOLDER)],
        [uv, "pip", "sync", "--quiet", "--require-hashes", "--python", str(python), str(LOCK)],
    ):
        done = subprocess.run(command, env=uv_environment(os.environ), capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"the environment of {LOCK.name} could not be built:\n{done.stderr[-2000:]}")
    stamp.write_text(wanted)
    return python


if __name__ == "__main__":
    peers()
