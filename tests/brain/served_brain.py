"""A brain that serves over HTTP, and what a gateway does with it."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import aiohttp
from rasa.core.agent import Agent

from bot import settings
from bot.brain.serve import load_agent, make_app
from tests.brain.action_server import ActionServerForTests

SECRET = "a-secret-of-the-tests-0123456789-0123456789"


class Gateway:
    """What the gateway does with a brain: sends turns and keeps the state."""

    def __init__(self, url: str, session: aiohttp.ClientSession, actions: ActionServerForTests) -> None:
        self.url = url
        self.session = session
        self.actions = actions
        self.state: Any = None

    async def post(self, body: bytes, secret: str | None = SECRET) -> tuple[int, dict[str, Any]]:
        """Post a body as it is."""
        headers = {"Authorization": f"Bearer {secret}"} if secret is not None else {}
        async with self.session.post(f"{self.url}/turn", data=body, headers=headers) as response:
            return response.status, await response.json()

    async def take(self, put_in: dict[str, Any], **changes: Any) -> tuple[int, dict[str, Any]]:
        """Send a turn with the state at hand; the state itself is left as it is."""
        turn = {
            "schema": "turn/1",
            "conversation_id": "c",
            "message_id": "m-1",
            "channel": "web",
            "locale": "en",
            "shadow": False,
            "customer": {"id": "p", "name": None, "verified": False, "attributes": {}},
            "input": put_in,
            "state": self.state,
            **changes,
        }
        return await self.post(json.dumps(turn).encode())

    async def say(self, text: str, **changes: Any) -> dict[str, Any]:
        """Say something and keep the state, as for a turn that is committed."""
        status, result = await self.take({"type": "text", "text": text}, **changes)
        assert status == 200, result
        self.state = result["state"]
        return result


class Served:
    """The brain, serving in a thread of its own: Sanic makes one server a process."""

    def __init__(self, model: Path) -> None:
        self.agent: Agent
        self.port = 0
        self._model = model
        self._ready = threading.Event()
        self._end: asyncio.Event
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=lambda: self._loop.run_until_complete(self._serve()))

    def __enter__(self) -> Served:
        self._thread.start()
        assert self._ready.wait(60)
        return self

    def __exit__(self, *error: object) -> None:
        self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join(10)

    async def _serve(self) -> None:
        self._end = asyncio.Event()
        where = replace(
            settings.load({}), brain_secret=SECRET, actions_secret=SECRET, actions_url="http://127.0.0.1:9/webhook"
        )
        self.agent = load_agent(where, self._model)
        app = make_app(where, self.agent)
        with socket.socket() as sock:
            sock.bind(("127.0.0.1", 0))
            self.port = sock.getsockname()[1]
            server = await app.create_server(sock=sock, return_asyncio_server=True)
            await server.startup()
            await server.before_start()
            await server.after_start()
            self._ready.set()
            await self._end.wait()
            await self.agent.action_endpoint.close()
            server.close()
            await server.wait_closed()


def texts(result: dict[str, Any]) -> list[str]:
    """What was said."""
    return [reply["text"] for reply in result["replies"]]
