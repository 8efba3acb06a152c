"""The page on which people type the access code."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qs

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, RedirectResponse, Response
from starlette.staticfiles import StaticFiles

from bot.server.access import COOKIE, LOGIN, Access
from bot.server.limits import Buckets, client_of
from bot.server.protection import policy

FILES = Path(__file__).with_name("login")


def login_routes(access: Access) -> APIRouter:
    """The page, and the answer to what is typed there."""
    router = APIRouter(include_in_schema=False)
    tries = Buckets(0.2, 10)
    all_tries = Buckets(1.0, 50)

    @router.get(LOGIN)
    async def page() -> Response:
        return FileResponse(FILES / "index.html", headers={"Content-Security-Policy": policy(form_action="'self'")})

    @router.post(LOGIN)
    async def enter(request: Request) -> Response:
        if tries.wait(client_of(request.scope)) or all_tries.wait(""):
            return RedirectResponse(f"{LOGIN}#wait", 303)
        typed = parse_qs((await request.body()).decode("utf-8", "replace"), max_num_fields=4).get("code", [""])[0]
        if not access.is_code(typed.strip()):
            return RedirectResponse(f"{LOGIN}#wrong", 303)
        answer = RedirectResponse("/", 303)
        # Lax, so that links from a portal work; other sites cannot make the browser send it with a POST or a WebSocket
        answer.set_cookie(COOKIE, access.cookie(), httponly=True, samesite="lax", secure=request.url.scheme == "https")
        return answer

    router.mount(LOGIN, StaticFiles(directory=FILES))
    return router
