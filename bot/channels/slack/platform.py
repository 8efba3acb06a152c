"""Slack as a platform: calls go through its own SDK."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError, SlackRequestError
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient
from starlette.requests import Request

from bot.channels.calling import retry_after
from bot.channels.model import DeniedError, Image, Json, Pace, Received, RejectedError, TryLaterError
from bot.channels.settings import SlackSettings
from bot.channels.slack.input import read, verify
from bot.channels.slack.output import render

_LATER = {"ratelimited", "rate_limited", "internal_error", "fatal_error", "service_unavailable", "request_timeout"}
_DENIED = {"invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired", "missing_scope"}
_SCOPES = {"chat:write", "app_mentions:read", "im:history", "files:write"}

_ALT = 1000
"""Characters of the description of an image; Slack refuses a longer one."""


class Slack:
    """See `bot.channels.model.Platform`."""

    name = "slack"
    pace = Pace(every=1.0, burst=6)
    numbers_choices = False
    render = staticmethod(render)

    def __init__(self, settings: SlackSettings) -> None:
        self._verifier = SignatureVerifier(settings.signing_secret)
        self._client = AsyncWebClient(settings.bot_token, f"{settings.api_url}/", timeout=15)

    async def start(self) -> None:
        """Nothing is needed."""

    async def stop(self) -> None:
        """Nothing stays open: the SDK has a connection for each call."""

    async def receive(self, request: Request) -> Received:
        """See `WebhookPlatform`."""
        body = await request.body()
        verify(self._verifier, body, request.headers)
        return read(body, request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"))

    async def send(self, request: Json, key: str) -> None:  # noqa: ARG002 - Slack knows no key to tell a repetition by
        """See `Platform`."""
        await self._call("chat.postMessage", request)

    async def show(self, image: Image, address: Mapping[str, Any], key: str) -> None:  # noqa: ARG002 - as in `send`
        """See `Platform`. Slack gives an address for the file, takes it there, and is then told where to share it."""
        with _understood():
            await self._client.files_upload_v2(
                file=image.content,
                filename=image.file,
                title=image.title,
                alt_txt=image.alt if len(image.alt) <= _ALT else image.title,
                channel=address["place"],
                thread_ts=address["thread"] or None,
            )

    async def check(self) -> list[str]:
        """Asks who the token belongs to and what it may do."""
        try:
            headers = await self._call("auth.test", {})
        except (TryLaterError, RejectedError) as error:
            return [f"SLACK_BOT_TOKEN: Slack answers: {error}"]
        given = {scope.strip() for scope in headers.get("x-oauth-scopes", "").split(",")}
        lacking = ", ".join(sorted(_SCOPES - given))
        return [f"the app lacks the scopes {lacking}: add them and install it again"] if lacking else []

    async def _call(self, method: str, request: Json) -> Mapping[str, str]:
        """The headers of the answer, in small letters."""
        with _understood():
            answer = await self._client.api_call(method, json=request)
        return {name.lower(): str(value) for name, value in answer.headers.items()}


@contextmanager
def _understood() -> Iterator[None]:
    """Calls of the SDK, with errors that say what is to be done."""
    try:
        yield
    except SlackApiError as error:
        raise _meaning(error) from None
    except (aiohttp.ClientError, asyncio.TimeoutError, SlackRequestError, ValueError) as error:
        # The message of an error may name the address of an upload, which is a secret.
        raise TryLaterError(f"no answer ({type(error).__name__})") from None


def _meaning(error: SlackApiError) -> Exception:
    response = error.response
    reason = str(response.get("error") or f"status {response.status_code}")
    headers = {name.lower(): str(value) for name, value in response.headers.items()}
    if response.status_code == 429 or response.status_code >= 500 or reason in _LATER:
        return TryLaterError(reason, retry_after(headers))
    return DeniedError(reason, 30.0) if reason in _DENIED else RejectedError(reason)
