"""Resolve the `*.in` files into lock files with hashes, for Linux and macOS at once.

    python3 -m deploy.lock [--upgrade] [--upgrade-package NAME]

Pins stay as they are where they still fit, unless told to move.
"""

from __future__ import annotations

import os
import sys
from typing import List

from deploy.console import ROOT, SetupError, Step, run
from deploy.installer import obtain_uv, uv_environment
from deploy.interpreter import WANTED

# The project's locks serve Linux and macOS at once and Python 3.10 alone; uv's own must fit any Python 3.
PROJECT = ["--universal", "--python-version", WANTED, "--override", "overrides.txt"]
SOURCES = {"requirements": PROJECT, "requirements-dev": PROJECT, "deploy/requirements-uv": ["--no-config"]}


def command(uv: str, source: str, extra: List[str]) -> List[str]:
    """The header is left out because it repeats the command line, and with it the paths of one machine."""
    files = [f"{source}.in", "--output-file", f"{source}.lock"]
    return [uv, "pip", "compile", "--quiet", "--no-header", "--generate-hashes", *SOURCES[source], *extra, *files]


def main() -> int:
    """Resolve the sources in order: the development lock takes over the pins of the runtime's."""
    try:
        uv = obtain_uv()
        for source in SOURCES:
            with Step(f"{source}.lock") as step:
                result = run(command(uv, source, sys.argv[1:]), env=uv_environment(os.environ), cwd=ROOT)
                if result.code != 0:
                    raise SetupError(f"{source}.in could not be resolved:\n{result.tail}")
                step.outcome = "resolved"
    except SetupError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
