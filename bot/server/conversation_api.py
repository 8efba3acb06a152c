"""Conversations over HTTP, and whether they can be held."""

from __future__ import annotations

import asyncio
import logging
from typing import Annotated

from fastapi import APIRouter, Body
from fastapi.responses import JSONResponse

from bot.server.bodies import BotMessage, Health, UserMessage
from bot.server.errors import ApiError, documented
from bot.server.startup import Startup
from knowledge.loading import Knowledge

logger = logging.getLogger(__name__)

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
_STORES_ANSWER_WITHIN = 5.0
"""Seconds."""


def conversation_routes(kb: Knowledge, startup: Startup) -> APIRouter:
    """The REST channel and the health of the server.

    Args:
        kb: the knowledge base.
        startup: gives the assistant once it is loaded.
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
        assistant = await startup.assistant()
        return JSONResponse(await assistant.answer(said.sender, said.message))  # type: ignore[return-value]

    @router.get("/health", responses=documented(503), summary="Whether conversations can be held")
    async def health() -> Health:
        """200 once a model is loaded and the stores answer, else 503 with what is missing."""
        if startup.problem:
            raise ApiError(503, startup.problem)
        assistant = await startup.assistant()
        try:
            await asyncio.wait_for(asyncio.to_thread(asyncio.run, assistant.check()), _STORES_ANSWER_WITHIN)
        except Exception as error:
            logger.exception("the stores do not answer")
            raise ApiError(503, "The stores of the conversations do not answer.") from error
        return Health(status="ok", model=assistant.model, knowledge_version=kb.version)

    return router
