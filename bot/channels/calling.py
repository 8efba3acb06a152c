"""Calls of the platforms' HTTP interfaces, and what their answers mean."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import httpx

from bot.channels.model import DeniedError, Image, Json, RejectedError, TryLaterError

_TIMEOUT = httpx.Timeout(15.0, connect=5.0)
_EARLY = 300.0
"""Seconds before its end that an access token is replaced."""


def client(base: str = "", **headers: str) -> httpx.AsyncClient:
    """A client for the interface at `base`; without it, for any address."""
    return httpx.AsyncClient(base_url=base, timeout=_TIMEOUT, headers=headers, follow_redirects=False)


async def call(http: httpx.AsyncClient, method: str, path: str, **arguments: Any) -> Json:
    """The JSON object that a call is answered with; {} for an empty answer.

    Raises:
        TryLaterError: too many calls, a failure of the platform, no answer, or access denied: that an administrator
            can mend, and the message waits.
        RejectedError: the platform refuses what was sent.
    """
    try:
        answer = await http.request(method, path, **arguments)
    except httpx.HTTPError as error:
        # The message of an error names the address, and with it may name a token.
        raise TryLaterError(f"no answer ({type(error).__name__})") from None
    check_status(answer)
    try:
        body = answer.json() if answer.content else {}
    except ValueError:
        raise TryLaterError(f"status {answer.status_code} without JSON") from None
    return body if isinstance(body, dict) else {}


async def exchange(http: httpx.AsyncClient, method: str, path: str, **arguments: Any) -> tuple[httpx.Response, Json]:
    """An answer with the JSON object in it, for interfaces that tell their errors there.

    Raises:
        TryLaterError: no answer, or none with a JSON object.
    """
    try:
        answer = await http.request(method, path, **arguments)
        return answer, dict(answer.json())
    except (httpx.HTTPError, ValueError, TypeError) as error:
        # The message of an error names the address, and with it may name a token.
        raise TryLaterError(f"no answer ({type(error).__name__})") from None


def check_status(answer: httpx.Response) -> None:
    """Raises what the status of an answer means, if it is not success; see `call`."""
    status = answer.status_code
    if status < 300:
        return
    if status in (401, 403):
        raise DeniedError(f"status {status}: access denied")
    if status == 429:
        raise TryLaterError("too many messages", after=retry_after(answer.headers))
    if status in (408, 425) or status >= 500 or status < 400:
        raise TryLaterError(f"status {status}", after=retry_after(answer.headers))
    raise RejectedError(f"status {status} {_code(answer)}".rstrip())


def _code(answer: httpx.Response) -> str:
    """The code of an error. Its words stay out of logs: they may repeat what was sent."""
    try:
        body = answer.json()
        body = body.get("error", body)
        return str(body["code"])[:60]
    except (ValueError, KeyError, TypeError, AttributeError):
        return ""


def retry_after(headers: Mapping[str, str]) -> float | None:
    """The seconds that an answer asks to wait."""
    try:
        return max(0.0, float(headers["retry-after"]))
    except (KeyError, ValueError):
        return None


class AccessToken:
    """A token that is fetched when it is needed and kept until shortly before it ends.

    A login that is refused can be mended by an administrator: the message that needs it waits.
    """

    def __init__(self, fetch: Callable[[], Awaitable[tuple[str, float]]]) -> None:
        """`fetch` gives a token and the seconds it is good for."""
        self._fetch = fetch
        self._value = ""
        self._until = 0.0
        self._fetching = asyncio.Lock()

    async def value(self) -> str:
        """The token.

        Raises:
            TryLaterError: there is none.
        """
        async with self._fetching:
            if time.monotonic() >= self._until:
                try:
                    self._value, seconds = await self._fetch()
                except RejectedError as error:
                    raise TryLaterError(str(error), 30.0) from None
                self._until = time.monotonic() + max(seconds - _EARLY, seconds / 2)
            return self._value

    def forget(self) -> None:
        """It was refused: the next call fetches another one."""
        self._until = 0.0


def file_of(image: Image) -> tuple[str, bytes, str]:
    """A picture as a part of a form."""
    return image.file, image.content, "image/png"


def compact(value: Any) -> str:
    """JSON without blanks, for platforms that take JSON as text."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
