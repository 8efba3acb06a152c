"""Turns that fail: what is logged and counted, and what the user is told."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Awaitable, Callable
from typing import TypeVar

from bot.server import logs, metrics
from knowledge.loading import load_knowledge
from knowledge.models.base import Lang
from knowledge.models.messages import Reply
from knowledge.rendering import decline

logger = logging.getLogger(__name__)

T = TypeVar("T")

_CHANCES = 3


class ConflictError(Exception):
    """The conversation has gone on elsewhere since this turn began; the turn is not kept and can be taken again."""


class TurnFailedError(Exception):
    """A turn went wrong; `reply` says so in the language of the message, with a reference to the log."""

    def __init__(self, reply: Reply) -> None:
        super().__init__("a turn failed")
        self.reply = reply


async def unless_overtaken(take: Callable[[], Awaitable[T]]) -> T:
    """Take a turn; again if its conversation goes on elsewhere meanwhile, but not for ever.

    Raises:
        ConflictError: it went on elsewhere each time.
    """
    for _ in range(_CHANCES - 1):
        try:
            return await take()
        except ConflictError:  # noqa: PERF203 - it is the loop that tries again
            logger.warning("a turn was overtaken by another one of the same conversation")
    return await take()


def turn_failed(error: Exception, lang: Lang) -> TurnFailedError:
    """What a turn that ended with `error` is answered with; called while the error is being handled."""
    reference = uuid.uuid4().hex[:8]
    lost = is_of_stores(error)
    metrics.ERRORS.labels("stores" if lost else "turn").inc()
    with logs.about(reference=reference):
        logger.exception("turn failed, reference %s", reference)
    tell = decline.unavailable if lost else decline.failed
    return TurnFailedError(tell(load_knowledge(), lang, reference))


def is_of_stores(error: BaseException | None) -> bool:
    """Whether a store that did not answer, or would not take something, is behind an error."""
    import redis
    import sqlalchemy as sa  # type: ignore[import-untyped]

    kinds = (sa.exc.SQLAlchemyError, redis.RedisError)
    while error is not None:
        if isinstance(error, kinds):
            return True
        error = error.__cause__ or error.__context__
    return False
