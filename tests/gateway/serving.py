"""The gateway behind a real socket, in the test's own process; and a reader of its event streams."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx

from bot.gateway.app import create_app
from bot.gateway.serve import GatewayServer, configuration
from bot.gateway.services import Services
from tests.gateway.postgres import free_port

# Long enough for a busy machine; a test that works ends much sooner.
PATIENCE = 60.0


@asynccontextmanager
async def served(parts: Services) -> AsyncIterator[httpx.AsyncClient]:
    """Serve the gateway for as long as the block lasts; gives a client of it."""
    config = configuration(create_app(parts.settings, parts), parts, "127.0.0.1", free_port())
    server = GatewayServer(config, parts.signals)
    # Not serve(): that would take over the test process's signal handlers.
    task = asyncio.create_task(server._serve())
    async with asyncio.timeout(PATIENCE):
        while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
            await asyncio.sleep(0.01)
    async with httpx.AsyncClient(
        base_url=f"http://127.0.0.1:{config.port}", timeout=PATIENCE, trust_env=False
    ) as client:
        yield client
    server.should_exit = True
    async with asyncio.timeout(PATIENCE):
        await task


@dataclass(frozen=True)
class Event:
    """One server-sent event as the widget reads it."""

    name: str
    id: str | None
    data: dict[str, Any]


@dataclass
class Stream:
    """An open stream: events as they come."""

    response: httpx.Response
    comments: int = 0
    _lines: AsyncIterator[str] | None = field(default=None)

    async def next(self) -> Event:
        """Wait for the next event."""
        if self._lines is None:
            self._lines = self.response.aiter_lines()
        fields: dict[str, str] = {}
        async with asyncio.timeout(PATIENCE):
            async for line in self._lines:
                if line.startswith(":"):
                    self.comments += 1
                elif line:
                    name, _, value = line.partition(": ")
                    fields[name] = value
                elif fields:
                    return Event(fields["event"], fields.get("id"), json.loads(fields["data"]))
        raise EOFError("the stream ended")

    async def take(self, number: int) -> list[Event]:
        """Wait for so many events."""
        return [await self.next() for _ in range(number)]


@dataclass
class Visitor:
    """One browser's visit to the website."""

    http: httpx.AsyncClient
    conversation_id: str
    token: str

    @classmethod
    async def arrive(cls, http: httpx.AsyncClient, **more: Any) -> Visitor:
        """Open a conversation."""
        answer = await http.post("/api/web/conversations", json={"locale": "en", "page": "https://shop/"} | more)
        assert answer.status_code == 201, answer.text
        return cls(http, answer.json()["conversation_id"], answer.json()["token"])

    @property
    def headers(self) -> dict[str, str]:
        """What proves who this is."""
        return {"Authorization": f"Bearer {self.token}"}

    @property
    def address(self) -> str:
        """The conversation's address."""
        return f"/api/web/conversations/{self.conversation_id}"

    async def send(self, client_seq: object, **content: object) -> httpx.Response:
        """Send a message."""
        return await self.http.post(
            f"{self.address}/messages", json={"client_seq": client_seq, **content}, headers=self.headers
        )

    @asynccontextmanager
    async def events(self, after: int = 0, **headers: str) -> AsyncIterator[Stream]:
        """Open the stream of events."""
        async with self.http.stream(
            "GET", f"{self.address}/events", params={"after": after}, headers=self.headers | headers
        ) as response:
            assert response.status_code == 200
            yield Stream(response)
