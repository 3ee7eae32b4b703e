"""What `/health` says of the brain is so: asked anew each time, and an answer is what counts."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from bot.gateway.conversations.brain_client import BrainClient
from bot.gateway.health import health_of

SECRET = "s" * 40


def _response(status: str, body: dict[str, Any]) -> bytes:
    text = json.dumps(body)
    return f"HTTP/1.1 {status}\r\nContent-Length: {len(text)}\r\nConnection: close\r\n\r\n{text}".encode()


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (_response("200 OK", {"ready": True, "model": "m"}), "ready"),
        (_response("503 Service Unavailable", {"ready": False, "why": "no_model"}), "loading"),
        (_response("503 Service Unavailable", {"ready": False, "why": "busy"}), "loading"),
        (_response("401 Unauthorized", {}), "away"),
        (None, "away"),
    ],
    ids=["ready", "no model", "busy", "wrong secret", "hangs"],
)
async def test_the_brain_is_what_it_shows_itself_to_be(answer: bytes | None, said: str) -> None:
    """One that takes connections and answers nothing is away, whatever it said before; the gateway itself is well."""

    ended = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        if answer is not None:
            writer.write(answer)
            await writer.drain()
        else:
            await reader.read()
        writer.close()
        await writer.wait_closed()
        ended.set()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    brain = BrainClient(f"http://127.0.0.1:{port}", SECRET)
    found = await health_of(brain)
    assert (found.ok, found.brain) == (True, said)
    await brain.close()
    server.close()
    await ended.wait()
