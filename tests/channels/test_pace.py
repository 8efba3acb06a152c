"""How long is waited between messages and after failures."""

from __future__ import annotations

from bot.channels.model import Pace
from bot.channels.pace import LONGEST_RETRY, Pacer, backoff


def test_pauses_grow_and_what_a_platform_asks_for_is_kept() -> None:
    pauses = [backoff(attempts, None) for attempts in (1, 3, 5, 9)]
    assert pauses == sorted(pauses)
    assert 0.8 <= pauses[0] <= 1.2
    assert max(backoff(attempts, None) for attempts in (12, 100, 10_000)) <= LONGEST_RETRY * 1.2
    assert backoff(1, 30.0) == 30.0
    assert backoff(1, 10**9) == 3600.0
    assert backoff(9, 0.0) >= 200


def test_a_place_gets_no_more_than_its_share() -> None:
    """As many at once as are saved up; afterwards one message in each interval."""
    now = 1000.0
    pacer = Pacer(Pace(every=1.0, burst=3), lambda: now)
    waits = [pacer.reserve("chat") for _ in range(6)]
    assert waits == [0.0, 0.0, 0.0, 1.0, 2.0, 3.0]
    assert pacer.reserve("another") == 0.0
    now += 100
    assert [pacer.reserve("chat") for _ in range(4)] == [0.0, 0.0, 0.0, 1.0]


def test_a_platform_gets_no_more_than_its_share() -> None:
    pacer = Pacer(Pace(overall=0.5), lambda: 0.0)
    assert [pacer.reserve(f"chat {number}") for number in range(4)] == [0.0, 0.5, 1.0, 1.5]
