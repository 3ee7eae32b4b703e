"""A real, small action server: it answers over HTTP what a test tells it to."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from aiohttp import web

Answer = Callable[[dict[str, Any]], Any]


def said(text: str, name: str, **custom: Any) -> dict[str, Any]:
    """The answer of an action that says something and ends well."""
    response = {"text": text, **({"custom": custom} if custom else {})}
    return {"responses": [response], "events": [outcome(name)]}


def outcome(name: str, ok: bool = True, error: str | None = None) -> dict[str, Any]:
    """The event by which an action says how it ended."""
    return {"event": "slot", "name": "action_outcome", "value": {"name": name, "ok": ok, "error": error}}


class ActionServerForTests:
    """Answers each action by a function; keeps what it was asked."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer] = {}
        self.asked: list[dict[str, Any]] = []
        self.connections: set[object] = set()
        self.listed: Any = []
        """What it says of its actions; None where it does not say anything."""
        self.url = ""
        self._runner: web.AppRunner | None = None

    async def start(self, port: int = 0) -> None:
        """Listen, on a free port where none is given."""
        app = web.Application()
        app.router.add_post("/webhook", self._answer)
        app.router.add_get("/actions", self._list)
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", port)
        await site.start()
        port = site._server.sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{port}/webhook"

    async def stop(self) -> None:
        """Stop listening."""
        if self._runner is not None:
            await self._runner.cleanup()

    async def _answer(self, request: web.Request) -> web.Response:
        body = await request.json()
        self.asked.append(body)
        self.connections.add(request.transport)
        found = self.answers[body["next_action"]](body)
        if asyncio.iscoroutine(found):
            found = await found
        return found if isinstance(found, web.Response) else web.json_response(found)

    async def _list(self, request: web.Request) -> web.Response:
        return web.Response(status=404) if self.listed is None else web.json_response(self.listed)
