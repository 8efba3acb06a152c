"""Puts very many messages to the assistant that nobody means: `python -m tests.fuzz`.

Prints what went wrong and how long messages took; 1 if anything went wrong.
"""

from __future__ import annotations

import argparse
import itertools
import statistics
import sys
import tempfile
import time
from pathlib import Path

from bot.server import logs
from bot.train import train
from tests.fuzz.hearing import Hearing, Report
from tests.fuzz.messages import made

_PART = 1_000
"""Messages after which it says how far it is."""


def main() -> int:
    """Runs as told on the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--messages", type=int, default=100_000, help="how many are understood and asked")
    parser.add_argument("--turns", type=int, default=20_000, help="how many go through whole turns")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    logs.set_up("error", "text")
    with tempfile.TemporaryDirectory() as folder:
        hearing = Hearing(train(), Path(folder))
        wrong = 0
        for name, put, count in (
            ("whole turns", hearing.talk, given.turns),
            ("understood and asked", hearing.ask, given.messages),
        ):
            if not count:
                continue
            report, began, messages = Report(), time.monotonic(), made(given.seed, count)
            while part := list(itertools.islice(messages, _PART)):
                report.add(put(part))
                _print(name, report, time.monotonic() - began)
            wrong += len(report.findings)
    return 1 if wrong else 0


def _print(name: str, report: Report, seconds: float) -> None:
    percentiles = statistics.quantiles(report.seconds, n=1000)
    print(f"{name}: {len(report.seconds)} messages in {seconds:.0f} s, {len(report.findings)} findings")
    print(
        f"  processor time of a message: median {1e3 * percentiles[499]:.1f} ms, 99.9 % {1e3 * percentiles[998]:.0f} ms"
    )
    for taken, kind, text in report.slowest[:5]:
        print(f"  {taken:.2f} s: {kind}, {len(text)} characters: {text[:60]!a}")
    for finding in report.findings[:50]:
        print(f"  FOUND {finding.what}\n    {finding.kind}: {finding.text[:300]!a}")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
