"""Refuses what is too much before anything is done for it."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import ExitStack

from starlette.types import ASGIApp, Receive, Scope, Send

from bot.server.access import WATCHED
from bot.server.errors import error_response
from bot.server.limits import Limits, OverloadError, client_of


class Refusing:
    """Counts the requests and connections of each client, and of all."""

    def __init__(self, app: ASGIApp, limits: Limits, signed: Collection[str]) -> None:
        """Stand before an application.

        Args:
            app: the application.
            limits: how much is too much.
            signed: addresses at which platforms deliver what very many people wrote, from few addresses of their own;
                there only all requests together are counted, and platforms deliver again what was refused.
        """
        self.app = app
        self._limits = limits
        self._signed = frozenset(signed)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See the ASGI specification. Whoever watches over the server is not counted, above all when it is busy."""
        if scope["type"] not in ("http", "websocket") or scope["path"] in WATCHED:
            await self.app(scope, receive, send)
            return
        with ExitStack() as held:
            try:
                self._admit(scope, held)
            except OverloadError as error:
                await error_response(error.status_code, headers=error.headers)(scope, receive, send)
                return
            await self.app(scope, receive, send)

    def _admit(self, scope: Scope, held: ExitStack) -> None:
        client = None if scope["path"] in self._signed else client_of(scope)
        if client is not None:
            self._limits.clients.take(client)
        slots = self._limits.requests if scope["type"] == "http" else self._limits.connections
        held.enter_context(slots.taken(client))
