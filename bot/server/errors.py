"""One shape for all errors, and nothing in it that only the log should hold."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from bot.server import metrics
from bot.server.allowed import allowed_values

logger = logging.getLogger(__name__)

_TITLES = {
    400: ("bad_request", "The body is not JSON in UTF-8."),
    401: ("unauthorized", "This needs a token: Authorization: Bearer …"),
    404: ("not_found", "There is nothing at this address."),
    405: ("method_not_allowed", "This address does not take this method."),
    408: ("too_slow", "The body did not come in time."),
    413: ("too_large", "The body is too large."),
    421: ("misdirected", "This server does not answer under this name."),
    422: ("invalid", "The input is not valid."),
    429: ("too_many", "Too many requests; try again after the time in Retry-After."),
    500: ("failed", "Something went wrong here."),
    503: ("unavailable", "The assistant is not ready."),
}

_MOST_PROBLEMS = 20
"""More are of no use to anybody; a body of a megabyte can have ten thousands, and each takes time to put into words."""


class Problem(BaseModel):
    """One thing that is wrong with the input."""

    field: str = Field(description="where it stands, e.g. `ras`; `body` for the whole")
    message: str = Field(description="what is wrong")
    allowed: list[str] = Field(default=[], description="what may stand there instead, where that can be listed")


class Error(BaseModel):
    """What went wrong."""

    code: str = Field(description="for programs", examples=["invalid"])
    message: str = Field(description="for people", examples=["The input is not valid."])
    problems: list[Problem] = []


class ErrorResponse(BaseModel):
    """The body of every answer that is an error."""

    error: Error


class ApiError(HTTPException):
    """An error with its problems, raised by a route."""

    def __init__(
        self,
        status: int,
        message: str | None = None,
        problems: Sequence[Problem] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(status, message or _TITLES[status][1], headers)
        self.problems = list(problems)


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The errors of a route for the description of the interface."""
    return {status: {"model": ErrorResponse, "description": _TITLES[status][1]} for status in statuses}


def unknown(status: int, field: str, message: str, known: Iterable[object]) -> ApiError:
    """The error for a name that does not exist, with those that do."""
    problem = Problem(field=field, message=message, allowed=[str(name) for name in known])
    return ApiError(status, f"{message[0].upper()}{message[1:]}.", [problem])


def error_response(
    status: int, message: str | None = None, problems: Iterable[Problem] = (), headers: Mapping[str, str] | None = None
) -> JSONResponse:
    """An error as it is sent."""
    code, title = _TITLES.get(status, ("error", "The request was refused."))
    body = ErrorResponse(error=Error(code=code, message=message or title, problems=list(problems)))
    return JSONResponse(body.model_dump(), status, headers)


def install(app: FastAPI) -> None:
    """Make every error of `app` an `ErrorResponse`."""
    app.exception_handler(RequestValidationError)(_invalid)
    app.exception_handler(HTTPException)(_refused)
    app.exception_handler(ApiError)(_answered)
    app.exception_handler(Exception)(_failed)


def _invalid(request: Request, error: RequestValidationError) -> JSONResponse:
    details = error.errors()[:_MOST_PROBLEMS]
    for detail in details:
        if detail["type"] == "json_invalid":
            return error_response(400, f"The body is not JSON: {detail['ctx']['error']} at {detail['loc'][-1]}.")
    return error_response(422, None, [_problem(request, detail) for detail in details])


def _refused(_: Request, error: HTTPException) -> JSONResponse:
    return error_response(error.status_code, None, (), error.headers)


def _answered(_: Request, error: ApiError) -> JSONResponse:
    return error_response(error.status_code, error.detail, error.problems, error.headers)


def _failed(request: Request, error: Exception) -> JSONResponse:
    reference = uuid.uuid4().hex[:8]
    metrics.ERRORS.labels("request").inc()
    route = getattr(request.scope.get("route"), "path", "?")
    logger.error("%s %s failed, reference %s", request.method, route, reference, exc_info=error)
    return error_response(500, f"Something went wrong here. Reference: {reference}")


def _allowed(request: Request, path: str, where: str, field: str) -> list[str]:
    return allowed_values(request.app.openapi(), path, request.method.lower(), where, field)


def _problem(request: Request, detail: Mapping[str, Any]) -> Problem:
    """A validation error in words; what was sent is not repeated."""
    place = [str(part) for part in detail["loc"] if part not in ("body", "query", "path")]
    path = request.scope["route"].path
    return Problem(
        field=".".join(place) or "body",
        message=detail["msg"].removeprefix("Value error, "),
        allowed=_allowed(request, path, str(detail["loc"][0]), place[0]) if place else [],
    )
