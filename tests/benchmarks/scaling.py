"""One, two and four workers on PostgreSQL and Redis, beside the floor in the same server."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import psutil

from deploy.databases import PostgreSQL, Redis
from tests.benchmarks import floor
from tests.benchmarks.client import Client, Said, turn_latencies, under_load
from tests.benchmarks.messages import CONVERSATIONS
from tests.benchmarks.report import percentile
from tests.running import Server, free_port, start_command

WORKERS = (1, 2, 4)
AIM = 2.5
"""How many times as long as the floor a turn of one worker may take, at the median."""
_LATE = 500
"""A turn of a long conversation, to compare with the tenth."""


@dataclass(frozen=True)
class Scaled:
    """What was measured of one bot on so many workers; times in milliseconds.

    `cpu` is the processor time of all workers for one turn, which other work on the machine hardly changes.
    """

    bot: str
    workers: int
    p50: float
    p95: float
    per_second: float
    loaded_p50: float
    loaded_p95: float
    cpu: float


def measure(model: Path, bare: Path, counts: Sequence[int], seconds: float, clients: int) -> list[Scaled]:
    """The assistant and the floor, one after the other for each number of workers."""
    bots: dict[str, tuple[Path, Said]] = {
        "assistant": (model, CONVERSATIONS),
        "floor": (bare, [floor.CONVERSATION] * 2),
    }
    measured = []
    for count in counts:
        for bot, (trained, said) in bots.items():
            print(f"{bot} on {count} …", flush=True)
            with ExitStack() as stack:
                servers = workers(trained, count, stack)
                urls = [server.url for server in servers]
                for url in urls:
                    turn_latencies(url, said)
                alone = [taken for _ in range(3) for url in urls for taken in turn_latencies(url, said)]
                before = processor_seconds(servers)
                rate, loaded = under_load(urls, clients, seconds, said)
                cpu = (processor_seconds(servers) - before) * 1000 / len(loaded)
            figures = [percentile(of, part) * 1000 for of in (alone, loaded) for part in (50, 95)]
            measured.append(Scaled(bot, count, figures[0], figures[1], rate, figures[2], figures[3], cpu))
            print(_row(measured[-1]), flush=True)
    return measured


def processor_seconds(servers: Sequence[Server]) -> float:
    """What the processes of servers have used up to now."""
    return sum(sum(psutil.Process(server.pid).cpu_times()[:2]) for server in servers)


def workers(model: Path, count: int, stack: ExitStack) -> list[Server]:
    """Workers that share fresh databases; `stack` ends them."""
    folder = Path(tempfile.mkdtemp(prefix="crlm-"))
    folder.chmod(0o711)
    stack.callback(shutil.rmtree, folder)
    postgresql = stack.enter_context(PostgreSQL(folder / "postgresql", free_port()))
    redis = stack.enter_context(Redis(folder / "redis", free_port()))
    servers = []
    for number in range(count):
        own = folder / str(number)
        own.mkdir()
        shared = {"TRACKER_STORE_URL": postgresql.url, "LOCK_STORE_URL": redis.url}
        servers.append(stack.enter_context(start_command(model, own, **shared)))
    return servers


def long_conversation(model: Path) -> dict[str, tuple[float, float]]:
    """Milliseconds of a turn around the tenth and around the five hundredth of one conversation.

    On SQLite, on PostgreSQL, and on PostgreSQL with every turn on the other of two workers.
    """
    found = {}
    with ExitStack() as stack:
        folder = Path(tempfile.mkdtemp(prefix="crlm-"))
        stack.callback(shutil.rmtree, folder)
        shared = [server.url for server in workers(model, 2, stack)]
        kinds = {
            "SQLite": [stack.enter_context(start_command(model, folder)).url],
            "PostgreSQL": shared[:1],
            "PostgreSQL, two workers in turn": shared,
        }
        for kind, urls in kinds.items():
            print(f"a conversation of {_LATE} turns: {kind} …", flush=True)
            found[kind] = _early_and_late(urls, kind)
    return found


def _early_and_late(urls: Sequence[str], sender: str) -> tuple[float, float]:
    clients = [Client(url) for url in urls]
    texts = [text for said in CONVERSATIONS for text in said]
    taken = [
        clients[number % len(clients)].say(sender, texts[number % len(texts)]) * 1000 for number in range(_LATE + 10)
    ]
    # The same twenty texts at both places, the second time round because the first time opens the session.
    return percentile(taken[20:40], 50), percentile(taken[_LATE - 20 : _LATE], 50)


def table(measured: Sequence[Scaled], long: dict[str, tuple[float, float]]) -> tuple[str, bool]:
    """The figures as text, and whether the aim was reached."""
    heads = ("p50", "p95", "per second", "p50 loaded", "p95 loaded", "cpu a turn")
    rows = [f"{'workers on PostgreSQL, Redis':30}" + "".join(f"{head:>12}" for head in heads)]
    rows += [_row(one) for one in measured]
    first = {one.bot: one for one in measured if one.workers == measured[0].workers}
    ratio = first["assistant"].p50 / first["floor"].p50
    rows.append(f"assistant / floor, processor time: {first['assistant'].cpu / first['floor'].cpu:.2f}")
    rows.append(f"assistant / floor at p50: {ratio:.2f}  at most {AIM}: {'reached' if ratio <= AIM else 'MISSED'}")
    rows.append(
        f"\n{'long conversations, p50 (ms)':30}{'turns 21-40':>15}{f'turns {_LATE - 19}-{_LATE}':>15}{'ratio':>8}"
    )
    rows += [f"{kind:30}{early:15.1f}{late:15.1f}{late / early:8.2f}" for kind, (early, late) in long.items()]
    return "\n".join(rows), ratio <= AIM


def _row(one: Scaled) -> str:
    figures = (one.p50, one.p95, one.per_second, one.loaded_p50, one.loaded_p95, one.cpu)
    return f"{one.bot + ', ' + str(one.workers):30}" + "".join(f"{figure:12.1f}" for figure in figures)


def as_data(measured: Sequence[Scaled], long: dict[str, tuple[float, float]]) -> dict[str, Any]:
    """The figures as data."""
    return {"workers": [asdict(one) for one in measured], "long conversations": long}
