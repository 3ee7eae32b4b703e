"""How the API says no: every error is ``{"error": {"code", "message"}}``, whoever raised it."""

from __future__ import annotations

import logging
import math
from collections.abc import Mapping

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from bot.gateway.platform.database import DatabaseAwayError
from bot.gateway.platform.errors import RequestError
from bot.gateway.platform.limits import LimitReachedError
from bot.handoff.limits import shortened

log = logging.getLogger(__name__)

# The database has been tried for some seconds already; a client that comes back sooner only adds to its trouble.
RETRY_AFTER_AWAY = 5

# Of the place and the sentence that a mistake is told with.
LONGEST_PLACE = 200

_CODES = {
    400: ("bad_request", "The request is not valid."),
    401: ("signed_out", "Sign in first."),
    403: ("forbidden", "That is not allowed."),
    404: ("not_found", "There is nothing here."),
    405: ("wrong_method", "That cannot be done here."),
    413: ("too_large", "That is too long: 64 kB at most."),
    415: ("wrong_type", "Send JSON, with Content-Type: application/json."),
}


_TOO_MUCH = "That was a lot at once. Please wait a moment and try again."
_TOO_MANY = {
    "messages": "That was a lot at once. Please wait a moment and send it again.",
    "bytes": "That was a lot of text at once. Please wait a moment and send it again.",
    "conversations": "Too many conversations from your address. Please wait a moment.",
}
"""What somebody reads who meets a limit, by the first word of its name."""


def answer(status: int, code: str, message: str, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """Put an error into the one shape that all have."""
    return JSONResponse({"error": {"code": code, "message": message}}, status, dict(headers or {}))


def install(app: FastAPI) -> None:
    """Give every error that reaches the edge its answer."""

    @app.exception_handler(RequestError)
    async def _refused(_request: Request, error: RequestError) -> JSONResponse:
        return answer(error.status, error.code, str(error), error.headers)

    @app.exception_handler(HTTPException)
    async def _http(_request: Request, error: HTTPException) -> JSONResponse:
        code, message = _CODES.get(error.status_code, ("error", "That did not work."))
        return answer(error.status_code, code, message, error.headers)

    @app.exception_handler(RequestValidationError)
    async def _invalid(_request: Request, error: RequestValidationError) -> JSONResponse:
        # Only where and what kind: the offending value may be a customer's words.
        first = error.errors()[0]
        # A field's name may be theirs, too: any length, and halves of characters.
        where = shortened(".".join(str(part) for part in first["loc"]), LONGEST_PLACE)
        return answer(400, "bad_request", f"{where}: {shortened(first['msg'], LONGEST_PLACE)}.")

    @app.exception_handler(DatabaseAwayError)
    async def _away(_request: Request, _error: DatabaseAwayError) -> JSONResponse:
        message = "We cannot store anything just now. Please try again in a moment."
        return answer(503, "unavailable", message, {"Retry-After": str(RETRY_AFTER_AWAY)})

    @app.exception_handler(LimitReachedError)
    async def _too_many(_request: Request, error: LimitReachedError) -> JSONResponse:
        what = error.name.partition("/")[0]
        wait = max(1, math.ceil(error.seconds))
        return answer(429, "too_many", _TOO_MANY.get(what, _TOO_MUCH), {"Retry-After": str(wait)})

    @app.exception_handler(Exception)
    async def _fault(_request: Request, _error: Exception) -> JSONResponse:
        return answer(500, "fault", "Something went wrong on our side.")
