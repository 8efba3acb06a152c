"""The other side of the signed webhook: checks signatures as the specification says, and remembers ids."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import time
from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.channels.standins.serving import Faults, until

SECRET = "whsec_" + base64.b64encode(b"0123456789abcdef0123456789abcdef").decode()


def signature(secret: str, message: str, timestamp: int, body: bytes) -> str:
    """Written from the specification, apart from the code that is tested."""
    key = base64.b64decode(secret.split("_", 1)[1])
    signed = b".".join([message.encode(), str(timestamp).encode(), body])
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


class Receiver:
    """Takes answers; each id once."""

    def __init__(self) -> None:
        self.messages: list[dict[str, Any]] = []
        self.seen: dict[str, int] = {}
        self.refused: list[str] = []
        self.faults = Faults()
        self.app = Starlette(routes=[Route("/answers", self._take, methods=["POST"])])

    async def _take(self, request: Request) -> Response:
        body = await request.body()
        headers = request.headers
        expected = signature(SECRET, headers["webhook-id"], int(headers["webhook-timestamp"]), body)
        if expected != headers["webhook-signature"] or abs(time.time() - int(headers["webhook-timestamp"])) > 300:
            self.refused.append(headers["webhook-id"])
            return Response(status_code=401)
        message = headers["webhook-id"]
        self.seen[message] = self.seen.get(message, 0) + 1
        said = json.loads(body)
        fault = await self.faults(said["conversation"], picture="picture" in said)
        if fault is not None:
            return fault
        if self.seen[message] == 1 or not any(known["id"] == message for known in self.messages):
            self.messages.append({"id": message, **said})
        return JSONResponse({})

    def texts(self, conversation: str) -> list[str]:
        """What was said in a conversation."""
        return [message["text"] for message in list(self.messages) if message["conversation"] == conversation]

    def wait(self, conversation: str, count: int = 1, seconds: float = 20) -> list[dict[str, Any]]:
        """The messages of a conversation once there are so many."""
        until(lambda: len(self.texts(conversation)) >= count, seconds, f"{self.texts(conversation)}")
        return [message for message in self.messages if message["conversation"] == conversation]


def post(
    url: str, conversation: str, text: str, *, message: str | None = None, at: float | None = None, **more: Any
) -> httpx.Response:
    """Deliver a message as another system would."""
    body = json.dumps({"conversation": conversation, "text": text, **more}, ensure_ascii=False).encode()
    return deliver(url, body, message=message, at=at)


def deliver(
    url: str, body: bytes, *, message: str | None = None, at: float | None = None, secret: str = SECRET
) -> httpx.Response:
    """Deliver bytes with a right signature."""
    message = message or f"msg_{secrets.token_hex(8)}"
    timestamp = int(at or time.time())
    headers = {
        "webhook-id": message,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": f"v1a,ignored {signature(secret, message, timestamp, body)}",
        "content-type": "application/json",
    }
    return httpx.post(f"{url}/webhooks/generic/webhook", content=body, headers=headers, timeout=10)
