"""WeCom as a platform."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request

from bot.channels import calling
from bot.channels.model import DeniedError, Image, Json, Pace, Received, RejectedError, TryLaterError
from bot.channels.settings import WeComSettings
from bot.channels.wecom.crypto import Envelope
from bot.channels.wecom.input import encrypted_part, open_envelope, read
from bot.channels.wecom.output import render

_TOKEN = {40001, 40014, 42001, 42007, 42009}
"""Codes that say that the access token has to be fetched anew."""

_BUSY = {-1, 45009, 45033}
_DENIED = {50001, 60020, 48002, 301002}
"""Codes for what is not allowed until an administrator has changed something."""


class WeCom:
    """See `bot.channels.model.Platform`."""

    name = "wecom"
    pace = Pace(every=2.0, burst=12)
    numbers_choices = True
    render = staticmethod(render)

    def __init__(self, settings: WeComSettings) -> None:
        self._settings = settings
        self._envelope = Envelope(settings.token, settings.encoding_aes_key, settings.corp_id)
        self._http = calling.client(settings.api_url)
        self._token = calling.AccessToken(self._fetch_token)

    async def start(self) -> None:
        """Nothing is needed."""

    async def stop(self) -> None:
        """See `Platform`."""
        await self._http.aclose()

    async def receive(self, request: Request) -> Received:
        """See `WebhookPlatform`. A GET confirms the address when it is registered."""
        if request.method == "GET":
            echo = open_envelope(self._envelope, request.query_params, request.query_params.get("echostr", ""))
            return Received(body=echo.decode("utf-8", "replace"))
        sealed = encrypted_part(await request.body())
        message = read(open_envelope(self._envelope, request.query_params, sealed), self._settings.corp_id)
        return Received((message,) if message else (), "")

    async def send(self, request: Json, key: str) -> None:  # noqa: ARG002 - there is no key to tell a repetition by
        """See `Platform`."""
        answer = await self._call("POST", "/cgi-bin/message/send", json={**request, "agentid": self._settings.agent_id})
        if answer.get("invaliduser"):
            raise RejectedError("the member may not use the application")

    async def show(self, image: Image, address: Mapping[str, Any], key: str) -> None:
        """See `Platform`. A file that is uploaded can be sent for three days; it has no caption."""
        files = {"media": calling.file_of(image)}
        media = await self._call("POST", "/cgi-bin/media/upload", params={"type": "image"}, files=files)
        image_id = {"media_id": media["media_id"]}
        await self.send({"touser": address["place"], "msgtype": "image", "image": image_id}, key)

    async def check(self) -> list[str]:
        """Asks for a token and for the application."""
        try:
            await self._call("GET", "/cgi-bin/agent/get", params={"agentid": str(self._settings.agent_id)})
        except (TryLaterError, RejectedError) as error:
            return [f"WECOM_CORP_ID, WECOM_SECRET or WECOM_AGENT_ID: WeCom answers: {error}"]
        return []

    async def _call(self, method: str, path: str, **arguments: Any) -> Json:
        query = {**arguments.pop("params", {}), "access_token": await self._token.value()}
        answer = await calling.call(self._http, method, path, params=query, **arguments)
        code = answer.get("errcode", 0)
        if code in _TOKEN:
            self._token.forget()
            raise TryLaterError(f"{code}: the access token has ended")
        _raise_for(answer)
        return answer

    async def _fetch_token(self) -> tuple[str, float]:
        query = {"corpid": self._settings.corp_id, "corpsecret": self._settings.secret}
        answer = await calling.call(self._http, "GET", "/cgi-bin/gettoken", params=query)
        if answer.get("errcode", 0):
            raise TryLaterError(f"{answer['errcode']}: {answer.get('errmsg')}", 30.0)
        return str(answer["access_token"]), float(answer["expires_in"])


def _raise_for(answer: Json) -> None:
    code = answer.get("errcode", 0)
    if code in _DENIED:
        raise DeniedError(f"{code}: {answer.get('errmsg')}", 60.0)
    if code in _BUSY:
        raise TryLaterError(f"{code}: {answer.get('errmsg')}", 60.0 if code > 0 else None)
    if code:
        raise RejectedError(f"{code}: {answer.get('errmsg')}")
