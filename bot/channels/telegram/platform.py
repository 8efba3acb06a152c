"""Telegram as a platform. The Bot API is plain JSON over HTTP: a library would bring more than it saves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request

from bot.channels import calling
from bot.channels.model import DeniedError, Image, Json, Pace, Received, RejectedError, TryLaterError
from bot.channels.settings import TelegramSettings
from bot.channels.splitting import split, utf16
from bot.channels.telegram.input import Bot, read, verify
from bot.channels.telegram.output import CAPTION, render, to


class Telegram:
    """See `bot.channels.model.Platform`."""

    name = "telegram"
    pace = Pace(every=1.0, burst=6, overall=1 / 30)
    numbers_choices = False
    render = staticmethod(render)

    def __init__(self, settings: TelegramSettings) -> None:
        self._secret = settings.webhook_secret
        self._http = calling.client(f"{settings.api_url}/bot{settings.bot_token}/")
        self._bot: Bot | None = None

    async def start(self) -> None:
        """Ask who we are: groups are answered only when that name is mentioned."""
        me = await self._call("getMe")
        self._bot = Bot(me["id"], me["username"])

    async def stop(self) -> None:
        """See `Platform`."""
        await self._http.aclose()

    async def receive(self, request: Request) -> Received:
        """See `WebhookPlatform`."""
        verify(self._secret, request.headers)
        if self._bot is None:
            raise TryLaterError("not started")
        return read(await request.body(), self._bot)

    async def send(self, request: Json, key: str) -> None:  # noqa: ARG002 - there is no key to tell a repetition by
        """See `Platform`."""
        await self._call("sendMessage", json=request)

    async def show(self, image: Image, address: Mapping[str, Any], key: str) -> None:  # noqa: ARG002 - as in `send`
        """See `Platform`. A form has texts only: what is more than a text goes as JSON."""
        place = to(address, answers=True)
        form = {name: value if isinstance(value, str) else calling.compact(value) for name, value in place.items()}
        form["caption"] = split(image.title, CAPTION, utf16)[0]
        await self._call("sendPhoto", data=form, files={"photo": calling.file_of(image)})

    async def check(self) -> list[str]:
        """Asks who the token belongs to and where Telegram delivers."""
        try:
            await self._call("getMe")
            hook = await self._call("getWebhookInfo")
        except (TryLaterError, RejectedError) as error:
            return [f"TELEGRAM_BOT_TOKEN: Telegram answers: {error}"]
        if not str(hook.get("url", "")).endswith("/webhooks/telegram/webhook"):
            return [f"the webhook is not set, or to another address: {hook.get('url') or 'none'}"]
        found = []
        if hook.get("last_error_message"):
            found.append(f"Telegram's last delivery failed: {hook['last_error_message']}")
        allowed = hook.get("allowed_updates")
        if allowed and not {"message", "callback_query"} <= set(allowed):
            found.append("the webhook does not deliver message and callback_query: leave out allowed_updates")
        return found

    async def _call(self, method: str, **content: Any) -> Json:
        answer, body = await calling.exchange(self._http, "POST", method, **content)
        if body.get("ok"):
            result = body["result"]
            return result if isinstance(result, dict) else {}
        code, reason = body.get("error_code", answer.status_code), str(body.get("description"))
        if code == 429:
            raise TryLaterError(reason, (body.get("parameters") or {}).get("retry_after"))
        if code in (401, 404):
            raise DeniedError(reason, 30.0)
        raise TryLaterError(reason) if code >= 500 else RejectedError(reason)
