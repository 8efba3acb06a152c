"""Runs a stand-in on loopback, in a thread of the test process."""

from __future__ import annotations

import asyncio
import io
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.policy import HTTP
from typing import Any

import uvicorn
from PIL import Image
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp

from tests.running import free_port

PATIENCE = 20.0


@contextmanager
def serving(app: ASGIApp) -> Iterator[str]:
    """The address of `app` while it is served."""
    port = free_port()
    server = uvicorn.Server(
        uvicorn.Config(app, host="127.0.0.1", port=port, log_level="error", ws="wsproto", lifespan="on")
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    end = time.monotonic() + PATIENCE
    while not server.started and thread.is_alive() and time.monotonic() < end:
        time.sleep(0.01)
    assert server.started
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(PATIENCE)
        assert not thread.is_alive()


def until(ready: Callable[[], Any], seconds: float = PATIENCE, what: str = "") -> Any:
    """What `ready` gives as soon as that is something."""
    end = time.monotonic() + seconds
    while not (found := ready()):
        assert time.monotonic() < end, what or "it did not happen in time"
        time.sleep(0.02)
    return found


@dataclass
class Faults:
    """What goes wrong at a stand-in, one fault a call, and nothing once they are used up.

    Calls for another conversation are let through: an answer to an earlier test may still be on its way.
    """

    planned: list[Callable[[], Response] | float] = field(default_factory=list)
    met: int = 0
    _to: str = ""
    _pictures: bool = False

    def plan(self, *faults: Callable[[], Response] | float, to: str, pictures: bool = False) -> None:
        """Let these faults happen to the next calls for the conversation `to`, either with text or with pictures."""
        self.planned, self.met, self._to, self._pictures = list(faults), 0, to, pictures

    async def __call__(self, to: str | None, *, picture: bool = False) -> Response | None:
        """The next fault of a call; a number makes the stand-in so many seconds late.

        None as `to` is a call that names no conversation: an upload.
        """
        if not self.planned or picture != self._pictures or to not in (None, self._to):
            return None
        self.met += 1
        fault = self.planned.pop(0)
        if isinstance(fault, int | float):
            await asyncio.sleep(fault)
            return None
        return fault()


def status(code: int, body: Any = None, **headers: str) -> Callable[[], Response]:
    """A fault: an answer with this status."""
    return lambda: JSONResponse(body if body is not None else {}, code, headers={**headers})


@dataclass(frozen=True)
class Form:
    """A form with files: what was written into its fields, and the files by field with name, type and content."""

    fields: dict[str, str]
    files: dict[str, tuple[str, str, bytes]]


async def form_of(request: Request) -> Form:
    """The form of a request, which must be one that can hold files."""
    kind = request.headers.get("content-type", "")
    assert kind.startswith("multipart/form-data; boundary=")
    message = message_from_bytes(f"Content-Type: {kind}\r\n\r\n".encode() + await request.body(), policy=HTTP)
    form = Form({}, {})
    for part in message.iter_parts():
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        file = part.get_filename()
        if file is None:
            form.fields[name] = content.decode()
        else:
            form.files[name] = (file, part.get_content_type(), content)
    return form


def png_size(content: bytes) -> tuple[int, int]:
    """Width and height of a PNG file that is whole."""
    with Image.open(io.BytesIO(content)) as image:
        image.load()
        assert image.format == "PNG"
        return image.size


async def body_of(request: Request) -> dict[str, Any]:
    """The JSON object of a request."""
    body = await request.json()
    assert isinstance(body, dict)
    return body
