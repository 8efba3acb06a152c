"""A thousand clients at once: how many are answered, how fast the others are refused, and whether all get through.

`python -m tests.crowd` starts a server of its own and prints the figures.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import resource
import statistics
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from bot.train import train
from tests.running import start_command

MESSAGE = "不可切除，肝转移2枚，最大2.5cm，RAS野生型"
_PATIENCE = 600.0


@dataclass(frozen=True)
class Answer:
    """What came back: the status, the seconds it took, and those after which to come again."""

    status: int
    seconds: float
    retry_after: float


async def request(url: str, method: str, path: str, body: object = None) -> Answer:
    """One request over a connection of its own, with as little work here as can be."""
    host, port = urlsplit(url).hostname, urlsplit(url).port
    content = json.dumps(body).encode() if body is not None else b""
    began = time.monotonic()
    reader, writer = await asyncio.open_connection(host, port)
    head = f"{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nContent-Type: application/json\r\n"
    writer.write(f"{head}Content-Length: {len(content)}\r\n\r\n".encode() + content)
    answer = await asyncio.wait_for(reader.read(), _PATIENCE)
    writer.close()
    lines = answer.partition(b"\r\n\r\n")[0].decode().split("\r\n")
    headers = dict(line.lower().split(": ", 1) for line in lines[1:])
    return Answer(int(lines[0].split()[1]), time.monotonic() - began, float(headers.get("retry-after", 0)))


async def say(url: str, name: str) -> Answer:
    """A message in a conversation of its own."""
    return await request(url, "POST", "/webhooks/rest/webhook", {"sender": name, "message": MESSAGE})


async def say_until_answered(url: str, name: str) -> tuple[int, float]:
    """How often a client that waits as it is told has to ask, and the seconds until it is answered."""
    began, tries = time.monotonic(), 1
    while (answer := await say(url, name)).status != 200:
        tries += 1
        # Everybody a little later than told, and later each time, as the page does it too.
        await asyncio.sleep(answer.retry_after * (1 + random.random() * min(tries, 30)))
    return tries, time.monotonic() - began


async def crowd(url: str, clients: int) -> bool:
    """Lets the clients ask, once and then until all are answered; whether that went as it should."""
    await say(url, "warm-up")
    alone = statistics.median([(await say(url, f"alone-{n}")).seconds for n in range(10)])
    print(f"one client: {1e3 * alone:.0f} ms a turn")
    watching = asyncio.create_task(_watch(url))
    answers = await asyncio.gather(*(say(url, f"once-{n}") for n in range(clients)))
    statuses = Counter(answer.status for answer in answers)
    print(f"{clients} clients at once, each asking once: " + ", ".join(f"{n} × {s}" for s, n in statuses.items()))
    for status in sorted(statuses):
        _spread(f"  status {status}", [answer.seconds for answer in answers if answer.status == status])
    began = time.monotonic()
    ended = await asyncio.gather(*(say_until_answered(url, f"until-{n}") for n in range(clients)))
    taken = time.monotonic() - began
    print(f"{clients} clients that come again as told: all answered in {taken:.1f} s, {clients / taken:.0f} a second")
    _spread("  until answered", [seconds for _, seconds in ended])
    tries = [tried for tried, _ in ended]
    print(f"  tries: median {statistics.median(tries):.0f}, most {max(tries)}")
    watching.cancel()
    health = (await asyncio.gather(watching, return_exceptions=True))[0]
    print(f"/health meanwhile: {health}")
    return set(statuses) <= {200, 503} and all(a.retry_after >= 1 for a in answers if a.status == 503)


async def _watch(url: str) -> str:
    """Asks after the health all the time; ends with what was answered."""
    found: list[Answer] = []
    try:
        while True:
            found.append(await request(url, "GET", "/health"))
            await asyncio.sleep(0.2)
    except asyncio.CancelledError:
        return f"{dict(Counter(answer.status for answer in found))}, slowest {max(a.seconds for a in found):.2f} s"


def _spread(name: str, seconds: list[float]) -> None:
    ordered = sorted(seconds)
    median, most = ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.95)]
    print(f"{name}: median {median:.2f} s, 95 % {most:.2f} s, last {ordered[-1]:.2f} s")


def main() -> int:
    """Runs as told on the command line; 1 if something else came back than an answer or a refusal."""
    parser = argparse.ArgumentParser(prog="python -m tests.crowd", description=__doc__)
    parser.add_argument("--clients", type=int, default=1000)
    given = parser.parse_args()
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(8192, most), most))
    with tempfile.TemporaryDirectory() as folder, start_command(train(), Path(folder)) as server:
        well = asyncio.run(crowd(server.url, given.clients))
        status = Path(f"/proc/{server.pid}/status").read_text()
        memory = next(line for line in status.splitlines() if "VmHWM" in line)
        errors = server.log.read_text().count("ERROR")
        print(f"memory of the server at most: {int(memory.split()[1]) // 1024} MB; errors in its log: {errors}")
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main())
