"""Resolve the `*.in` files into lock files with hashes, for Linux and macOS at once.

    python3 -m deploy.lock [--upgrade] [--upgrade-package NAME]

Pins stay as they are where they still fit, unless told to move.
"""

from __future__ import annotations

import os
import sys

from deploy.console import ROOT, SetupError, Step, run
from deploy.installer import obtain_uv, uv_environment
from deploy.interpreter import WANTED

# No header: it repeats the command line, and with it the paths of one machine.
COMPILE = "pip compile --quiet --no-header --generate-hashes"
# The project's locks serve Linux and macOS at once and Python 3.10 alone; uv's own must fit any Python 3.
UNIVERSAL = f"--universal --python-version {WANTED}"
PROJECT = f"{UNIVERSAL} --override overrides.txt"
SOURCES = {
    "requirements": PROJECT,
    "requirements-dev": PROJECT,
    "tests/channels/peers": UNIVERSAL,
    "deploy/requirements-uv": "",
}


def command(uv: str, source: str, extra: list[str]) -> list[str]:
    """How uv is asked to resolve one source; the lock lies beside it and bears its name."""
    options = f"{COMPILE} {SOURCES[source]}".split()
    return [uv, *options, *extra, f"{source}.in", "--output-file", f"{source}.lock"]


def main() -> int:
    """Resolve every source; the first that fails ends it, with what uv answered."""
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
