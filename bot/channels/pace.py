"""How long to wait: between messages, and after failures."""

from __future__ import annotations

import random
import time
from collections.abc import Callable

from bot.channels.model import Pace

LONGEST_RETRY = 300.0
"""Seconds between two tries at most."""

GIVE_UP_AFTER = 24 * 3600.0
"""Seconds. A platform that is down for a day will not be asked any more."""


def backoff(attempts: int, asked: float | None) -> float:
    """Seconds until the next try.

    Args:
        attempts: how many have failed.
        asked: what the platform asks for; it is obeyed, up to an hour.
    """
    spread = random.uniform(0.8, 1.2)  # noqa: S311 - not a secret
    own = min(LONGEST_RETRY, 2.0 ** min(attempts - 1, 10)) * spread
    return max(own, min(asked, 3600.0)) if asked is not None else own


class Pacer:
    """Spreads the messages of this process to one platform. Other workers are noticed by what the platform refuses."""

    def __init__(self, pace: Pace, clock: Callable[[], float] = time.monotonic) -> None:
        self._pace = pace
        self._clock = clock
        self._platform = 0.0
        self._places: dict[str, float] = {}

    def reserve(self, place: str) -> float:
        """Seconds to wait before a message to `place` may be sent; it counts from then on.

        After a silence as many messages as `burst` says go out at once; what they save is waited for afterwards.
        """
        now = self._clock()
        ahead = self._places.get(place, 0.0) - self._pace.every * (self._pace.burst - 1)
        # What a place has to wait for is no reason for others to wait: the platform's share is counted by itself.
        turn = max(now, self._platform)
        at = max(turn, ahead)
        self._platform = turn + self._pace.overall
        if len(self._places) > 10_000:
            self._places = {known: until for known, until in self._places.items() if until > now}
        self._places[place] = max(at, self._places.get(place, 0.0)) + self._pace.every
        return at - now
