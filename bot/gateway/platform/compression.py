"""Compressed answers for slow connections: pages and data, never a stream, and nothing that holds a secret.

A compressed answer tells by its length whether two parts of it are alike (BREACH, https://www.breachattack.com): who
makes a victim's browser ask again and again, with guesses in what is asked, can learn a secret that stands beside
them. So no answer with a key, a password or a CSRF value is compressed: those come to writes, and to the question who
is signed in. What is left is read by a session cookie that other sites cannot make a browser send
(``SameSite=Strict``), and each compressed answer is longer by a random number of bytes (Heal the Breach,
https://ieeexplore.ieee.org/document/9754554).
"""

from __future__ import annotations

import secrets

from starlette.datastructures import MutableHeaders
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# Below this the answer fits into one packet anyway.
SMALLEST = 1000
# Half the work of the highest level, for a few bytes in a hundred (zlib's own default).
LEVEL = 6
LONGEST_PADDING = 64
PADDING = "X-Padding"

READS = frozenset({"GET"})
_SECRET = frozenset({"/api/desk/session"})


class Compression:
    """Compresses what a ``GET`` answers, where the browser takes it; Starlette leaves event streams as they are."""

    def __init__(self, app: ASGIApp) -> None:
        self._plain = app
        self._compressing = GZipMiddleware(app, minimum_size=SMALLEST, compresslevel=LEVEL)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, compressing where that is safe."""
        if scope["type"] != "http" or scope["method"] not in READS or scope["path"] in _SECRET:
            await self._plain(scope, receive, send)
            return

        async def send_padded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if "Content-Encoding" in headers and "ETag" not in headers:
                    headers[PADDING] = "0" * (1 + secrets.randbelow(LONGEST_PADDING))
            await send(message)

        await self._compressing(scope, receive, send_padded)
