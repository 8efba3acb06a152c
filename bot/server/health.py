"""Whether the server lives, and whether conversations can be held; its figures."""

from __future__ import annotations

import asyncio
import hmac
import ipaddress
import logging

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from bot.channels.gateway import Gateway
from bot.server import metrics
from bot.server.bodies import Health, Live
from bot.server.errors import ApiError, documented
from bot.server.startup import Startup
from bot.server.stopping import Stopping
from knowledge.loading import Knowledge

logger = logging.getLogger(__name__)

_STORES_ANSWER_WITHIN = 5.0
"""Seconds."""


class Stores:
    """Asks the stores whether they answer: once at a time, however many want to know."""

    def __init__(self, startup: Startup) -> None:
        self._startup = startup
        self._asking: asyncio.Task[None] | None = None

    async def check(self) -> None:
        """Returns when the stores answer.

        Raises:
            ApiError: there is no assistant yet, or the stores do not answer.
        """
        if self._startup.problem:
            raise ApiError(503, self._startup.problem)
        assistant = await self._startup.assistant()
        if self._asking is None or self._asking.done():
            self._asking = asyncio.get_running_loop().create_task(assistant.check())
        try:
            await asyncio.wait_for(asyncio.shield(self._asking), _STORES_ANSWER_WITHIN)
        except Exception as error:
            logger.exception("the stores do not answer")
            raise ApiError(503, "The stores of the conversations do not answer.") from error


def health_routes(
    kb: Knowledge, startup: Startup, stopping: Stopping, channels: Gateway, metrics_token: str | None
) -> APIRouter:
    """What orchestrators and monitoring ask.

    Args:
        kb: the knowledge base.
        startup: gives the assistant once it is loaded.
        stopping: whether the server is being stopped.
        channels: the messaging platforms.
        metrics_token: who presents it may read the figures; without it only this machine may.
    """
    router = APIRouter(tags=["Health"])
    stores = Stores(startup)

    async def healthy() -> Health:
        await stores.check()
        assistant = await startup.assistant()
        return Health(status="ok", model=assistant.model, knowledge_version=kb.version)

    @router.get("/health", responses=documented(503), summary="Whether conversations can be held")
    async def health() -> Health:
        """200 once a model is loaded and the stores answer, else 503 with what is missing."""
        return await healthy()

    @router.get("/health/live", summary="Whether the process is in order")
    async def live() -> Live:
        """200 as long as the process answers at all; else it should be started anew."""
        return Live(status="ok")

    @router.get("/health/ready", responses=documented(503), summary="Whether new conversations should be sent here")
    async def ready() -> Health:
        """Like `/health`, and 503 from the moment the server is told to stop."""
        if stopping.begun:
            raise ApiError(503, "The server is being stopped.")
        return await healthy()

    @router.get("/metrics", include_in_schema=False)
    async def figures(request: Request) -> Response:
        if not may_read(request, metrics_token):
            raise ApiError(404)
        await channels.measure()
        metrics.READY.set(await _succeeds(stores) and not stopping.begun)
        return Response(generate_latest(metrics.REGISTRY), headers={"Content-Type": CONTENT_TYPE_LATEST})

    return router


def may_read(request: Request, token: str | None) -> bool:
    """Whether a request may have the figures: with the token; where none is set, from this machine itself.

    What a proxy on this machine hands on comes from elsewhere.
    """
    if token is not None:
        given = request.headers.get("authorization", "")
        return hmac.compare_digest(given.encode(), f"Bearer {token}".encode())
    if any(name in request.headers for name in ("forwarded", "x-forwarded-for", "x-real-ip")):
        return False
    try:
        return request.client is not None and ipaddress.ip_address(request.client.host).is_loopback
    except ValueError:
        return False


async def _succeeds(stores: Stores) -> bool:
    try:
        await stores.check()
    except ApiError:
        return False
    return True
