"""Latency, throughput, start-up and memory beside Rasa's default configuration, workers beside the floor, where the
time of a turn goes, and how soon the page is seen: `python -m tests.benchmarks`."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import psutil

from bot.train import train
from tests.benchmarks import baseline, floor, painting, profile, scaling
from tests.benchmarks.client import Client, turn_latencies, turns_per_second
from tests.benchmarks.queries import option_queries, question_queries
from tests.benchmarks.report import Measured, keep, report
from tests.running import Server, start_command

RESULTS = Path(__file__).with_name("results")
CLIENTS = 8

Start = Callable[[], AbstractContextManager[Server]]


def measure(servers: dict[str, Start], rounds: int, seconds: float) -> dict[str, Measured]:
    """Every server in every round, one after the other, so that the noise of the machine falls on all of them."""
    measured = {name: Measured() for name in servers}
    for number in range(1, rounds + 1):
        for name, begin in servers.items():
            print(f"round {number}/{rounds}: {name} …", flush=True)
            with begin() as server:
                figures = measured[name]
                figures.ready.append(server.seconds + Client(server.url).say("first", "hello"))
                turn_latencies(server.url)
                for _ in range(3):
                    figures.turns += turn_latencies(server.url)
                figures.per_second.append(turns_per_second(server.url, CLIENTS, seconds))
                figures.memory.append(memory(server.pid))
    return measured


def memory(pid: int) -> float:
    """Resident megabytes of a process and its children."""
    process = psutil.Process(pid)
    return sum(part.memory_info().rss for part in (process, *process.children(recursive=True))) / 1e6


def main() -> int:
    """Measures, prints the tables and keeps them; the exit code says whether every aim was reached."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="starts of each server")
    parser.add_argument("--seconds", type=float, default=10, help="of full load in each round")
    parser.add_argument(
        "--workers", type=int, nargs="+", default=scaling.WORKERS, help="how many are measured together"
    )
    parser.add_argument("--without-default", action="store_true", help="leave Rasa's default configuration out")
    given = parser.parse_args()
    model, bare = train(), floor.train(RESULTS / "floor")
    met = given.without_default or compare(model, given.rounds, given.seconds)
    scaled = scaling.measure(model, bare, given.workers, given.seconds, CLIENTS)
    long = scaling.long_conversation(model)
    figures, near = scaling.table(scaled, long)
    parts = profile.profile(model)
    paints = painting.measure(model)
    load = f"load of the machine: {os.getloadavg()} on {os.cpu_count()} cores"
    text = "\n\n".join((figures, profile.table(parts), painting.table(paints), load))
    print(text)
    kept = {**scaling.as_data(scaled, long), "profile": parts, "paints": paints, "load": os.getloadavg()}
    keep(kept, text, RESULTS, "scaling")
    return 0 if met and near else 1


def compare(model: Path, rounds: int, seconds: float) -> bool:
    """One server beside Rasa's default configuration; whether every aim was reached."""
    default = baseline.train(RESULTS / "default")
    print("knowledge base …", flush=True)
    queries = {"options for a patient": option_queries(), "a free question": question_queries()}
    with tempfile.TemporaryDirectory() as folder:
        servers: dict[str, Start] = {
            "assistant": lambda: start_command(model, Path(folder)),
            "rasa init": lambda: baseline.start(default, RESULTS / "default"),
        }
        measured = measure(servers, rounds, seconds)
    table, met = report(queries, measured["assistant"], measured["rasa init"], RESULTS)
    print(table)
    return met


if __name__ == "__main__":
    sys.exit(main())
