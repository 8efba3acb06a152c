"""Slack: the Web API with the limits of its documentation, and deliveries signed by its own SDK."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import httpx
from slack_sdk.signature import SignatureVerifier
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.channels.standins.serving import Faults, body_of, png_size, until

TOKEN = "xoxb-1-stand-in"
SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
BOT = "U0BOT"


def problem(message: Mapping[str, Any]) -> str | None:
    """The error that Slack answers a message with; None if it takes it."""
    if len(message.get("text") or "") > 40_000:
        return "msg_too_long"
    blocks = message.get("blocks") or []
    if not message.get("text") and not blocks:
        return "no_text"
    if len(blocks) > 50 or any(_wrong(block) for block in blocks):
        return "invalid_blocks"
    return None


def _wrong(block: Mapping[str, Any]) -> bool:
    if block["type"] == "section":
        return not 1 <= len(block["text"]["text"]) <= 3000 or block["text"]["type"] not in ("mrkdwn", "plain_text")
    if block["type"] != "actions" or not 1 <= len(block["elements"]) <= 25:
        return True
    ids = [element["action_id"] for element in block["elements"]]
    return len(ids) != len(set(ids)) or any(
        element["text"]["type"] != "plain_text"
        or not 1 <= len(element["text"]["text"]) <= 75
        or len(element["value"]) > 2000
        or len(element["action_id"]) > 255
        for element in block["elements"]
    )


class SlackStandIn:
    """A workspace with one app."""

    def __init__(self) -> None:
        self.messages: list[dict[str, Any]] = []
        self.errors: list[str] = []
        self.faults = Faults()
        self.scopes = "chat:write,app_mentions:read,im:history,files:write"
        self.url = ""
        self.files: dict[str, dict[str, Any]] = {}
        self.app = Starlette(
            routes=[
                Route("/api/chat.postMessage", self._post, methods=["POST"]),
                Route("/api/auth.test", self._test, methods=["POST"]),
                Route("/api/files.getUploadURLExternal", self._begin, methods=["POST"]),
                Route("/upload/v1/{file}", self._upload, methods=["POST"]),
                Route("/api/files.completeUploadExternal", self._complete, methods=["POST"]),
            ]
        )

    def settings(self, url: str) -> dict[str, str]:
        """The variables that connect the assistant."""
        self.url = url
        return {"SLACK_BOT_TOKEN": TOKEN, "SLACK_SIGNING_SECRET": SECRET, "SLACK_API_URL": f"{url}/api"}

    def _denied(self, request: Request, scope: str) -> Response | None:
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            return JSONResponse({"ok": False, "error": "invalid_auth"})
        if scope not in self.scopes.split(","):
            return JSONResponse({"ok": False, "error": "missing_scope", "needed": scope})
        return None

    async def _begin(self, request: Request) -> Response:
        """Files are announced before they are uploaded, in a form and not as JSON."""
        asked = request.query_params
        denied = self._denied(request, "files:write") or await self.faults(None, picture=True)
        if denied is not None:
            return denied
        if not asked.get("filename") or int(asked.get("length", "0")) < 1:
            return JSONResponse({"ok": False, "error": "missing_argument"})
        if len(asked.get("alt_txt", "")) > 1000:
            self.errors.append("alt_txt_too_large")
            return JSONResponse({"ok": False, "error": "alt_txt_too_large"})
        file = f"F{len(self.files)}"
        self.files[file] = {"length": int(asked["length"]), "alt": asked.get("alt_txt")}
        return JSONResponse({"ok": True, "file_id": file, "upload_url": f"{self.url}/upload/v1/{file}"})

    async def _upload(self, request: Request) -> Response:
        file, content = self.files[request.path_params["file"]], await request.body()
        if len(content) != file["length"]:
            self.errors.append("length")
            return Response("length", 400)
        file["size"] = png_size(content)
        return Response(f"OK - {len(content)}")

    async def _complete(self, request: Request) -> Response:
        asked = request.query_params
        denied = self._denied(request, "files:write")
        if denied is not None:
            return denied
        ((file, title),) = [(entry["id"], entry["title"]) for entry in json.loads(asked["files"])]
        if "size" not in self.files.get(file, {}):
            self.errors.append("file_not_found")
            return JSONResponse({"ok": False, "error": "file_not_found"})
        message = {"channel": asked["channel_id"], "ts": f"{time.time():.6f}", "title": title, **self.files[file]}
        self.messages.append({**message, **({"thread_ts": asked["thread_ts"]} if "thread_ts" in asked else {})})
        return JSONResponse({"ok": True, "files": [{"id": file, "title": title}]})

    async def _post(self, request: Request) -> Response:
        denied = self._denied(request, "chat:write")
        if denied is not None:
            return denied
        message = await body_of(request)
        fault = await self.faults(message["channel"])
        if fault is not None:
            return fault
        error = problem(message)
        if error:
            self.errors.append(error)
            return JSONResponse({"ok": False, "error": error})
        ts = f"{time.time():.6f}"
        self.messages.append({**message, "ts": ts})
        return JSONResponse({"ok": True, "ts": ts, "channel": message["channel"]})

    async def _test(self, request: Request) -> Response:
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            return JSONResponse({"ok": False, "error": "invalid_auth"})
        return JSONResponse({"ok": True, "user_id": BOT}, headers={"x-oauth-scopes": self.scopes})

    def posted(self, channel: str, thread: str | None = None) -> list[dict[str, Any]]:
        """The messages of a channel."""
        return [m for m in list(self.messages) if m["channel"] == channel and m.get("thread_ts") == thread]

    def wait(self, channel: str, count: int, thread: str | None = None) -> list[dict[str, Any]]:
        """The messages of a channel once there are so many."""
        until(lambda: len(self.posted(channel, thread)) >= count, what=str(self.posted(channel, thread)))
        return self.posted(channel, thread)


def event(kind: str, channel: str, text: str, **more: Any) -> dict[str, Any]:
    """An event as Slack delivers it."""
    at = f"{time.time():.6f}"
    said = {"type": kind, "user": "U1", "text": text, "ts": at, "channel": channel, "event_ts": at}
    if kind == "message":
        said["channel_type"] = "im"
    return {
        "token": "unused",
        "team_id": "T1",
        "api_app_id": "A1",
        "event": {**said, **more},
        "type": "event_callback",
        "event_id": f"Ev{at}",
        "authorizations": [{"team_id": "T1", "user_id": BOT, "is_bot": True}],
    }


def pressed(message: Mapping[str, Any], title: str, user: str = "U1") -> dict[str, Any]:
    """A button of a message, pressed."""
    elements = [e for block in message["blocks"] if block["type"] == "actions" for e in block["elements"]]
    (element,) = [element for element in elements if element["text"]["text"] == title]
    return {
        "type": "block_actions",
        "user": {"id": user},
        "team": {"id": "T1"},
        "channel": {"id": message["channel"]},
        "message": {"ts": message["ts"], **({"thread_ts": message["thread_ts"]} if "thread_ts" in message else {})},
        "actions": [{**element, "action_ts": f"{time.time():.6f}"}],
    }


def deliver(url: str, data: Mapping[str, Any], *, at: float | None = None, secret: str = SECRET) -> httpx.Response:
    """Deliver as Slack does; an acknowledgement that takes three seconds is a failure."""
    form = data["type"] == "block_actions"
    body = urlencode({"payload": json.dumps(data)}) if form else json.dumps(data, ensure_ascii=False)
    timestamp = str(int(at or time.time()))
    signature = SignatureVerifier(secret).generate_signature(timestamp=timestamp, body=body)
    return post(
        url,
        body.encode(),
        {
            "content-type": "application/x-www-form-urlencoded" if form else "application/json",
            "x-slack-request-timestamp": timestamp,
            "x-slack-signature": signature or "",
        },
    )


def post(url: str, body: bytes, headers: Mapping[str, str | bytes]) -> httpx.Response:
    """Post to the address that is registered for events and buttons."""
    return httpx.post(f"{url}/webhooks/slack/webhook", content=body, headers=list(headers.items()), timeout=3)
