"""How long a request's body may be, whether it says its length or not."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.gateway.problems import answer

# docs/reference/web-api.md: no body is longer.
LARGEST_BODY = 64 * 1024


class BodyLimit:
    """Answers 413 to a body that says it is too long, and to one that turns out to be.

    Starlette's own limit does the same, in plain text.
    """

    def __init__(self, app: ASGIApp, largest: int = LARGEST_BODY) -> None:
        self._app = app
        self._largest = largest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and count what is read of its body."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        said = Headers(scope=scope).get("content-length", "0")
        # Servers refuse a length that is no number, and read no more than it says.
        if said.isascii() and said.isdigit() and int(said[:20]) > self._largest:
            refusal = answer(413, "too_large", "That is too long: 64 kB at most.", {"Connection": "close"})
            await refusal(scope, receive, send)
            return
        read = 0

        async def receive_counted() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > self._largest:
                raise HTTPException(413)
            return message

        await self._app(scope, receive_counted, send)
