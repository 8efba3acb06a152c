"""DingTalk as a platform."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from bot.channels import calling
from bot.channels.dingtalk.input import read
from bot.channels.dingtalk.output import render, request_of
from bot.channels.dingtalk.stream import TOPIC, listen
from bot.channels.model import Accept, DeniedError, Image, Json, Memory, Pace, RejectedError, TryLaterError
from bot.channels.settings import DingTalkSettings

logger = logging.getLogger(__name__)

_ENDED = {40001, 40014, 42001}
"""Codes of the older interface for an access token that does not count any more."""


class DingTalk:
    """See `bot.channels.model.Platform`."""

    name = "dingtalk"
    pace = Pace(every=3.0, burst=12)
    numbers_choices = True
    render = staticmethod(render)

    def __init__(self, settings: DingTalkSettings) -> None:
        self._settings = settings
        self._robot = settings.robot_code or settings.client_id
        self._http = calling.client(settings.api_url)
        self._media = calling.client(settings.media_url)
        self._token = calling.AccessToken(self._fetch_token)

    async def start(self) -> None:
        """Nothing is needed."""

    async def stop(self) -> None:
        """See `Platform`."""
        await self._http.aclose()
        await self._media.aclose()

    async def listen(self, accept: Accept, memory: Memory) -> None:  # noqa: ARG002 - DingTalk remembers what it delivered
        """See `ListeningPlatform`. DingTalk ends a connection now and then, and wants to be asked for another one."""

        async def handle(data: Json) -> None:
            try:
                message = read(data)
            except (KeyError, TypeError, ValueError, AttributeError) as error:
                logger.warning("dingtalk: a message cannot be read: %s", type(error).__name__)
                return
            if message is None:
                logger.warning("dingtalk: somebody of another organisation cannot be answered alone")
                return
            await accept([message])

        while True:
            await listen(await self._open(), handle)

    async def _open(self) -> Json:
        asked = {
            "clientId": self._settings.client_id,
            "clientSecret": self._settings.client_secret,
            "subscriptions": [{"type": "CALLBACK", "topic": TOPIC}],
            "ua": "crlm-assistant",
        }
        return await calling.call(self._http, "POST", "/v1.0/gateway/connections/open", json=asked)

    async def send(self, request: Json, key: str) -> None:  # noqa: ARG002 - there is no key to tell a repetition by
        """See `Platform`."""
        body = {**request["body"], "robotCode": self._robot}
        if request["group"]:
            await self._call("/v1.0/robot/groupMessages/send", {**body, "openConversationId": request["place"]})
            return
        answer = await self._call("/v1.0/robot/oToMessages/batchSend", {**body, "userIds": [request["place"]]})
        if answer.get("flowControlledStaffIdList"):
            raise TryLaterError("too many messages to one person")
        if answer.get("invalidStaffIdList"):
            raise RejectedError("the person cannot be written to")

    async def show(self, image: Image, address: Mapping[str, Any], key: str) -> None:
        """See `Platform`. Files are taken by the older interface, at an address of its own; they have no caption."""
        query = {"access_token": await self._token.value(), "type": "image"}
        files = {"media": calling.file_of(image)}
        media = await calling.call(self._media, "POST", "/media/upload", params=query, files=files)
        code = media.get("errcode", 0)
        if code in _ENDED:
            self._token.forget()
            raise TryLaterError(f"{code}: the access token has ended")
        if code:
            raise RejectedError(f"{code}: {media.get('errmsg')}")
        await self.send(request_of("sampleImageMsg", {"photoURL": media["media_id"]}, address), key)

    async def check(self) -> list[str]:
        """Asks for an access token; a connection is not opened, because messages would come through it."""
        try:
            await self._token.value()
        except (TryLaterError, RejectedError) as error:
            return [f"DINGTALK_CLIENT_ID or DINGTALK_CLIENT_SECRET: DingTalk answers: {error}"]
        return []

    async def _call(self, path: str, body: Json) -> Json:
        headers = {"x-acs-dingtalk-access-token": await self._token.value()}
        try:
            return await calling.call(self._http, "POST", path, json=body, headers=headers)
        except DeniedError:
            self._token.forget()
            raise

    async def _fetch_token(self) -> tuple[str, float]:
        keys = {"appKey": self._settings.client_id, "appSecret": self._settings.client_secret}
        answer = await calling.call(self._http, "POST", "/v1.0/oauth2/accessToken", json=keys)
        return str(answer["accessToken"]), float(answer["expireIn"])
