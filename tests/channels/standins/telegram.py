"""Telegram: the Bot API with the limits of its documentation, and updates as it delivers them."""

from __future__ import annotations

import itertools
import json
import time
from collections.abc import Mapping
from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.channels.standins.serving import Faults, Form, body_of, form_of, png_size, status, until

TOKEN = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"
SECRET = "a-secret-of-the-webhook"
BOT = {"id": 110201543, "is_bot": True, "first_name": "CRLM", "username": "crlm_test_bot"}

numbers = itertools.count(1000)


def problem(message: Mapping[str, Any]) -> str | None:
    """Why Telegram refuses a message; None if it takes it."""
    text = message.get("text") or ""
    if not text.strip():
        return "Bad Request: message text is empty"
    if len(text.encode("utf-16-le")) // 2 > 4096:
        return "Bad Request: message is too long"
    for row in (message.get("reply_markup") or {}).get("inline_keyboard", ()):
        for button in row:
            if not 1 <= len(button["callback_data"].encode()) <= 64:
                return "Bad Request: BUTTON_DATA_INVALID"
            if not button["text"]:
                return "Bad Request: inline keyboard button text is empty"
    return None


def photo_problem(form: Form) -> str | None:
    """Why Telegram refuses a photo; None if it takes it."""
    _, _, content = form.files["photo"]
    width, height = png_size(content)
    if len(content) > 10 * 1024 * 1024 or width + height > 10_000 or max(width, height) > 20 * min(width, height):
        return "Bad Request: PHOTO_INVALID_DIMENSIONS"
    if len(form.fields.get("caption", "").encode("utf-16-le")) // 2 > 1024:
        return "Bad Request: message caption is too long"
    return None


def refusal(code: int, description: str, **more: Any) -> Response:
    """An error as Telegram answers it."""
    return status(code, {"ok": False, "error_code": code, "description": description, **more})()


class TelegramStandIn:
    """The Bot API for one bot."""

    def __init__(self) -> None:
        self.messages: list[dict[str, Any]] = []
        self.errors: list[str] = []
        self.faults = Faults()
        self.webhook: dict[str, Any] = {"url": "https://clinic.example/webhooks/telegram/webhook"}
        self.app = Starlette(routes=[Route("/bot{token}/{method}", self._call, methods=["POST"])])

    def settings(self, url: str) -> dict[str, str]:
        """The variables that connect the assistant."""
        return {"TELEGRAM_BOT_TOKEN": TOKEN, "TELEGRAM_WEBHOOK_SECRET": SECRET, "TELEGRAM_API_URL": url}

    async def _call(self, request: Request) -> Response:
        if request.path_params["token"] != TOKEN:
            return refusal(401, "Unauthorized")
        match request.path_params["method"]:
            case "getMe":
                return JSONResponse({"ok": True, "result": BOT})
            case "getWebhookInfo":
                return JSONResponse({"ok": True, "result": self.webhook})
            case "sendMessage":
                message = await body_of(request)
                return await self._take(message, problem(message))
            case "sendPhoto":
                form = await form_of(request)
                message = {**form.fields, "photo": form.files["photo"][2]}
                if "reply_parameters" in message:
                    message["reply_parameters"] = json.loads(message["reply_parameters"])
                return await self._take(message, photo_problem(form))
        return refusal(404, "Not Found: method not found")

    async def _take(self, message: dict[str, Any], error: str | None) -> Response:
        fault = await self.faults(message["chat_id"], picture="photo" in message)
        if fault is not None:
            return fault
        if error:
            self.errors.append(error)
            return refusal(400, error)
        kept = {**message, "message_id": next(numbers)}
        self.messages.append(kept)
        return JSONResponse({"ok": True, "result": {"message_id": kept["message_id"]}})

    def sent(self, chat: int) -> list[dict[str, Any]]:
        """The messages of a chat."""
        return [message for message in list(self.messages) if message["chat_id"] == str(chat)]

    def wait(self, chat: int, count: int) -> list[dict[str, Any]]:
        """The messages of a chat once there are so many."""
        until(lambda: len(self.sent(chat)) >= count, what=str(self.sent(chat)))
        return self.sent(chat)


def said(chat: int, text: str, *, user: int = 7, kind: str = "private", **more: Any) -> dict[str, Any]:
    """An update with a message."""
    message = {
        "message_id": next(numbers),
        "from": {"id": user, "is_bot": False, "first_name": "U", "language_code": "zh-hans"},
        "chat": {"id": chat, "type": kind},
        "date": int(time.time()),
        "text": text,
        **more,
    }
    return {"update_id": next(numbers), "message": message}


def mention(text: str) -> list[dict[str, Any]]:
    """The entity of the bot's name in a text."""
    name = f"@{BOT['username']}"
    offset = len(text[: text.index(name)].encode("utf-16-le")) // 2
    return [{"type": "mention", "offset": offset, "length": len(name)}]


def pressed(message: Mapping[str, Any], title: str, *, user: int = 7, kind: str = "private") -> dict[str, Any]:
    """An update with a button of a message, pressed."""
    keyboard = message["reply_markup"]["inline_keyboard"]
    (data,) = [button["callback_data"] for row in keyboard for button in row if button["text"] == title]
    place = {"message_id": message["message_id"], "chat": {"id": int(message["chat_id"]), "type": kind}}
    number = next(numbers)
    query = {"id": f"q{number}", "from": {"id": user, "is_bot": False}, "message": place, "data": data}
    return {"update_id": number, "callback_query": query}


def deliver(url: str, update: Mapping[str, Any] | bytes, secret: str | None = SECRET) -> httpx.Response:
    """Deliver as Telegram does."""
    headers = {"X-Telegram-Bot-Api-Secret-Token": secret} if secret else {}
    address = f"{url}/webhooks/telegram/webhook"
    if isinstance(update, bytes):
        return httpx.post(address, content=update, headers=headers, timeout=5)
    return httpx.post(address, json=dict(update), headers=headers, timeout=5)
