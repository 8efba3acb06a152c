"""What every answer carries, and how much a request may bring."""

from __future__ import annotations

import asyncio

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.server.errors import error_response

LARGEST_BODY = 1_000_000
"""Bytes; a case fits into a few hundred."""

BODY_WITHIN = 20.0
"""Seconds in which a body has to be there."""


def policy(form_action: str = "'none'") -> str:
    """The content policy: nothing but what this server serves, and no page around it."""
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        f"base-uri 'none'; form-action {form_action}; frame-ancestors 'none'"
    )


HEADERS = {
    "Content-Security-Policy": policy(),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
}
_HTTPS_ONLY = "max-age=31536000"
"""A year; only said over TLS, where browsers heed it."""
_SHARED = ("/widget/", "/api/pictures")
"""What pages of other servers may show."""


class ProtectiveHeaders:
    """Adds the headers that keep pages to themselves, and answers out of caches."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See the ASGI specification."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def protected(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if scope["path"].startswith(_SHARED):
                    headers.setdefault("Cross-Origin-Resource-Policy", "cross-origin")
                # What is the same for everybody may be kept if it is asked after; what somebody was told, nowhere.
                headers.setdefault("Cache-Control", "no-cache" if scope["method"] in ("GET", "HEAD") else "no-store")
                if scope["scheme"] == "https":
                    headers.setdefault("Strict-Transport-Security", _HTTPS_ONLY)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, protected)


class Bodies:
    """Reads bodies before anything works on them; refuses what is too large or comes too slowly."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See the ASGI specification."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        try:
            body = await asyncio.wait_for(_whole_body(receive), BODY_WITHIN)
        except asyncio.TimeoutError:
            await error_response(408, headers={"Connection": "close"})(scope, receive, send)
            return
        if body is None:
            await error_response(413, f"The body is larger than {LARGEST_BODY} bytes.")(scope, receive, send)
            return
        await self.app(scope, _replay(body, receive), send)


async def _whole_body(receive: Receive) -> bytes | None:
    """The body, or None when it is too large; the rest of such a body is not read."""
    parts, size = [], 0
    while True:
        message = await receive()
        part = message.get("body", b"")
        size += len(part)
        if size > LARGEST_BODY:
            return None
        parts.append(part)
        if not message.get("more_body"):
            return b"".join(parts)


def _replay(body: bytes, receive: Receive) -> Receive:
    """Gives the body that has been read once more, then whatever comes after it."""
    given = False

    async def replay() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay
