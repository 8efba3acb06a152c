"""One's own conversation: getting it, deleting it, and saying what an answer was worth."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Body, Response
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from bot.privacy import feedback
from bot.privacy.export import conversation_data
from bot.server.assistant import Assistant
from bot.server.bodies import Encodable, Sender
from bot.server.conversation_api import EXAMPLE_SENDER
from bot.server.errors import ApiError, documented
from bot.server.startup import Startup
from bot.server.transcript import Transcript

MINE = {"of a sender": {"summary": "A conversation of the REST channel", "value": {"sender": EXAMPLE_SENDER}}}
RATED = {
    "not helpful": {
        "summary": "The latest answer was not helpful",
        "value": {"sender": EXAMPLE_SENDER, "helpful": False, "reason": "too long"},
    }
}
_WAIT = 0.05
"""Seconds between two looks whether a turn has ended."""


class Owner(BaseModel):
    """Whose conversation it is: the token of a session, or the sender of the REST channel."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "oneOf": [
                {"required": [given], "properties": {given: {"type": "string"}, other: {"type": "null"}}}
                for given, other in (("token", "sender"), ("sender", "token"))
            ]
        },
    )

    token: Annotated[str, StringConstraints(min_length=1, max_length=200), Encodable] | None = Field(
        default=None, description="of a session of the widget"
    )
    sender: Sender | None = None

    @model_validator(mode="after")
    def _is_one(self) -> Owner:
        if (self.token is None) == (self.sender is None):
            raise ValueError("either a token or a sender is expected")
        return self


class GivenFeedback(Owner):
    """What an answer was worth."""

    answer: Annotated[str, StringConstraints(min_length=1, max_length=64), Encodable] | None = Field(
        default=None, description="the id of the message that was answered; by default the latest"
    )
    helpful: bool
    reason: Annotated[str, StringConstraints(max_length=2000), Encodable] | None = Field(
        default=None, description="in one's own words; what identifies a person is removed"
    )


class OwnData(BaseModel):
    """Everything that is kept of a conversation."""

    exported_at: str
    conversation: str = Field(description="its name, which does not lead back to the token")
    messages: list[dict[str, Any]]
    case: dict[str, Any]
    feedback: list[dict[str, Any]]
    audit: list[dict[str, Any]]


class Done(BaseModel):
    """It is done."""

    done: bool = True


def privacy_routes(startup: Startup) -> APIRouter:
    """The routes below /api/conversation.

    Args:
        startup: gives the assistant once it is loaded.
    """
    router = APIRouter(prefix="/api/conversation", tags=["Conversation"])
    errors = documented(400, 404, 413, 422, 503)

    @router.post("/feedback", responses=errors, summary="Say whether an answer was helpful")
    async def rate(given: Annotated[GivenFeedback, Body(openapi_examples=RATED)]) -> Done:
        """The last word on an answer counts."""
        assistant = await startup.assistant()
        conversation = _conversation(assistant, given)
        store = assistant.agent.tracker_store
        known = list(store.read(Transcript(), conversation).exchanges)
        answer = given.answer or (known[-1] if known else None)
        if answer is None or answer not in known:
            raise ApiError(404, "There is no such answer in this conversation.")
        await asyncio.to_thread(feedback.give, store.engine, conversation, answer, given.helpful, given.reason)
        return Done()

    @router.post("/export", responses=errors, summary="Get what is kept of a conversation")
    async def export(owner: Annotated[Owner, Body(openapi_examples=MINE)], response: Response) -> OwnData:
        """Messages without what identifies a person, the case, feedback and the audit trail."""
        assistant = await startup.assistant()
        response.headers["Cache-Control"] = "no-store"
        engine = assistant.agent.tracker_store.engine
        return OwnData(**await asyncio.to_thread(conversation_data, engine, _conversation(assistant, owner)))

    @router.post("/delete", responses=errors, summary="Delete a conversation")
    async def delete(owner: Annotated[Owner, Body(openapi_examples=MINE)]) -> Done:
        """Deleted with its case and its feedback; a token goes on to be good for a new conversation."""
        assistant = await startup.assistant()
        conversation = _conversation(assistant, owner)
        async with assistant.agent.lock_store.lock(conversation, wait_time_in_seconds=_WAIT):
            assistant.agent.tracker_store.forget(conversation)
        return Done()

    return router


def _conversation(assistant: Assistant, owner: Owner) -> str:
    conversation = owner.sender if owner.token is None else assistant.sessions.conversation(owner.token)
    if conversation is None:
        raise ApiError(404, "There is no such session.")
    return conversation
