"""Who may come in, when the server is more than a program for one person on one machine.

A program shows the access token as `Authorization: Bearer`. People either pass a proxy that has its own login and adds
that header, or type the access code, for which they get a signed cookie.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import time
from collections.abc import Collection
from http.cookies import CookieError, SimpleCookie

from starlette.datastructures import Headers
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.server.errors import error_response

COOKIE = "crlm_access"
LOGIN = "/login"
GOOD_FOR = 12 * 3600
"""Seconds for which a cookie lets in: a shift."""

WATCHED = ("/health", "/health/live", "/health/ready", "/metrics")
"""What whoever watches over the server asks for."""

_OPEN = (*WATCHED, LOGIN)
_OPEN_BELOW = ("/widget/", f"{LOGIN}/")
"""What is public anyway: pages that show the widget load its files without a login. Figures have their own token."""


class Access:
    """Knows the secrets, and who shows one."""

    def __init__(self, token: str, code: str | None) -> None:
        self._token = token
        self._code = code
        self._key = hmac.digest(token.encode(), f"cookie\n{code}".encode(), "sha256")

    @property
    def by_code(self) -> bool:
        """Whether people can come in with a code."""
        return self._code is not None

    def is_code(self, given: str) -> bool:
        """Whether it is the access code."""
        return self._code is not None and _same(given, self._code)

    def cookie(self) -> str:
        """Proof that somebody knew the code, good for a while; another code or token makes it worthless."""
        until = str(int(time.time()) + GOOD_FOR)
        return f"{until}.{self._sign(until)}"

    def lets_in(self, headers: Headers) -> bool:
        """Whether a request shows the token or a cookie of ours."""
        scheme, _, token = headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer" and _same(token.strip(), self._token):
            return True
        return self.by_code and self._is_cookie(_cookie(headers))

    def _is_cookie(self, value: str) -> bool:
        until, _, signature = value.partition(".")
        return _same(signature, self._sign(until)) and int(until) > time.time()

    def _sign(self, until: str) -> str:
        return hmac.new(self._key, until.encode("utf-8", "replace"), hashlib.sha256).hexdigest()


class Gate:
    """Lets in who may; without secrets, whoever is on this machine.

    Messaging platforms sign what they deliver, so their addresses are open and checked there.
    """

    def __init__(self, app: ASGIApp, access: Access | None, signed: Collection[str]) -> None:
        """Stand before an application.

        Args:
            app: the application.
            access: the secrets; None on loopback without any.
            signed: addresses whose deliveries are signed.
        """
        self.app = app
        self._access = access
        self._signed = frozenset(signed)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See the ASGI specification."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        headers, path = Headers(scope=scope), scope["path"]
        if self._access is None:
            if is_public_name(headers.get("host", "")):
                await error_response(421, _PUBLISHED)(scope, receive, send)
                return
        elif not (
            path in _OPEN or path.startswith(_OPEN_BELOW) or path in self._signed or self._access.lets_in(headers)
        ):
            await self._refuse(self._access, headers, scope, receive, send)
            return
        await self.app(scope, receive, send)

    @staticmethod
    async def _refuse(access: Access, headers: Headers, scope: Scope, receive: Receive, send: Send) -> None:
        reads = scope["type"] == "http" and scope["method"] in ("GET", "HEAD")
        if access.by_code and reads and "text/html" in headers.get("accept", ""):
            await RedirectResponse(LOGIN, 303)(scope, receive, send)
        else:
            await error_response(401, headers={"WWW-Authenticate": "Bearer"})(scope, receive, send)


_PUBLISHED = (
    "This server has no access token and answers on its own machine only, not under a public name. "
    "Set ACCESS_TOKEN to put it behind a proxy."
)


def is_public_name(host: str) -> bool:
    """Whether a Host header names something that is not this machine or a machine beside it.

    A page of an attacker can make its own name lead to 127.0.0.1 and then read what the server answers under that
    name. Such names are public ones, with a dot; addresses and names without a dot cannot be taken for that.
    """
    name = host.rsplit(":", 1)[0] if not host.endswith("]") else host
    try:
        ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        return "." in name and not name.endswith(".localhost")
    return False


def _cookie(headers: Headers) -> str:
    try:
        found = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
    except CookieError:
        return ""
    return found.value if found else ""


def _same(given: str, expected: str) -> bool:
    """Compares in a time that does not tell how much is right."""
    return hmac.compare_digest(given.encode("utf-8", "replace"), expected.encode())
