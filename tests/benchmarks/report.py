"""The figures, beside each other and beside the aims."""

from __future__ import annotations

import json
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timezone
from pathlib import Path
from typing import Any


@dataclass
class Measured:
    """What was measured of one server; times in seconds."""

    ready: list[float] = field(default_factory=list)
    turns: list[float] = field(default_factory=list)
    per_second: list[float] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)

    def figures(self) -> dict[str, float]:
        """One figure for each property; a start or a load counts by its best round, as other work only slows it."""
        return {
            "turn latency p50 (ms)": percentile(self.turns, 50) * 1000,
            "turn latency p95 (ms)": percentile(self.turns, 95) * 1000,
            "turns per second, 8 clients": max(self.per_second),
            "time to first answer (s)": min(self.ready),
            "resident memory (MB)": max(self.memory),
        }


AIMS = {
    "turn latency p50 (ms)": ("at most", 0.5),
    "turn latency p95 (ms)": ("at most", 0.5),
    "turns per second, 8 clients": ("at least", 3.0),
    "time to first answer (s)": ("at most", 1 / 3),
    "resident memory (MB)": ("at most", 0.7),
}
"""What the ratio to the default configuration is to be."""

QUERY_AIM = 1.0
"""Milliseconds, median."""


def percentile(values: Sequence[float], percent: int) -> float:
    """The value that this share of the values does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(len(ordered) * percent / 100))]


def reached(ratio: float, aim: tuple[str, float]) -> bool:
    """Whether a ratio is what it is to be."""
    return ratio <= aim[1] if aim[0] == "at most" else ratio >= aim[1]


def report(queries: dict[str, list[float]], ours: Measured, default: Measured, folder: Path) -> tuple[str, bool]:
    """The table, and whether every aim was reached; both are kept in `folder` too."""
    rows = [f"{'':30}{'p50':>12}{'p95':>12}  aim"]
    met = True
    for name, seconds in queries.items():
        p50, p95 = (percentile(seconds, percent) * 1000 for percent in (50, 95))
        aim = ""
        if name.startswith("options"):
            met = met and p50 < QUERY_AIM
            aim = f"  p50 under {QUERY_AIM:g} ms: {'reached' if p50 < QUERY_AIM else 'MISSED'}"
        rows.append(f"{name:30}{p50:9.2f} ms{p95:9.2f} ms{aim}")
    rows.append(f"\n{'':30}{'assistant':>12}{'rasa init':>12}{'ratio':>8}  aim")
    theirs = default.figures()
    for name, figure in ours.figures().items():
        ratio, aim_ = figure / theirs[name], AIMS[name]
        met = met and reached(ratio, aim_)
        verdict = f"{aim_[0]} {aim_[1]:.2f}: {'reached' if reached(ratio, aim_) else 'MISSED'}"
        rows.append(f"{name:30}{figure:12.1f}{theirs[name]:12.1f}{ratio:8.2f}  {verdict}")
    table = "\n".join(rows)
    kept: dict[str, Any] = {
        "queries": queries,
        "assistant": {**asdict(ours), "figures": ours.figures()},
        "default": {**asdict(default), "figures": theirs},
    }
    keep(kept, table, folder)
    return table, met


def keep(figures: dict[str, Any], table: str, folder: Path, name: str = "") -> None:
    """Writes figures and table into `folder`, with the time and the machine they come from."""
    stamp = datetime.now(timezone.utc)
    folder.mkdir(parents=True, exist_ok=True)
    machine = f"{platform.platform()}, {platform.processor() or platform.machine()}"
    file = "-".join(part for part in (f"{stamp:%Y%m%d-%H%M%S}", name) if part)
    content = json.dumps({"at": stamp.isoformat(), "machine": machine, **figures}, indent=1)
    (folder / f"{file}.json").write_text(content, encoding="utf-8")
    (folder / f"{file}.txt").write_text(table + "\n", encoding="utf-8")
