"""Latency, throughput, start-up and memory beside Rasa's default configuration: `python -m tests.benchmarks`."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import psutil

from bot.train import train
from tests.benchmarks import baseline
from tests.benchmarks.client import Client, turn_latencies, turns_per_second
from tests.benchmarks.queries import option_queries, question_queries
from tests.benchmarks.report import Measured, report
from tests.running import Server, start

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
    """Measures, prints the table and keeps it; the exit code says whether every aim was reached."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="starts of each server")
    parser.add_argument("--seconds", type=float, default=10, help="of full load in each round")
    given = parser.parse_args()
    model, default = train(), baseline.train(RESULTS / "default")
    print("knowledge base …", flush=True)
    queries = {"options for a patient": option_queries(), "a free question": question_queries()}
    with tempfile.TemporaryDirectory() as folder:
        servers: dict[str, Start] = {
            "assistant": lambda: start(model, Path(folder)),
            "rasa init": lambda: baseline.start(default, RESULTS / "default"),
        }
        measured = measure(servers, given.rounds, given.seconds)
    table, met = report(queries, measured["assistant"], measured["rasa init"], RESULTS)
    print(table)
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
