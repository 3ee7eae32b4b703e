"""A website visitor without a browser: talks to a running gateway as the widget does, for terminal and checks."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import httpx


@dataclass(frozen=True)
class Event:
    """One server-sent event: a ``message``, ``state`` or ``typing``, with data as docs/reference/web-api.md says."""

    name: str
    data: dict[str, Any]


@dataclass
class Visitor:
    """One conversation on the website channel; open it with :meth:`arrive`."""

    client: httpx.AsyncClient
    conversation_id: str
    token: str
    greeting: str
    last_seq: int = 0
    _client_seq: int = field(default=0, repr=False)

    @classmethod
    async def arrive(cls, client: httpx.AsyncClient) -> Visitor:
        """Start a conversation; ``client`` has the gateway's address as its base."""
        answer = await client.post("/api/web/conversations", json={"locale": "en"})
        answer.raise_for_status()
        opened = answer.json()
        return cls(client, opened["conversation_id"], opened["token"], opened.get("greeting", ""))

    @property
    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    async def say(self, text: str) -> int:
        """Send a message; gives its number in the conversation."""
        return await self._post({"text": text})

    async def choose(self, token: str) -> int:
        """Press a button, by the token that came with it."""
        return await self._post({"choice": token})

    async def _post(self, body: dict[str, Any]) -> int:
        self._client_seq += 1
        while True:
            answer = await self.client.post(
                f"/api/web/conversations/{self.conversation_id}/messages",
                json={"client_seq": self._client_seq, **body},
                headers=self._headers,
            )
            if answer.status_code != httpx.codes.TOO_MANY_REQUESTS:
                break
            # As the widget does: what was too much at once is kept and goes out when it may.
            await asyncio.sleep(int(answer.headers.get("Retry-After", "1")))
        answer.raise_for_status()
        return int(answer.json()["seq"])

    async def events(self) -> AsyncIterator[Event]:
        """Read events after the last one seen, without end."""
        async with self.client.stream(
            "GET",
            f"/api/web/conversations/{self.conversation_id}/events",
            params={"after": self.last_seq},
            headers={**self._headers, "Accept": "text/event-stream"},
            timeout=httpx.Timeout(10.0, read=None),
        ) as stream:
            stream.raise_for_status()
            name = "message"
            async for line in stream.aiter_lines():
                if line.startswith("event:"):
                    name = line.removeprefix("event:").strip()
                elif line.startswith("data:"):
                    event = Event(name, json.loads(line.removeprefix("data:")))
                    self.last_seq = max(self.last_seq, int(event.data.get("seq", 0)))
                    yield event
                elif not line:
                    name = "message"

    async def answer_to(self, seq: int, within: float) -> dict[str, Any]:
        """Wait for the first message after number ``seq`` that is not the customer's own.

        Raises:
            TimeoutError: nothing came within that many seconds.
        """

        async def first() -> dict[str, Any]:
            while True:
                async for event in self.events():
                    if event.name == "message" and event.data["seq"] > seq and event.data["author"] != "customer":
                        return event.data

        try:
            return await asyncio.wait_for(first(), within)
        except asyncio.TimeoutError as error:
            raise TimeoutError(f"no answer within {within:.0f} s") from error
