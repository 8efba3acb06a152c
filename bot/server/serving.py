"""The HTTP server: it ends without loss, and does not keep what nobody fetches."""

from __future__ import annotations

import contextlib
import resource
import socket
from collections.abc import Sequence
from typing import Any

from uvicorn import Config, Server

from bot.server.protection import LARGEST_BODY
from bot.server.stopping import Stopping

GIVES_UP_AFTER = 30.0
"""Seconds that a client may leave unread what was sent to it."""


class GracefulServer(Server):
    """Takes no new connections once it is told to end, and gives what is under way some time."""

    def __init__(self, app: Any, stopping: Stopping, seconds: float, trusted_proxies: Sequence[str] = ()) -> None:
        """Prepare to serve.

        Args:
            app: the application, whose parts learn from `stopping` that they have `seconds` to end.
            stopping: see `app`.
            seconds: how long it may take to end.
            trusted_proxies: whose word counts on where a request came from.
        """
        # wsproto, because Rasa holds the other implementation at a version that is too old for uvicorn
        super().__init__(
            Config(
                app,
                ws="wsproto",
                http="h11",  # takes one request at a time; the other keeps thousands that a client sends ahead
                ws_max_size=LARGEST_BODY,
                log_config=None,
                log_level="error",
                access_log=False,
                server_header=False,
                proxy_headers=bool(trusted_proxies),
                forwarded_allow_ips=list(trusted_proxies),
                timeout_graceful_shutdown=max(1, round(seconds)),
            )
        )
        self._stopping = stopping
        self._seconds = seconds

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """See parent class; conversations are ended before their connections are."""
        for server in self.servers:
            server.close()
        await self._stopping.end(self._seconds)
        await super().shutdown(sockets)


def allow_connections() -> None:
    """Let this process have as many connections as the system allows it; by default it may have a thousand."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.suppress(ValueError, OSError):  # some systems name a number that they do not grant
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def give_up_on_readers(listening: socket.socket, seconds: float = GIVES_UP_AFTER) -> None:
    """Connections that come in are reset when their client does not fetch what it is sent.

    Neither the client's window nor the pings of a WebSocket end such a connection: closing waits for what is unsent.
    Where the system cannot do that, nothing happens.
    """
    if hasattr(socket, "TCP_USER_TIMEOUT"):
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, round(seconds * 1000))
