"""The API's description (OpenAPI) as the gateway really answers: who may call, and each error with its shape.

FastAPI writes what it knows: routes, bodies, parameters. It promises 422 for a body that does not fit, where we answer
400 (:mod:`bot.gateway.platform.error_answers`), and knows nothing of the errors that routes raise.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

PROBLEM = "Problem"
VISITOR = "visitor_token"

_TEXTS: Mapping[int, str] = {
    400: "The request does not fit this call.",
    401: "Nobody is signed in, or the signature is wrong.",
    403: "The role does not allow it, or the page's CSRF header is missing.",
    404: "There is no such object, or it is somebody else's.",
    409: "Not possible in the current state.",
    410: "The link was used, or has expired.",
    413: "The body is longer than 64 kB.",
    429: "Too many: Retry-After says when to try again.",
    503: "The database, or what the call needs, is away: Retry-After says when to try again.",
}
_RETRYING = frozenset({429, 503})

# What a call refuses when its object stands otherwise, by the code in the answer.
_CONFLICTS: Mapping[str, tuple[str, ...]] = {
    "POST /api/web/conversations/{conversation_id}/messages": ("gap", "owner_changed"),
    "POST /api/web/conversations/{conversation_id}/return-to-bot": ("not_waiting",),
    "POST /api/desk/next": ("at_capacity",),
    "POST /api/desk/tickets/{ticket_id}/claim": ("already_claimed", "not_waiting", "at_capacity"),
    "POST /api/desk/tickets/{ticket_id}/messages": ("not_yours", "gap"),
    "POST /api/desk/tickets/{ticket_id}/notes": ("unknown_colleague", "gap"),
    "POST /api/desk/tickets/{ticket_id}/typing": ("not_yours",),
    "POST /api/desk/tickets/{ticket_id}/return": ("not_yours", "not_waiting"),
    "POST /api/desk/tickets/{ticket_id}/resolve": ("not_yours", "not_waiting"),
    "POST /api/desk/tickets/{ticket_id}/transfer": ("not_yours", "unknown_colleague"),
    "POST /api/desk/tickets/{ticket_id}/snooze": ("not_yours",),
    "POST /api/desk/tickets/{ticket_id}/release": ("not_waiting",),
    "POST /api/desk/tickets/{ticket_id}/suggestions/{seq}/reject": ("not_yours",),
    "POST /api/desk/canned": ("shortcut_taken",),
    "POST /api/desk/canned/{reply_id}": ("shortcut_taken",),
    "POST /api/desk/users": ("username_taken",),
    "POST /api/desk/users/{user_id}": ("last_administrator", "has_conversations"),
}
# Beside the website's own routes, which count by address.
_LIMITED = frozenset({"POST /api/desk/session", "POST /api/desk/password", "GET /api/desk/events"})
_WEBSITE = "/api/web/"
_HOOKS = ("/channels/", "/desks/")
_SIGNS_IN = "POST /api/desk/session"
_LINKED = "POST /api/web/conversations/continue"
# These answer from memory, or must answer always.
_WITHOUT_DATABASE = frozenset({"GET /health"})


def install(app: FastAPI) -> None:
    """Let the application describe itself so; the description is made once, when somebody first asks for it."""

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = described(app)
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]  # FastAPI's documented way to extend it


def described(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document of an application."""
    document = get_openapi(title=app.title, version=app.version, description=app.description, routes=app.routes)
    components = document.setdefault("components", {})
    for name in ("HTTPValidationError", "ValidationError"):
        components.get("schemas", {}).pop(name, None)
    components.setdefault("schemas", {})[PROBLEM] = _problem()
    components.setdefault("securitySchemes", {})[VISITOR] = {
        "type": "http",
        "scheme": "bearer",
        "description": "The visitor's token, which opening the conversation gave.",
    }
    for path, operations in document.get("paths", {}).items():
        for method, operation in operations.items():
            _describe(f"{method.upper()} {path}", path, operation)
    return document


def _describe(name: str, path: str, operation: dict[str, Any]) -> None:
    responses = operation.setdefault("responses", {})
    takes = responses.pop("422", None) is not None
    by_token = _take_token(operation)
    # FastAPI lists several proofs as a choice; ours are needed together.
    needed = {scheme: scopes for one in operation.get("security", []) for scheme, scopes in one.items()}
    if by_token:
        needed[VISITOR] = []
    if needed:
        operation["security"] = [needed]
    hook = path.startswith(_HOOKS)
    codes = set()
    if takes or "requestBody" in operation or hook:
        codes.add(400)
    if "requestBody" in operation or hook:
        codes.add(413)
    if hook or name == _SIGNS_IN:
        codes.add(401)
    if needed and not by_token:
        codes |= {401, 403}
    if "{" in path or name == _LINKED:
        codes.add(404)
    if name == _LINKED:
        codes.add(410)
    if name in _CONFLICTS:
        codes.add(409)
    if name in _LIMITED or path.startswith(_WEBSITE):
        codes.add(429)
    if name not in _WITHOUT_DATABASE:
        codes.add(503)
    for code in sorted(codes):
        responses[str(code)] = _response(code, _CONFLICTS.get(name, ()) if code == 409 else ())


def _take_token(operation: dict[str, Any]) -> bool:
    """Whether a visitor's token is asked for; as a parameter a description must not hold it (OpenAPI 3.1, 4.8.12)."""
    parameters = operation.get("parameters", [])
    others = [one for one in parameters if (one.get("in"), one.get("name")) != ("header", "Authorization")]
    if len(others) == len(parameters):
        return False
    operation["parameters"] = others
    if not others:
        del operation["parameters"]
    return True


def _response(code: int, conflicts: tuple[str, ...]) -> dict[str, Any]:
    text = _TEXTS[code]
    if conflicts:
        text = f"{text} Codes: {', '.join(f'`{one}`' for one in conflicts)}."
    response: dict[str, Any] = {
        "description": text,
        "content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{PROBLEM}"}}},
    }
    if code in _RETRYING:
        response["headers"] = {"Retry-After": {"description": "Seconds.", "schema": {"type": "integer"}}}
    return response


def _problem() -> dict[str, Any]:
    return {
        "title": PROBLEM,
        "type": "object",
        "required": ["error"],
        "properties": {
            "error": {
                "type": "object",
                "required": ["code", "message"],
                "properties": {
                    "code": {"type": "string", "description": "For programs."},
                    "message": {"type": "string", "description": "A sentence for a person."},
                },
            }
        },
    }
