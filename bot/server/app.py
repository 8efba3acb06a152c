"""The FastAPI application: page, conversation and knowledge base in one process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.responses import FileResponse
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import Response
from starlette.routing import Route
from starlette.staticfiles import StaticFiles

from bot.channels.gateway import Gateway
from bot.channels.platforms import configured
from bot.channels.turns import AssistantTurns
from bot.privacy.retention import Retention
from bot.server import errors
from bot.server.access import Access, Gate
from bot.server.assistant import Assistant
from bot.server.connectors import Connectors, read_credentials
from bot.server.conversation_api import conversation_routes
from bot.server.health import health_routes
from bot.server.knowledge_api import knowledge_routes
from bot.server.limits import Limits
from bot.server.login_page import login_routes
from bot.server.observing import Counted
from bot.server.overload import Refusing
from bot.server.picture_api import picture_routes
from bot.server.privacy_api import privacy_routes
from bot.server.protection import Bodies, ProtectiveHeaders
from bot.server.session_api import session_routes
from bot.server.settings import Settings
from bot.server.startup import Startup
from bot.server.stopping import Stopping
from knowledge.loading import Knowledge, load_knowledge
from knowledge.questions import Questions

WIDGET = Path(__file__).resolve().parents[1] / "widget"
DOCS = Path(__file__).with_name("docs")

_THREADS = 64

DESCRIPTION = """Therapy options in colorectal liver metastases from one review, in Chinese and English, with citations.

It supports clinicians and does not replace the multidisciplinary team.

Errors of every kind have the same body: a code for programs, a message for people, and for wrong input the fields
concerned with what is allowed in them. A body that is not JSON in UTF-8 is answered with 400, wrong input with 422.

A server that others can reach wants `Authorization: Bearer` and its access token, else it answers 401. What is too much
is refused with 429 (this client, this conversation) or 503 (all together) and the seconds to wait in `Retry-After`."""


def create_app(
    settings: Settings,
    *,
    kb: Knowledge | None = None,
    questions: Callable[[], Questions] | None = None,
    startup: Startup | None = None,
    stopping: Stopping | None = None,
) -> FastAPI:
    """The application. Loading the assistant begins when it is started.

    Args:
        settings: how it runs.
        kb: the knowledge base; by default the one of this project.
        questions: gives what answers free questions; by default shared with the conversation.
        startup: loads the assistant; by default as the settings say.
        stopping: tells when the server is being stopped; by default it never is.
    """
    knowledge = kb or load_knowledge()
    assistant = startup or Startup(partial(Assistant.load, settings))
    ending = stopping or Stopping()
    channels = Gateway(
        configured(settings.channels),
        settings.tracker_store_url,
        AssistantTurns(assistant),
        stopping=ending,
        stop_within=settings.shutdown_seconds,
    )
    signed = {route.path for route in channels.routes()}
    access = Access(settings.access_token, settings.access_code) if settings.access_token else None
    limits = Limits.shared(settings.client_rate) if access else Limits.local()

    retention = Retention(assistant, settings.retention_days, settings.audit_retention_days)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        # Where stores are asked; a turn that waits for one takes a thread.
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(_THREADS, "stores"))
        assistant.begin()
        async with channels.running(), retention.running():
            yield

    app = FastAPI(
        title="CRLM assistant",
        version=knowledge.version,
        description=DESCRIPTION,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        responses=errors.documented(401, 408, 421, 429, 503),
    )
    errors.install(app)
    # The last one is asked first.
    app.add_middleware(Bodies)
    app.add_middleware(Gate, access=access, signed=signed)
    app.add_middleware(Refusing, limits=limits, signed=signed)
    app.add_middleware(ProtectiveHeaders)
    if settings.allowed_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=settings.allowed_origins,
            allow_methods=["GET", "POST"],
            allow_headers=["Content-Type"],
            expose_headers=["Retry-After"],
        )
    app.add_middleware(Counted)
    if access and access.by_code:
        app.include_router(login_routes(access))
    app.include_router(conversation_routes(assistant, limits))
    app.include_router(health_routes(knowledge, assistant, ending, channels, settings.metrics_token))
    app.include_router(session_routes(knowledge, assistant, ending, settings.allowed_origins, limits))
    app.include_router(privacy_routes(assistant))
    app.include_router(knowledge_routes(knowledge, questions or _shared_questions))
    app.include_router(picture_routes(knowledge))
    _add_pages(app)
    app.router.routes.extend(channels.routes())
    credentials = read_credentials(settings.credentials)
    if credentials:
        app.router.routes.append(Route("/webhooks/{path:path}", Connectors(assistant, credentials)))
    return app


class WidgetFiles(StaticFiles):
    """The widget's files, which pages of other servers may load; they hold nothing that is not public."""

    def file_response(self, *args: Any, **named: Any) -> Response:
        """See parent class."""
        response = super().file_response(*args, **named)
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Cache-Control"] = "no-cache"
        return response


def _shared_questions() -> Questions:
    from actions.answer import questions

    return questions()


def _add_pages(app: FastAPI) -> None:
    """The chat page at / and the description of the interface at /docs."""

    # All parts of the widget are asked for at once, not one after the other as they name each other.
    parts = [f"</widget/{file.name}>; rel=modulepreload" for file in sorted(WIDGET.glob("*.js"))]
    early = {"Link": ", ".join([*parts, "</widget/widget.css>; rel=preload; as=fetch; crossorigin"])}

    @app.get("/", include_in_schema=False)
    async def chat() -> FileResponse:
        return FileResponse(WIDGET / "index.html", headers=early)

    @app.get("/docs", include_in_schema=False)
    async def docs() -> FileResponse:
        return FileResponse(DOCS / "index.html")

    app.mount("/widget", WidgetFiles(directory=WIDGET))
    app.mount("/docs", StaticFiles(directory=DOCS))
