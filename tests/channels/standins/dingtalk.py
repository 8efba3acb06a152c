"""DingTalk: its Stream gateway and the robot's interface, with the limits of the documentation."""

from __future__ import annotations

import asyncio
import itertools
import json
import secrets
import time
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from tests.channels.standins.serving import Faults, body_of, form_of, png_size, until

ID, SECRET = "dingstandin", "a-client-secret"
TOPIC = "/v1.0/im/bot/messages/get"
numbers = itertools.count(1)


def problem(body: dict[str, Any]) -> str | None:
    """Why DingTalk refuses a message; None if it takes it."""
    values = json.loads(body["msgParam"])
    if not all(isinstance(value, str) and value for value in values.values()):
        return "every value is a text"
    kind = body["msgKey"]
    if kind == "sampleText":
        return None if set(values) == {"content"} and len(values["content"].encode()) <= 20_000 else "content"
    if kind == "sampleImageMsg":
        return None if set(values) == {"photoURL"} else "image"
    if kind == "sampleActionCard":
        return None if set(values) == {"title", "text", "singleTitle", "singleURL"} else "single card"
    count = int(kind.removeprefix("sampleActionCard"))
    wanted = {"title", "text"} | {f"action{part}{n}" for part in ("Title", "URL") for n in range(1, count + 1)}
    return None if 2 <= count <= 5 and set(values) == wanted else "card"


def place_of(body: dict[str, Any]) -> str:
    """The group or the person that a message is for."""
    return str(body.get("openConversationId") or body["userIds"][0])


class DingTalkStandIn:
    """An organisation with one robot. Frames that are not acknowledged come again."""

    def __init__(self) -> None:
        self.url = ""
        self.messages: list[dict[str, Any]] = []
        self.errors: list[str] = []
        self.acknowledged: list[str] = []
        self.tickets: set[str] = set()
        self.tokens: set[str] = set()
        self.faults = Faults()
        self.connections = 0
        self.media: dict[str, tuple[int, int]] = {}
        self.opened = Faults()
        self._sockets: list[tuple[WebSocket, asyncio.AbstractEventLoop]] = []
        self.app = Starlette(
            routes=[
                Route("/v1.0/gateway/connections/open", self._open, methods=["POST"]),
                Route("/v1.0/oauth2/accessToken", self._token, methods=["POST"]),
                Route("/v1.0/robot/oToMessages/batchSend", self._send, methods=["POST"]),
                Route("/v1.0/robot/groupMessages/send", self._send, methods=["POST"]),
                Route("/media/upload", self._upload, methods=["POST"]),
                WebSocketRoute("/connect", self._connect),
            ]
        )

    def settings(self, url: str) -> dict[str, str]:
        """The variables that connect the assistant."""
        self.url = url
        keys = {"DINGTALK_CLIENT_ID": ID, "DINGTALK_CLIENT_SECRET": SECRET}
        return {**keys, "DINGTALK_API_URL": url, "DINGTALK_MEDIA_URL": url}

    async def _open(self, request: Request) -> Response:
        asked = await body_of(request)
        fault = await self.opened(None)
        if fault is not None:
            return fault
        wanted = [{"type": "CALLBACK", "topic": TOPIC}]
        if (asked["clientId"], asked["clientSecret"]) != (ID, SECRET) or asked["subscriptions"] != wanted:
            return JSONResponse({"code": "authFailed", "message": "鉴权失败"}, 401)
        ticket = f"{secrets.token_hex(8)}+/="
        self.tickets.add(ticket)
        return JSONResponse({"endpoint": f"{self.url.replace('http', 'ws')}/connect", "ticket": ticket})

    async def _connect(self, socket: WebSocket) -> None:
        ticket = socket.query_params.get("ticket", "")
        if ticket not in self.tickets:
            await socket.close(4401)
            return
        self.tickets.discard(ticket)
        await socket.accept()
        self.connections += 1
        entry = (socket, asyncio.get_running_loop())
        self._sockets.append(entry)
        try:
            while True:
                answer = json.loads(await socket.receive_text())
                assert answer["code"] == 200
                json.loads(answer["data"])
                self.acknowledged.append(answer["headers"]["messageId"])
        except (WebSocketDisconnect, RuntimeError):
            pass
        finally:
            self._sockets.remove(entry)

    async def _token(self, request: Request) -> Response:
        asked = await body_of(request)
        if (asked.get("appKey"), asked.get("appSecret")) != (ID, SECRET):
            return JSONResponse({"code": "invalidClientIdOrSecret", "message": "无效的clientId或者clientSecret"}, 400)
        token = secrets.token_hex(8)
        self.tokens.add(token)
        return JSONResponse({"accessToken": token, "expireIn": 7200})

    async def _upload(self, request: Request) -> Response:
        """The older interface: the token stands in the address, errors in a body with status 200."""
        if request.query_params.get("access_token") not in self.tokens:
            return JSONResponse({"errcode": 40014, "errmsg": "不合法的access_token"})
        fault = await self.faults(None, picture=True)
        if fault is not None:
            return fault
        _, kind, content = (await form_of(request)).files["media"]
        if request.query_params.get("type") != "image" or kind != "image/png" or len(content) > 20 * 1024 * 1024:
            return JSONResponse({"errcode": 40004, "errmsg": "不合法的媒体文件类型"})
        media = f"@lAD{next(numbers)}"
        self.media[media] = png_size(content)
        return JSONResponse({"errcode": 0, "errmsg": "ok", "media_id": media, "type": "image", "created_at": 1})

    async def _send(self, request: Request) -> Response:
        if request.headers.get("x-acs-dingtalk-access-token") not in self.tokens:
            return JSONResponse({"code": "InvalidAuthentication", "message": "不合法的access_token"}, 401)
        body = await body_of(request)
        fault = await self.faults(place_of(body))
        if fault is not None:
            return fault
        error = problem(body) or (None if body["robotCode"] == ID else "robotCode")
        if (
            not error
            and body["msgKey"] == "sampleImageMsg"
            and json.loads(body["msgParam"])["photoURL"] not in self.media
        ):
            error = "photoURL"
        if error:
            self.errors.append(error)
            return JSONResponse({"code": "invalidParameter", "message": error}, 400)
        self.messages.append({"place": place_of(body), "kind": body["msgKey"], **json.loads(body["msgParam"])})
        return JSONResponse({"processQueryKey": "q", "invalidStaffIdList": [], "flowControlledStaffIdList": []})

    def push(self, frame: dict[str, Any] | str, seconds: float = 10) -> None:
        """Send a frame over the newest connection and wait until it is acknowledged."""
        until(lambda: self._sockets, seconds)
        socket, loop = self._sockets[-1]
        text = frame if isinstance(frame, str) else json.dumps(frame, ensure_ascii=False)
        asyncio.run_coroutine_threadsafe(socket.send_text(text), loop).result(seconds)
        if isinstance(frame, dict) and frame["headers"]["topic"] != "disconnect":
            until(lambda: frame["headers"]["messageId"] in self.acknowledged, seconds)

    def sent(self, place: str) -> list[dict[str, Any]]:
        """The messages to a person or a group."""
        return [message for message in list(self.messages) if message["place"] == place]

    def texts(self, place: str) -> str:
        """What can be read there."""
        return "\n".join(m["content"] for m in self.sent(place) if m["kind"] == "sampleText")

    def card(self, place: str) -> dict[str, Any]:
        """The newest card, once there is one."""
        found: dict[str, Any] = until(lambda: [m for m in self.sent(place) if "Card" in m["kind"]])[-1]
        return found


def frame(data: dict[str, Any], topic: str = TOPIC, kind: str = "CALLBACK") -> dict[str, Any]:
    """A frame as the gateway sends it."""
    headers = {"topic": topic, "messageId": f"f{next(numbers)}", "contentType": "application/json", "time": "1"}
    return {"specVersion": "1.0", "type": kind, "headers": headers, "data": json.dumps(data, ensure_ascii=False)}


def said(staff: str | None, text: str, *, group: str | None = None, **more: Any) -> dict[str, Any]:
    """A message to the robot."""
    data = {
        "conversationId": group or f"cid-{staff}",
        "conversationType": "2" if group else "1",
        "chatbotCorpId": "corp",
        "msgId": f"msg{next(numbers)}",
        "senderId": f"$:{staff}",
        "senderStaffId": staff,
        "createAt": int(time.time() * 1000),
        "robotCode": ID,
        "msgtype": "text",
        "text": {"content": f" {text}"},
        **more,
    }
    return frame(data)


def words_of(card: dict[str, Any], title: str) -> str:
    """What a button says in the user's name."""
    (number,) = [key.removeprefix("actionTitle") for key, value in card.items() if value == title]
    link = urlsplit(card[f"actionURL{number}"])
    assert (link.scheme, link.netloc, link.path) == ("dtmd", "dingtalkclient", "/sendMessage")
    return unquote(parse_qs(link.query)["content"][0])
