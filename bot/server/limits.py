"""How much one client, one conversation and all of them together may ask of the server.

What is too much is refused at once, with the time after which to come again, instead of being queued: whoever waits
behind a queue that grows gives up, asks again, and makes it longer.
"""

from __future__ import annotations

import ipaddress
import math
import time
from collections import Counter, OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from bot.server.errors import ApiError

TURNS = 32
"""Turns that are worked on or wait for their turn; at some 25 ms each the last one waits about a second."""
TURNS_OF_ONE = 4
REQUESTS = 128
REQUESTS_OF_ONE = 24
CONNECTIONS = 1000
CONNECTIONS_OF_ONE = 100
"""A clinic's machines often share one address."""

_KNOWN = 10_000
"""Clients that are remembered; the one that was silent longest is forgotten first."""
_SOON = 1
"""Seconds after which there may be room again."""


class OverloadError(ApiError):
    """Too much at once; to be tried again after some seconds."""

    def __init__(self, status: int, seconds: float) -> None:
        super().__init__(status, headers={"Retry-After": str(max(1, math.ceil(seconds)))})


class Buckets:
    """Token buckets: each name may do `burst` things at once and `rate` a second in the long run."""

    def __init__(self, rate: float, burst: float) -> None:
        self._rate = rate
        self._burst = burst
        self._levels: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait(self, name: str) -> float:
        """Takes one if there is one and returns 0, else the seconds until there will be one."""
        if math.isinf(self._rate):
            return 0.0
        now = time.monotonic()
        level, at = self._levels.pop(name, (self._burst, now))
        level = min(self._burst, level + (now - at) * self._rate)
        missing = max(0.0, 1.0 - level)
        self._levels[name] = (level if missing else level - 1.0, now)
        if len(self._levels) > _KNOWN:
            self._levels.popitem(last=False)
        return missing / self._rate

    def take(self, name: str) -> None:
        """Takes one.

        Raises:
            OverloadError: there is none.
        """
        seconds = self.wait(name)
        if seconds:
            raise OverloadError(429, seconds)


class Slots:
    """Room for so many things at a time, and for so many of each name."""

    def __init__(self, most: int, most_of_one: float) -> None:
        self._most = most
        self._most_of_one = most_of_one
        self._taken: Counter[str] = Counter()
        self._all = 0

    @contextmanager
    def taken(self, name: str | None) -> Iterator[None]:
        """Holds a place; without a name it only counts among all.

        Raises:
            OverloadError: there is no room, with 429 if `name` itself takes it, else 503.
        """
        if name is not None and self._taken[name] >= self._most_of_one:
            raise OverloadError(429, _SOON)
        if self._all >= self._most:
            raise OverloadError(503, _SOON)
        self._all += 1
        if name is not None:
            self._taken[name] += 1
        try:
            yield
        finally:
            self._all -= 1
            if name is not None:
                self._taken[name] -= 1
                if not self._taken[name]:
                    del self._taken[name]


@dataclass(frozen=True)
class Limits:
    """All limits of a server.

    Attributes:
        clients: what a client, known by its address, may send.
        conversations: what may be said in one conversation.
        requests, connections: HTTP requests in progress and open WebSockets, of each client.
        turns: turns in progress, of each conversation.
    """

    clients: Buckets
    conversations: Buckets
    requests: Slots
    connections: Slots
    turns: Slots

    @classmethod
    def shared(cls, rate: float) -> Limits:
        """For a server that many can reach: a client may send `rate` messages and requests a second."""
        return cls(
            Buckets(rate, 8 * rate),
            Buckets(2.0, 20.0),
            Slots(REQUESTS, REQUESTS_OF_ONE),
            Slots(CONNECTIONS, CONNECTIONS_OF_ONE),
            Slots(TURNS, TURNS_OF_ONE),
        )

    @classmethod
    def local(cls) -> Limits:
        """For one person on one machine: only what keeps the server itself answering."""
        free = math.inf
        return cls(
            Buckets(free, free),
            Buckets(free, free),
            Slots(REQUESTS, free),
            Slots(CONNECTIONS, free),
            Slots(TURNS, free),
        )


def client_of(scope: Any) -> str:
    """Who asks: the address, or the network of an IPv6 address, of which one machine has very many."""
    host = str((scope.get("client") or ("",))[0])
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((address, 64), strict=False))
    return host
