"""Conversations over HTTP."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Body
from fastapi.responses import JSONResponse

from bot.server.bodies import BotMessage, UserMessage
from bot.server.errors import documented
from bot.server.limits import Limits
from bot.server.startup import Startup

EXAMPLE_SENDER = "an-example-of-a-random-name-1"
MESSAGES = {
    "case": {
        "summary": "A case in Chinese",
        "value": {"sender": EXAMPLE_SENDER, "message": "不可切除，肝转移2枚，最大2.5cm，RAS野生型"},
    },
    "question": {
        "summary": "A question in English",
        "value": {"sender": "an-example-of-a-random-name-2", "message": "What is 5-year survival after SRFA?"},
    },
}


def conversation_routes(startup: Startup, limits: Limits) -> APIRouter:
    """The REST channel.

    Args:
        startup: gives the assistant once it is loaded.
        limits: how much may be said at a time.
    """
    router = APIRouter(tags=["Conversation"])

    @router.post(
        "/webhooks/rest/webhook",
        responses=documented(400, 413, 422, 503),
        response_model_exclude_none=True,
        summary="Say something to the assistant",
    )
    async def webhook(said: Annotated[UserMessage, Body(openapi_examples=MESSAGES)]) -> list[BotMessage]:
        """Rasa's REST channel: the assistant answers with a list of messages, never with an empty one.

        A first message that describes a patient starts the intake. A message that is empty, too long or unreadable,
        and a failure, are answered with a message that says so. A leading `/` has no meaning.
        """
        limits.conversations.take(said.sender)
        with limits.turns.taken(said.sender):
            assistant = await startup.assistant()
            return JSONResponse(await assistant.answer(said.sender, said.message))  # type: ignore[return-value]

    return router
