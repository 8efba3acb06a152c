"""DingTalk's Stream mode: a connection that this server opens, so nothing of it has to be reachable from outside.

The SDK for it needs a newer `websockets` than Rasa allows. The protocol is small: a ticket by HTTP, then frames of
JSON over a WebSocket, each of which is acknowledged.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import quote, urlsplit

import aiohttp

from bot.channels.model import Json, TryLaterError

logger = logging.getLogger(__name__)

TOPIC = "/v1.0/im/bot/messages/get"
_HEARTBEAT = 30.0


async def listen(opened: Json, handle: Callable[[Json], Awaitable[None]]) -> None:
    """Handles messages until the connection ends.

    Args:
        opened: what DingTalk answered when a connection was asked for: an endpoint and a ticket.
        handle: keeps a message; a frame is acknowledged once it has returned, and comes again if it failed.

    Raises:
        TryLaterError: the connection cannot be had.
    """
    endpoint = str(opened["endpoint"])
    parts = urlsplit(endpoint)
    if parts.scheme != "wss" and parts.hostname not in ("127.0.0.1", "localhost"):
        raise TryLaterError("the endpoint is not encrypted")
    address = f"{endpoint}?ticket={quote(str(opened['ticket']), safe='')}"
    timeout = aiohttp.ClientTimeout(total=None, connect=10)
    try:
        async with (
            aiohttp.ClientSession(timeout=timeout, trust_env=True) as session,
            session.ws_connect(address, heartbeat=_HEARTBEAT, max_msg_size=1_000_000) as socket,
        ):
            async for message in socket:
                if message.type == aiohttp.WSMsgType.TEXT and not await _frame(message.data, handle, socket):
                    return
    except aiohttp.ClientError as error:
        # the message of an error names the address, and with it the ticket
        raise TryLaterError(f"no connection ({type(error).__name__})") from None


async def _frame(text: str, handle: Callable[[Json], Awaitable[None]], socket: Any) -> bool:
    """Handles a frame; False if the connection is to be made anew."""
    try:
        frame = json.loads(text)
        headers, data = frame["headers"], json.loads(frame.get("data") or "{}")
        topic, message = headers["topic"], headers["messageId"]
    except (ValueError, KeyError, TypeError) as error:
        logger.warning("dingtalk: a frame cannot be read: %s", type(error).__name__)
        return True
    if topic == "disconnect":
        return False
    answer: Any = data if topic == "ping" else {"response": None}
    if frame["type"] == "CALLBACK" and topic == TOPIC:
        await handle(data)
    acknowledgement = {
        "code": 200,
        "headers": {"contentType": "application/json", "messageId": message},
        "message": "OK",
        "data": json.dumps(answer),
    }
    await socket.send_str(json.dumps(acknowledgement))
    return True
