"""The types of the widget's scripts, checked by TypeScript where Node is present; nothing is built.

.venv/bin/python -m deploy.widget_types
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from deploy.console import run

FOLDER = Path(__file__).with_name("node")
TSC = FOLDER / "node_modules" / "typescript" / "bin" / "tsc"
LOCK = FOLDER / "package-lock.json"
INSTALLED = FOLDER / "node_modules" / ".crlm-lock"
SKIPPED = "skipped: there is no Node on this machine"


def install(npm: str) -> str | None:
    """TypeScript as the lock says, if it is not there yet; what went wrong, or None."""
    if INSTALLED.is_file() and INSTALLED.read_bytes() == LOCK.read_bytes():
        return None
    result = run([npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=FOLDER)
    if result.code != 0:
        return f"TypeScript could not be installed:\n{result.tail}"
    INSTALLED.write_bytes(LOCK.read_bytes())
    return None


def main() -> int:
    """0 if the types are right, or nobody can tell."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        print(SKIPPED)
        return 0
    problem = install(npm)
    if problem:
        print(problem)
        return 1
    result = run([node, str(TSC), "--project", str(FOLDER)])
    print(result.output)
    return result.code


if __name__ == "__main__":
    sys.exit(main())
