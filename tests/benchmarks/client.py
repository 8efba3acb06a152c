"""Talks to a server over HTTP with as little work of its own as possible."""

from __future__ import annotations

import http.client
import itertools
import json
import time
import uuid
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

from tests.benchmarks.messages import CONVERSATIONS

Said = Sequence[Sequence[str]]
"""Conversations, each with what the user says in it."""


class Client:
    """One connection, used for one conversation after the other."""

    def __init__(self, url: str) -> None:
        self._connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=120)

    def say(self, sender: str, message: str) -> float:
        """Seconds until the answer to a message has arrived.

        Raises:
            RuntimeError: there was none.
        """
        body = json.dumps({"sender": sender, "message": message}).encode()
        started = time.perf_counter()
        self._connection.request("POST", "/webhooks/rest/webhook", body, {"Content-Type": "application/json"})
        answer = self._connection.getresponse()
        content = answer.read()
        seconds = time.perf_counter() - started
        if answer.status != http.client.OK or not json.loads(content):
            raise RuntimeError(f"no answer to {message!r}: {answer.status} {content[:200]!r}")
        return seconds

    def conversation(self, number: int, said: Said = CONVERSATIONS) -> Iterator[float]:
        """Holds a conversation nobody has held before; seconds for each turn."""
        sender = uuid.uuid4().hex
        for message in said[number % len(said)]:
            yield self.say(sender, message)


def turn_latencies(url: str, said: Said = CONVERSATIONS) -> list[float]:
    """Seconds for every turn of one conversation of each kind, one message at a time."""
    client = Client(url)
    return [seconds for number in range(len(said)) for seconds in client.conversation(number, said)]


def under_load(
    urls: Sequence[str], clients: int, seconds: float, said: Said = CONVERSATIONS
) -> tuple[float, list[float]]:
    """Turns per second, and the seconds of each turn, while several clients talk at once without a pause.

    Args:
        urls: the workers; each client keeps to one of them.
        clients: how many talk.
        seconds: for how long.
        said: what they say.
    """
    end = time.perf_counter() + seconds

    def talk(first: int) -> list[float]:
        client, turns = Client(urls[first % len(urls)]), []
        for number in itertools.count(first):
            for taken in client.conversation(number, said):
                turns.append(taken)
                if time.perf_counter() > end:
                    return turns
        return turns

    started = time.perf_counter()
    with ThreadPoolExecutor(clients) as pool:
        turns = [taken for one in pool.map(talk, range(clients)) for taken in one]
    return len(turns) / (time.perf_counter() - started), turns


def turns_per_second(url: str, clients: int, seconds: float) -> float:
    """Turns answered while several clients talk at once without a pause."""
    return under_load([url], clients, seconds)[0]
