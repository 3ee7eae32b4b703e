"""How the API says no: every error is ``{"error": {"code", "message"}}``, whoever raised it."""

from __future__ import annotations

import logging
import math
import re
from collections.abc import Mapping

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import Scope

from bot.gateway.platform.database import DatabaseAwayError
from bot.gateway.platform.errors import RequestError
from bot.gateway.platform.limits import LimitReachedError
from bot.handoff.limits import shortened
from bot.wording.catalogue import Catalogue
from bot.wording.files import product_catalogue
from bot.wording.moments import ENGLISH
from bot.wording.sentences import Wording, wording

log = logging.getLogger(__name__)

# The database has been tried for some seconds already; a client that comes back sooner only adds to its trouble.
RETRY_AFTER_AWAY = 5

# Of the place and the sentence that a mistake is told with.
LONGEST_PLACE = 200

# A language tag (https://www.rfc-editor.org/rfc/rfc9110#name-accept-language), of a length that real ones have.
_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,2}(?![A-Za-z0-9-])")
# The agents' own addresses.
_DESK = "/api/desk"

TOO_LARGE = wording("error.too_large")

_CODES: Mapping[int, tuple[str, str | Wording]] = {
    400: ("bad_request", wording("error.bad_request")),
    401: ("signed_out", "Sign in first."),
    403: ("forbidden", "That is not allowed."),
    404: ("not_found", wording("error.nothing_here")),
    405: ("wrong_method", "That cannot be done here."),
    413: ("too_large", TOO_LARGE),
    415: ("wrong_type", "Send JSON, with Content-Type: application/json."),
}


_TOO_MUCH = wording("limit.too_much")
_TOO_MANY = {
    "messages": wording("limit.messages"),
    "bytes": wording("limit.bytes"),
    "conversations": wording("limit.conversations"),
}
"""What somebody reads who meets a limit, by the first word of its name."""


def answer(
    scope: Scope, status: int, code: str, message: str | Wording, headers: Mapping[str, str] | None = None
) -> JSONResponse:
    """Put an error into the one shape that all have, in the language that the request asks for."""
    said = message if isinstance(message, str) else catalogue_of(scope).say(message, asked_locale(scope))
    return JSONResponse({"error": {"code": code, "message": said}}, status, dict(headers or {}))


def catalogue_of(scope: Scope) -> Catalogue:
    """The catalogue of the application that answers."""
    app = scope.get("app")
    found = None if app is None else getattr(app.state, "wording", None)
    return found if isinstance(found, Catalogue) else product_catalogue()


def asked_locale(scope: Scope) -> str:
    """The first language of ``Accept-Language``; English at the desk, which speaks nothing else, or without one."""
    wanted = Headers(scope=scope).get("accept-language", "")
    tag = _TAG.match(wanted)
    return tag[0] if tag is not None and not scope["path"].startswith(_DESK) else ENGLISH


def install(app: FastAPI) -> None:
    """Give every error that reaches the edge its answer."""

    @app.exception_handler(RequestError)
    async def _refused(request: Request, error: RequestError) -> JSONResponse:
        return answer(request.scope, error.status, error.code, error.said or str(error), error.headers)

    @app.exception_handler(HTTPException)
    async def _http(request: Request, error: HTTPException) -> JSONResponse:
        code, message = _CODES.get(error.status_code, ("error", wording("error.failed")))
        return answer(request.scope, error.status_code, code, message, error.headers)

    @app.exception_handler(RequestValidationError)
    async def _invalid(request: Request, error: RequestValidationError) -> JSONResponse:
        # Only where and what kind: the offending value may be a customer's words.
        first = error.errors()[0]
        # A field's name may be theirs, too: any length, and halves of characters.
        where = shortened(".".join(str(part) for part in first["loc"]), LONGEST_PLACE)
        return answer(request.scope, 400, "bad_request", f"{where}: {shortened(first['msg'], LONGEST_PLACE)}.")

    @app.exception_handler(DatabaseAwayError)
    async def _away(request: Request, _error: DatabaseAwayError) -> JSONResponse:
        headers = {"Retry-After": str(RETRY_AFTER_AWAY)}
        return answer(request.scope, 503, "unavailable", wording("error.cannot_store"), headers)

    @app.exception_handler(LimitReachedError)
    async def _too_many(request: Request, error: LimitReachedError) -> JSONResponse:
        what = error.name.partition("/")[0]
        wait = max(1, math.ceil(error.seconds))
        said = _TOO_MANY.get(what, _TOO_MUCH)
        return answer(request.scope, 429, "too_many", said, {"Retry-After": str(wait)})

    @app.exception_handler(Exception)
    async def _fault(request: Request, _error: Exception) -> JSONResponse:
        return answer(request.scope, 500, "fault", wording("error.fault"))
