"""Microsoft Teams as a platform."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from starlette.requests import Request

from bot.channels import calling
from bot.channels.model import (
    DeniedError,
    Image,
    Json,
    Pace,
    Received,
    RefusedError,
    RejectedError,
    TryLaterError,
)
from bot.channels.settings import TeamsSettings
from bot.channels.teams.input import read
from bot.channels.teams.output import picture, render
from bot.channels.teams.tokens import Keys, app_token


class Teams:
    """See `bot.channels.model.Platform`."""

    name = "teams"
    pace = Pace(every=1.0, burst=7)
    numbers_choices = False
    render = staticmethod(render)

    def __init__(self, settings: TeamsSettings) -> None:
        self._settings = settings
        self._keys = Keys(settings.openid_url)
        self._login = calling.client(settings.login_url)
        self._http = calling.client()
        self._token = calling.AccessToken(self._fetch_token)

    async def start(self) -> None:
        """Get the keys that deliveries are checked with."""
        await self._keys.fetch()

    async def stop(self) -> None:
        """See `Platform`."""
        await self._http.aclose()
        await self._login.aclose()

    async def receive(self, request: Request) -> Received:
        """See `WebhookPlatform`."""
        try:
            activity = dict(json.loads(await request.body()))
        except (ValueError, TypeError) as error:
            raise RefusedError(400, f"unreadable: {type(error).__name__}") from None
        await self._keys.verified(request.headers.get("authorization", ""), self._settings.app_id, activity)
        try:
            message = read(activity)
        except (KeyError, TypeError, AttributeError) as error:
            raise RefusedError(400, f"unreadable: {type(error).__name__}") from None
        return Received((message,) if message else ())

    async def send(self, request: Json, key: str) -> None:  # noqa: ARG002 - there is no key to tell a repetition by
        """See `Platform`. The address was vouched for by the token of the delivery that is answered."""
        headers = {"Authorization": f"Bearer {await self._token.value()}"}
        place, reply_to = (quote(request[name], safe="") for name in ("place", "reply_to"))
        address = f"{request['service'].rstrip('/')}/v3/conversations/{place}/activities/{reply_to}"
        try:
            await calling.call(self._http, "POST", address, json=request["activity"], headers=headers)
        except DeniedError:
            self._token.forget()
            raise

    async def show(self, image: Image, address: Mapping[str, Any], key: str) -> None:
        """See `Platform`."""
        await self.send(await asyncio.to_thread(picture, image, address), key)

    async def check(self) -> list[str]:
        """Asks for the keys and for a token."""
        found = []
        try:
            await self._keys.fetch()
        except (TryLaterError, RejectedError, KeyError) as error:
            found.append(f"TEAMS_OPENID_URL: the keys of the Bot Connector cannot be had: {error}")
        try:
            await self._token.value()
        except (TryLaterError, RejectedError) as error:
            found.append(f"TEAMS_APP_ID, TEAMS_APP_PASSWORD or TEAMS_TENANT_ID: Microsoft answers: {error}")
        return found

    async def _fetch_token(self) -> tuple[str, float]:
        settings = self._settings
        return await app_token(self._login, settings.tenant_id, settings.app_id, settings.app_password)
