"""Whole conversations go as expected; the misses are printed."""

from __future__ import annotations

from collections.abc import Callable

from tests.evaluation.conversations import turns
from tests.talking import Conversation

FLOOR = 0.98


def test_turns_go_as_expected(new_chat: Callable[[], Conversation]) -> None:
    score = turns(new_chat, every=10)  # `make eval` has them all
    assert score.asked > 400
    assert score.share >= FLOOR, "\n".join(score.misses)
