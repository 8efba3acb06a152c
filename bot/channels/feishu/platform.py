"""Feishu as a platform. Its SDK takes six seconds to import; what is needed of it are two algorithms and four calls."""

from __future__ import annotations

import hmac
import json
import time
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request

from bot.channels import calling
from bot.channels.feishu.crypto import opened, verify
from bot.channels.feishu.input import pressed, said
from bot.channels.feishu.output import render, request_of
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
from bot.channels.settings import FeishuSettings

_TOKEN = {99991661, 99991663, 99991664, 99991668, 99991671}
_BUSY = {99991400, 230020, 230006, 11232, 11233, 11247}
_DENIED = {99991672, 99991679, 99991403, 230013, 230027}
"""Codes: the access token, too many calls, and permissions that an administrator can give."""

_SCOPES = (
    {"im:message.p2p_msg:readonly", "im:message"},
    {"im:message.group_at_msg:readonly", "im:message.group_msg", "im:message"},
    {"im:message:send_as_bot", "im:message"},
    {"im:resource", "im:resource:upload"},
)
"""What the application must be granted; any one of each line is enough."""
_GRANTED = 1


class Feishu:
    """See `bot.channels.model.Platform`."""

    name = "feishu"
    pace = Pace(every=0.25, burst=5, overall=0.02)
    numbers_choices = False
    render = staticmethod(render)

    def __init__(self, settings: FeishuSettings) -> None:
        self._settings = settings
        self._http = calling.client(settings.api_url)
        self._token = calling.AccessToken(self._fetch_token)
        self._bot: str | None = None

    async def start(self) -> None:
        """Ask who we are: groups are answered only when we are mentioned."""
        self._bot = str((await self._call("GET", "/open-apis/bot/v3/info"))["bot"]["open_id"])

    async def stop(self) -> None:
        """See `Platform`."""
        await self._http.aclose()

    async def receive(self, request: Request) -> Received:
        """See `WebhookPlatform`."""
        body = await request.body()
        try:
            data = json.loads(opened(self._settings.encrypt_key, json.loads(body)["encrypt"]))
            if data.get("type") == "url_verification":
                self._known(data.get("token"))
                return Received(body={"challenge": str(data["challenge"])})
            verify(self._settings.encrypt_key, request.headers, body)
            header = data["header"]
            self._known(header.get("token"))
            return self._read(header, data["event"])
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise RefusedError(400, f"unreadable: {type(error).__name__}") from None

    def _known(self, token: Any) -> None:
        if not hmac.compare_digest(str(token).encode(), self._settings.verification_token.encode()):
            raise RefusedError(401, "wrong verification token")

    def _read(self, header: Json, event: Json) -> Received:
        tenant = str(header.get("tenant_key"))
        if header.get("app_id") != self._settings.app_id:
            raise RefusedError(401, "for another application")
        match header["event_type"]:
            case "im.message.receive_v1":
                message = said(event, tenant, self._bot or "")
            case "card.action.trigger":
                message = pressed(event, tenant, float(header.get("create_time") or time.time() * 1e6) / 1e6)
            case _:
                message = None
        return Received((message,) if message else ())

    async def send(self, request: Json, key: str) -> None:
        """See `Platform`. Feishu takes a uuid once within an hour."""
        body = {**request["body"], "uuid": key}
        if request["reply_to"]:
            await self._call("POST", f"/open-apis/im/v1/messages/{request['reply_to']}/reply", json=body)
        else:
            body["receive_id"] = request["chat"]
            await self._call("POST", "/open-apis/im/v1/messages", params={"receive_id_type": "chat_id"}, json=body)

    async def show(self, image: Image, address: Mapping[str, Any], key: str) -> None:
        """See `Platform`."""
        form = {"data": {"image_type": "message"}, "files": {"image": calling.file_of(image)}}
        uploaded = await self._call("POST", "/open-apis/im/v1/images", **form)
        content = {"image_key": uploaded["data"]["image_key"]}
        await self.send(request_of("image", content, address), key)

    async def check(self) -> list[str]:
        """Asks for a token, who we are, and what we may do."""
        try:
            await self._call("GET", "/open-apis/bot/v3/info")
            told = await self._call("GET", "/open-apis/application/v6/scopes")
        except (TryLaterError, RejectedError) as error:
            return [f"FEISHU_APP_ID, FEISHU_APP_SECRET or the application's bot ability: Feishu answers: {error}"]
        granted = {scope["scope_name"] for scope in told["data"]["scopes"] if scope["grant_status"] == _GRANTED}
        lacking = ", ".join(" or ".join(sorted(scopes)) for scopes in _SCOPES if not scopes & granted)
        return [f"the application lacks {lacking}: grant it and release a new version"] if lacking else []

    async def _call(self, method: str, path: str, **arguments: Any) -> Json:
        headers = {"Authorization": f"Bearer {await self._token.value()}"}
        return await self._ask(method, path, headers=headers, **arguments)

    async def _fetch_token(self) -> tuple[str, float]:
        keys = {"app_id": self._settings.app_id, "app_secret": self._settings.app_secret}
        answer = await self._ask("POST", "/open-apis/auth/v3/tenant_access_token/internal", json=keys)
        return str(answer["tenant_access_token"]), float(answer["expire"])

    async def _ask(self, method: str, path: str, **arguments: Any) -> Json:
        """Feishu's errors are told by a code in the body, whatever the status."""
        answer, body = await calling.exchange(self._http, method, path, **arguments)
        code = body.get("code", 0)
        reason = f"{code}: {body.get('msg')}"
        if code in _TOKEN:
            self._token.forget()
            raise TryLaterError(reason)
        if code in _DENIED:
            raise DeniedError(reason, 30.0)
        if code in _BUSY or answer.status_code == 429 or answer.status_code >= 500:
            raise TryLaterError(reason, calling.retry_after(answer.headers))
        if code or answer.status_code >= 400:
            raise RejectedError(reason)
        return body
