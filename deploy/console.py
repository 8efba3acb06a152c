"""Short progress lines for long steps, and the last words of a tool that failed.

Standard library only and Python 3.8: these lines are shown before the project has an environment.
"""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import Mapping, NamedTuple, Sequence, TextIO

ROOT = Path(__file__).resolve().parent.parent
TAIL_LINES = 15
HEARTBEAT_SECONDS = 30


class SetupError(Exception):
    """Something the person at the terminal has to know or do; its text is all they are shown."""


class Result(NamedTuple):
    """How a tool ended and everything it said, errors included, in the order it said it."""

    code: int
    output: str

    @property
    def tail(self) -> str:
        """The last lines: with package tools the reason of a failure stands at the end."""
        lines = [line.rstrip() for line in self.output.splitlines() if line.strip()]
        return "\n".join("    " + line for line in lines[-TAIL_LINES:])


def run(
    command: Sequence[str],
    env: Mapping[str, str] | None = None,
    timeout: float | None = None,
    cwd: Path = ROOT,
) -> Result:
    """Run a tool to its end without showing its output; one that cannot start at all ends with 127."""
    try:
        done = subprocess.run(
            list(command),
            env=None if env is None else dict(env),
            timeout=timeout,
            cwd=str(cwd),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return Result(127, str(error))
    return Result(done.returncode, done.stdout.decode("utf-8", "replace"))


class Step:
    """One numbered step: a counting line on a terminal, a sign of life every half minute elsewhere."""

    def __init__(self, label: str, stream: TextIO | None = None) -> None:
        self.label = label
        self.outcome = "done"
        self._doing = ""
        self._stream = stream or sys.stdout
        self._ended = threading.Event()
        self._started = time.monotonic()
        self._ticker = threading.Thread(target=self._tick, daemon=True)

    def doing(self, what: str) -> None:
        """Name the part of the step that runs now."""
        self._doing = what

    def __enter__(self) -> Step:
        self._ticker.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ended.set()
        self._ticker.join()
        outcome = self.outcome if error is None else "failed"
        self._write(f"{self.label}: {outcome}, {self._elapsed():.1f} s", "\n")

    def _elapsed(self) -> float:
        return time.monotonic() - self._started

    def _tick(self) -> None:
        terminal = self._stream.isatty()
        while not self._ended.wait(1 if terminal else HEARTBEAT_SECONDS):
            doing = f" {self._doing}" if self._doing else ""
            self._write(f"{self.label} …{doing} {self._elapsed():.0f} s", "" if terminal else "\n")

    def _write(self, line: str, end: str) -> None:
        start = "\r\033[K" if self._stream.isatty() else ""
        self._stream.write(start + line + end)
        self._stream.flush()
