"""Feishu: its interface with the limits of its documentation, and events that its own SDK takes."""

from __future__ import annotations

import base64
import hashlib
import itertools
import json
import secrets
import time
from collections.abc import Mapping
from typing import Any

import httpx
from cryptography.hazmat.primitives import padding
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.channels.standins.serving import Faults, body_of, form_of, png_size, until

APP, SECRET, KEY, TOKEN = "cli_stand_in", "an-app-secret", "an-encrypt-key", "a-verification-token"
BOT = "ou_bot"
numbers = itertools.count(1)


def problem(body: Mapping[str, Any]) -> tuple[int, str] | None:
    """The code with which Feishu refuses a message; None if it takes it."""
    if not 1 <= len(body.get("uuid") or "x") <= 50:
        return 230001, "uuid"
    content = json.loads(body["content"])
    if body["msg_type"] == "text":
        return None if 0 < len(body["content"].encode()) <= 150 * 1024 and content["text"] else (230025, "length")
    if body["msg_type"] == "image":
        return None if set(content) == {"image_key"} else (230001, "image")
    if len(body["content"].encode()) > 30 * 1024:
        return 230025, "the length of the message content reaches its limit"
    for element in content["elements"]:
        if element["tag"] == "div" and not element["text"]["content"]:
            return 230099, "empty text"
        if element["tag"] == "action" and not all(b["text"]["content"] and b["value"] for b in element["actions"]):
            return 230099, "button"
    return None


class FeishuStandIn:
    """An organisation with one application."""

    def __init__(self) -> None:
        self.messages: list[dict[str, Any]] = []
        self.errors: list[str] = []
        self.tokens: set[str] = set()
        self.uuids: set[str] = set()
        self.images: dict[str, tuple[int, int]] = {}
        self.scopes = {
            "im:message.p2p_msg:readonly": 1,
            "im:message.group_at_msg:readonly": 1,
            "im:message:send_as_bot": 1,
            "im:resource": 1,
        }
        self.faults = Faults()
        self.lose_answers = 0
        self.app = Starlette(
            routes=[
                Route("/open-apis/auth/v3/tenant_access_token/internal", self._token, methods=["POST"]),
                Route("/open-apis/bot/v3/info", self._info, methods=["GET"]),
                Route("/open-apis/application/v6/scopes", self._scopes, methods=["GET"]),
                Route("/open-apis/im/v1/messages", self._create, methods=["POST"]),
                Route("/open-apis/im/v1/images", self._upload, methods=["POST"]),
                Route("/open-apis/im/v1/messages/{message}/reply", self._reply, methods=["POST"]),
            ]
        )

    def settings(self, url: str) -> dict[str, str]:
        """The variables that connect the assistant."""
        return {
            "FEISHU_APP_ID": APP,
            "FEISHU_APP_SECRET": SECRET,
            "FEISHU_ENCRYPT_KEY": KEY,
            "FEISHU_VERIFICATION_TOKEN": TOKEN,
            "FEISHU_API_URL": url,
        }

    async def _token(self, request: Request) -> Response:
        asked = await body_of(request)
        if (asked.get("app_id"), asked.get("app_secret")) != (APP, SECRET):
            return JSONResponse({"code": 10014, "msg": "app secret invalid"})
        token = f"t-{secrets.token_hex(8)}"
        self.tokens.add(token)
        return JSONResponse({"code": 0, "msg": "ok", "tenant_access_token": token, "expire": 7200})

    def _denied(self, request: Request) -> Response | None:
        if request.headers.get("authorization", "").removeprefix("Bearer ") not in self.tokens:
            return JSONResponse({"code": 99991663, "msg": "Invalid access token"}, 400)
        return None

    async def _info(self, request: Request) -> Response:
        return self._denied(request) or JSONResponse({"code": 0, "bot": {"open_id": BOT, "app_name": "CRLM"}})

    async def _scopes(self, request: Request) -> Response:
        given = [{"scope_name": name, "grant_status": status} for name, status in self.scopes.items()]
        return self._denied(request) or JSONResponse({"code": 0, "msg": "success", "data": {"scopes": given}})

    async def _upload(self, request: Request) -> Response:
        denied = self._denied(request) or await self.faults(None, picture=True)
        if denied is not None:
            return denied
        if self.scopes.get("im:resource") != 1:
            return JSONResponse({"code": 99991672, "msg": "Access denied. required: im:resource"}, 400)
        form = await form_of(request)
        _, _, content = form.files["image"]
        if form.fields != {"image_type": "message"} or not 0 < len(content) <= 10 * 1024 * 1024:
            return JSONResponse({"code": 234001, "msg": "Invalid request param."}, 400)
        key = f"img_v3_{next(numbers)}"
        self.images[key] = png_size(content)
        return JSONResponse({"code": 0, "msg": "success", "data": {"image_key": key}})

    async def _create(self, request: Request) -> Response:
        body = await body_of(request)
        if request.query_params.get("receive_id_type") != "chat_id":
            return JSONResponse({"code": 99992402, "msg": "field validation failed"}, 400)
        return await self._take(request, body, body["receive_id"], None)

    async def _reply(self, request: Request) -> Response:
        body = await body_of(request)
        return await self._take(request, body, None, request.path_params["message"])

    async def _take(self, request: Request, body: dict[str, Any], chat: str | None, to: str | None) -> Response:
        denied = self._denied(request) or await self.faults(chat or to)
        if denied is not None:
            return denied
        error = problem(body)
        if not error and body["msg_type"] == "image" and json.loads(body["content"])["image_key"] not in self.images:
            error = (230055, "the image does not exist")
        if error:
            self.errors.append(error[1])
            return JSONResponse({"code": error[0], "msg": error[1]}, 400)
        if body["uuid"] not in self.uuids:
            self.uuids.add(body["uuid"])
            content = json.loads(body["content"])
            self.messages.append({**body, "content": content, "chat": chat, "to": to, "id": f"om_out{next(numbers)}"})
        if self.lose_answers:
            self.lose_answers -= 1
            return Response("gateway", 502)
        return JSONResponse({"code": 0, "msg": "success", "data": {}})

    def sent(self, place: str) -> list[dict[str, Any]]:
        """The messages to a chat, or in answer to a message."""
        return [message for message in list(self.messages) if place in (message["chat"], message["to"])]

    def texts(self, place: str) -> str:
        """What can be read there."""
        return "\n".join(text_of(message) for message in self.sent(place))

    def card(self, place: str) -> dict[str, Any]:
        """The newest card there, once there is one."""
        cards = until(lambda: [m for m in self.sent(place) if m["msg_type"] == "interactive"])
        found: dict[str, Any] = cards[-1]
        return found


def text_of(message: Mapping[str, Any]) -> str:
    """What a message says."""
    content = message["content"]
    if message["msg_type"] == "image":
        return "(image)"
    return str(content["text"] if message["msg_type"] == "text" else content["elements"][0]["text"]["content"])


def titles(message: Mapping[str, Any]) -> list[str]:
    """What its buttons say."""
    return [button["text"]["content"] for button in message["content"]["elements"][1]["actions"]]


def event(kind: str, content: dict[str, Any], **header: str) -> dict[str, Any]:
    """An event of schema 2.0."""
    head = {
        "event_id": secrets.token_hex(8),
        "event_type": kind,
        "create_time": str(int(time.time() * 1_000_000)),
        "token": TOKEN,
        "app_id": APP,
        "tenant_key": "tenant",
    }
    return {"schema": "2.0", "header": {**head, **header}, "event": content}


def said(
    chat: str, text: str, *, who: str = "ou_1", kind: str = "p2p", mention: str = "", **more: Any
) -> dict[str, Any]:
    """A message."""
    mentions = [{"key": "@_user_1", "id": {"open_id": mention}, "name": "CRLM"}] if mention else []
    message = {
        "message_id": f"om_{next(numbers)}",
        "create_time": str(int(time.time() * 1000)),
        "chat_id": chat,
        "chat_type": kind,
        "message_type": "text",
        "content": json.dumps({"text": text}),
        "mentions": mentions,
        **more,
    }
    sender = {"sender_id": {"open_id": who}, "sender_type": "user", "tenant_key": "tenant"}
    return event("im.message.receive_v1", {"sender": sender, "message": message})


def pressed(message: Mapping[str, Any], title: str, *, who: str = "ou_1", chat: str = "") -> dict[str, Any]:
    """A button of a card, pressed."""
    actions = message["content"]["elements"][1]["actions"]
    (value,) = [button["value"] for button in actions if button["text"]["content"] == title]
    context = {"open_message_id": message["id"], "open_chat_id": message["chat"] or chat}
    content = {"operator": {"open_id": who}, "token": "c-1", "action": {"value": value, "tag": "button"}}
    return event("card.action.trigger", {**content, "context": context})


def sealed(data: Mapping[str, Any], key: str = KEY) -> bytes:
    """An event, encrypted as the documentation says."""
    padder = padding.PKCS7(128).padder()
    padded = padder.update(json.dumps(data, ensure_ascii=False).encode()) + padder.finalize()
    start = secrets.token_bytes(16)
    cipher = Cipher(algorithms.AES(hashlib.sha256(key.encode()).digest()), modes.CBC(start)).encryptor()
    encrypted = start + cipher.update(padded) + cipher.finalize()
    return json.dumps({"encrypt": base64.b64encode(encrypted).decode()}).encode()


def signed(body: bytes, key: str = KEY, at: float | None = None) -> dict[str, str]:
    """The headers of an event."""
    timestamp, nonce = str(int(at or time.time())), secrets.token_hex(4)
    signature = hashlib.sha256(f"{timestamp}{nonce}{key}".encode() + body).hexdigest()
    return {
        "X-Lark-Request-Timestamp": timestamp,
        "X-Lark-Request-Nonce": nonce,
        "X-Lark-Signature": signature,
        "Content-Type": "application/json",
    }


def deliver(url: str, data: Mapping[str, Any], **headers: Any) -> httpx.Response:
    """Deliver as Feishu does; an acknowledgement that takes three seconds is a failure."""
    body = sealed(data)
    return httpx.post(f"{url}/webhooks/feishu/webhook", content=body, headers=signed(body, **headers), timeout=3)
