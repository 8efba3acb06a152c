"""What is told of a turn to whoever runs the server: a line in the log, and figures. Neither holds what was said."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.server import metrics

logger = logging.getLogger(__name__)


class Counted:
    """Counts the answers of an application by their status."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See the ASGI specification."""

        async def counted(message: Message) -> None:
            if message["type"] == "http.response.start":
                metrics.RESPONSES.labels(str(message["status"])).inc()
            await send(message)

        await self.app(scope, receive, counted if scope["type"] == "http" else send)


@contextmanager
def observed(channel: str, lang: str) -> Iterator[list[Mapping[str, Any]]]:
    """A turn; what it says is put into the list.

    Args:
        channel: where the message came from.
        lang: the language of the message.
    """
    said: list[Mapping[str, Any]] = []
    began = time.perf_counter()
    with metrics.TURNS_IN_PROGRESS.track_inprogress():
        yield said
    seconds = time.perf_counter() - began
    where = (metrics.channel_label(channel), lang)
    metrics.TURN_SECONDS.labels(*where).observe(seconds)
    kinds = _kinds(said)
    for data in kinds:
        if data["kind"] == "decline":
            metrics.DECLINES.labels(*where, data["reason"]).inc()
    logger.info(
        "turn",
        extra={
            "fields": {
                "language": lang,
                "milliseconds": round(seconds * 1000, 1),
                "kinds": " ".join(data.get("reason", data["kind"]) for data in kinds),
            }
        },
    )


def _kinds(said: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The data of those messages that are of a kind."""
    return [message["custom"] for message in said if "kind" in message.get("custom", {})]
