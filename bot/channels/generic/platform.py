"""The signed webhook: one JSON object a message, in both directions."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError
from starlette.requests import Request

from bot.channels import calling
from bot.channels.generic.signature import sign, verified
from bot.channels.model import Image, Incoming, Json, Message, Pace, Part, Received, RefusedError
from bot.channels.settings import GenericSettings

_Name = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class _Said(BaseModel):
    """What is posted to us."""

    model_config = ConfigDict(extra="forbid")

    conversation: _Name
    text: Annotated[str, StringConstraints(max_length=100_000)] = ""
    choice: Annotated[str, StringConstraints(max_length=64)] | None = None
    group: bool = False


class Generic:
    """See `bot.channels.model.Platform`."""

    name = "generic"
    pace = Pace()
    numbers_choices = False

    def __init__(self, settings: GenericSettings) -> None:
        self._settings = settings
        self._http = calling.client()

    async def start(self) -> None:
        """Nothing is needed."""

    async def stop(self) -> None:
        """See `Platform`."""
        await self._http.aclose()

    async def receive(self, request: Request) -> Received:
        """See `WebhookPlatform`."""
        body = await request.body()
        key = verified(self._settings.secret, request.headers, body)
        try:
            said = _Said.model_validate_json(body)
        except ValidationError as error:
            raise RefusedError(422, f"unreadable: {error.error_count()} problems") from None
        address = {"place": said.conversation, "in_reply_to": key}
        message = Incoming(
            key,
            (said.conversation,),
            said.text,
            address,
            said.choice,
            said.group,
            float(request.headers["webhook-timestamp"]),
        )
        return Received((message,))

    def render(self, message: Message, address: Mapping[str, Any]) -> list[Part]:
        """The whole message: its length and its looks are the other side's business."""
        choices = [{"id": choice.id, "title": choice.title} for choice in message.choices]
        return [Part(_answer(address, text=message.text, choices=choices, lang=message.lang))]

    async def send(self, request: Json, key: str) -> None:
        """Post a message; its id stays the same when it is posted again."""
        body = json.dumps(request, ensure_ascii=False).encode()
        now = int(time.time())
        headers = {
            "content-type": "application/json",
            "webhook-id": f"msg_{key}",
            "webhook-timestamp": str(now),
            "webhook-signature": sign(self._settings.secret, f"msg_{key}", now, body),
        }
        await calling.call(self._http, "POST", self._settings.answer_url, content=body, headers=headers)

    async def show(self, image: Image, address: Mapping[str, Any], key: str) -> None:
        """See `Platform`. The text says what the picture shows, for those who leave the picture out."""
        picture = {
            "file": image.file,
            "title": image.title,
            "type": "image/png",
            "width": image.width,
            "height": image.height,
            "content": base64.b64encode(image.content).decode(),
        }
        await self.send(_answer(address, text=image.alt, choices=[], lang=image.lang, picture=picture), key)

    async def check(self) -> list[str]:
        """Nothing can be asked without sending something."""
        return []


def _answer(address: Mapping[str, Any], **content: Any) -> Json:
    return {"conversation": address["place"], "in_reply_to": address["in_reply_to"], **content}
