"""How long a request's body may be, whether it says its length or not."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.gateway.platform.error_answers import TOO_LARGE, answer

# docs/reference/web-api.md: no body is longer.
LARGEST_BODY = 64 * 1024
# What other systems send to us: they repeat the whole message, and the one it answers, in a form of their own.
LARGEST_WEBHOOK = 1024 * 1024
WEBHOOKS = ("/channels/", "/desks/")
"""Where their addresses begin."""


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
        of_webhook = scope["path"].startswith(WEBHOOKS)
        largest = max(LARGEST_WEBHOOK, self._largest) if of_webhook else self._largest
        said = Headers(scope=scope).get("content-length", "0")
        # Servers refuse a length that is no number, and read no more than it says.
        # A webhook decides itself what a body that is too long means: its sender may bring it again for ever.
        if not of_webhook and said.isascii() and said.isdigit() and int(said[:20]) > largest:
            refusal = answer(scope, 413, "too_large", TOO_LARGE, {"Connection": "close"})
            await refusal(scope, receive, send)
            return
        read = 0

        async def receive_counted() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > largest:
                raise HTTPException(413)
            return message

        await self._app(scope, receive_counted, send)
