"""WeCom: its interface with the limits of its documentation, and callbacks sealed by an SDK."""

from __future__ import annotations

import itertools
import re
import secrets
import time
from collections.abc import Mapping
from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.channels.standins.sdk import Sdk
from tests.channels.standins.serving import Faults, body_of, form_of, png_size, until

CORP = "wx5823bf96d3bd56c7"
AGENT = 218
SECRET = "a-secret-of-the-application"
TOKEN = "QDG6eK"
KEY = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"
numbers = itertools.count(4_561_255_354_251_345_929)


def problem(message: Mapping[str, Any]) -> str | None:
    """What WeCom does not show of a message as it is; None if it shows all."""
    if message["msgtype"] == "text":
        content = message["text"]["content"]
        return None if 1 <= len(content.encode()) <= 2048 else "text is empty or would be cut"
    if message["msgtype"] == "image":
        return None if set(message["image"]) == {"media_id"} else "image"
    card = message["template_card"]
    buttons = card["button_list"]
    if card["card_type"] != "button_interaction" or not (card.get("main_title") or {}).get("title"):
        return "card without a title"
    if len(card["main_title"]["title"]) > 36 or len(card.get("sub_title_text", "")) > 112:
        return "card title too long"
    if not re.fullmatch(r"[0-9A-Za-z_\-@]{1,128}", card["task_id"]):
        return "task_id is not valid"
    if not 1 <= len(buttons) <= 6 or any(not b["text"] or len(b["key"].encode()) > 1024 for b in buttons):
        return "button_list is not valid"
    return None


class WeComStandIn:
    """An organisation with one application."""

    def __init__(self) -> None:
        self.messages: list[dict[str, Any]] = []
        self.errors: list[str] = []
        self.tokens: dict[str, float] = {}
        self.tasks: set[str] = set()
        self.media: dict[str, tuple[int, int]] = {}
        self.faults = Faults()
        self.app = Starlette(
            routes=[
                Route("/cgi-bin/gettoken", self._token, methods=["GET"]),
                Route("/cgi-bin/agent/get", self._agent, methods=["GET"]),
                Route("/cgi-bin/message/send", self._send, methods=["POST"]),
                Route("/cgi-bin/media/upload", self._upload, methods=["POST"]),
            ]
        )

    def settings(self, url: str) -> dict[str, str]:
        """The variables that connect the assistant."""
        return {
            "WECOM_CORP_ID": CORP,
            "WECOM_AGENT_ID": str(AGENT),
            "WECOM_SECRET": SECRET,
            "WECOM_TOKEN": TOKEN,
            "WECOM_ENCODING_AES_KEY": KEY,
            "WECOM_API_URL": url,
        }

    async def _token(self, request: Request) -> Response:
        query = request.query_params
        if query.get("corpid") != CORP or query.get("corpsecret") != SECRET:
            return JSONResponse({"errcode": 40001, "errmsg": "invalid credential"})
        token = secrets.token_hex(8)
        self.tokens[token] = time.monotonic() + 7200
        return JSONResponse({"errcode": 0, "errmsg": "ok", "access_token": token, "expires_in": 7200})

    def _refused(self, request: Request) -> Response | None:
        if self.tokens.get(request.query_params.get("access_token", ""), 0) < time.monotonic():
            return JSONResponse({"errcode": 42001, "errmsg": "access_token expired"})
        return None

    async def _agent(self, request: Request) -> Response:
        if request.query_params.get("agentid") != str(AGENT):
            return self._refused(request) or JSONResponse({"errcode": 301002, "errmsg": "not allow operate agent"})
        return self._refused(request) or JSONResponse({"errcode": 0, "agentid": AGENT})

    async def _upload(self, request: Request) -> Response:
        refused = self._refused(request) or await self.faults(None, picture=True)
        if refused is not None:
            return refused
        _, kind, content = (await form_of(request)).files["media"]
        if request.query_params.get("type") != "image" or kind not in ("image/png", "image/jpeg"):
            return JSONResponse({"errcode": 40004, "errmsg": "invalid media type"})
        if not 5 < len(content) <= 10 * 1024 * 1024:
            return JSONResponse({"errcode": 40006, "errmsg": "invalid media size"})
        media = f"media{next(numbers)}"
        self.media[media] = png_size(content)
        return JSONResponse({"errcode": 0, "errmsg": "ok", "type": "image", "media_id": media, "created_at": "1"})

    async def _send(self, request: Request) -> Response:
        refused = self._refused(request)
        if refused:
            return refused
        message = await body_of(request)
        fault = await self.faults(message["touser"])
        if fault is not None:
            return fault
        error = problem(message) or (None if message["agentid"] == AGENT else "agentid")
        task = (message.get("template_card") or {}).get("task_id")
        if not error and task in self.tasks:
            error = "task_id is taken"
        if not error and message["msgtype"] == "image" and message["image"]["media_id"] not in self.media:
            error = "invalid media_id"
        if error:
            self.errors.append(error)
            return JSONResponse({"errcode": 40058, "errmsg": error})
        if task:
            self.tasks.add(task)
        self.messages.append(message)
        return JSONResponse({"errcode": 0, "errmsg": "ok", "msgid": "x"})

    def expire(self) -> None:
        """All access tokens end."""
        self.tokens.clear()

    def sent(self, user: str) -> list[dict[str, Any]]:
        """The messages to a member."""
        return [message for message in list(self.messages) if message["touser"] == user]

    def texts(self, user: str) -> str:
        """What a member has read."""
        return "\n".join(m["text"]["content"] for m in self.sent(user) if m["msgtype"] == "text")

    def card(self, user: str) -> dict[str, Any]:
        """The newest card of a member, once there is one."""

        def last() -> Any:
            return [m["template_card"] for m in self.sent(user) if m["msgtype"] == "template_card"][-1:]

        (card,) = until(last)
        found: dict[str, Any] = card
        return found


def message(user: str, kind: str = "text", **more: str) -> str:
    """A message before it is sealed."""
    fields = {"ToUserName": CORP, "FromUserName": user, "CreateTime": str(int(time.time())), "MsgType": kind}
    fields |= {"MsgId": str(next(numbers)), "AgentID": str(AGENT), **more}
    return "<xml>" + "".join(f"<{name}><![CDATA[{value}]]></{name}>" for name, value in fields.items()) + "</xml>"


def pressed(user: str, card: Mapping[str, Any], title: str) -> str:
    """A button of a card, pressed."""
    (key,) = [button["key"] for button in card["button_list"] if button["text"] == title]
    more = {"Event": "template_card_event", "EventKey": key, "TaskId": card["task_id"], "ResponseCode": "r"}
    return message(user, "event", **more)


def deliver(
    sdk: Sdk, url: str, xml: str, *, at: float | None = None, token: str = TOKEN, corp: str = CORP, cut: int = 0
) -> httpx.Response:
    """Deliver as WeCom does; an acknowledgement that takes five seconds is a failure."""
    timestamp, nonce = str(int(at or time.time())), secrets.token_hex(4)
    body = sdk("wecom_message", token=token, key=KEY, corp=corp, xml=xml, nonce=nonce, timestamp=timestamp)
    signature = re.search(r"<MsgSignature><!\[CDATA\[(\w+)", body)
    sealed = re.search(r"<Encrypt><!\[CDATA\[([^\]]+)", body)
    assert signature
    assert sealed
    posted = f"<xml><ToUserName><![CDATA[{CORP}]]></ToUserName><Encrypt><![CDATA[{sealed[1][cut:]}]]></Encrypt></xml>"
    query = {"msg_signature": signature[1], "timestamp": timestamp, "nonce": nonce}
    return httpx.post(f"{url}/webhooks/wecom/webhook", params=query, content=posted.encode(), timeout=5)
