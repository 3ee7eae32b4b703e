"""One conversation with each side of `make bench-turn`: the same three steps, opened, taken turn by turn, left."""

from __future__ import annotations

import asyncio
import secrets
import statistics
from collections.abc import Mapping, Sequence
from typing import Any

import httpx

from bot.visitor import Visitor

LONGEST_WAIT = 300.0
"""Seconds for one answer."""


class BrainTalk:
    """A conversation with the brain's private channel, carrying the dialogue state as the gateway does."""

    def __init__(self, client: httpx.AsyncClient, secret: str) -> None:
        self._client = client
        self._headers = {"Authorization": f"Bearer {secret}"}
        self._conversation = secrets.token_hex(8)
        self._state: Any = None
        self.spent: list[Mapping[str, float]] = []
        """Where the milliseconds of each turn went, as its trace says: ``understand`` and ``total``."""

    async def open(self) -> None:
        """Nothing to open: the brain keeps no conversations."""

    async def turn(self, text: str) -> list[dict[str, Any]]:
        """Take one turn; gives the replies."""
        answer = await self._client.post(
            "/webhooks/warmline/turn",
            headers=self._headers,
            json={
                "schema": "turn/1",
                "conversation_id": self._conversation,
                "message_id": secrets.token_hex(8),
                "channel": "web",
                "locale": "en",
                "shadow": False,
                "customer": {"id": self._conversation, "name": None, "verified": False, "attributes": {}},
                "input": {"type": "text", "text": text},
                "state": self._state,
            },
        )
        answer.raise_for_status()
        result = answer.json()
        self._state = result["state"]
        self.spent.append(result["trace"]["milliseconds"])
        return list(result["replies"])


class GatewayTalk:
    """A visitor of the website channel; a turn lasts from the POST to the first reply on the event stream."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client
        self._visitor: Visitor | None = None
        self._heard: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._listening: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Open the widget: a conversation, and the stream on which its replies come."""
        self._visitor = await Visitor.arrive(self._client)
        self._listening = asyncio.create_task(self._listen(self._visitor))
        await asyncio.sleep(0.1)

    async def turn(self, text: str) -> list[dict[str, Any]]:
        """Take one turn; gives the first reply."""
        if self._visitor is None:
            raise RuntimeError("open the conversation first")
        seq = await self._visitor.say(text)
        while True:
            message = await asyncio.wait_for(self._heard.get(), LONGEST_WAIT)
            if message["seq"] > seq and message["author"] == "bot":
                return [message]

    async def _listen(self, visitor: Visitor) -> None:
        async for event in visitor.events():
            if event.name == "message":
                self._heard.put_nowait(event.data)

    def close(self) -> None:
        """Stop listening."""
        if self._listening:
            self._listening.cancel()


class StockTalk:
    """A conversation with stock Rasa's REST channel."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client
        self._sender = secrets.token_hex(8)

    async def open(self) -> None:
        """Nothing to open: the first message begins a conversation."""

    async def turn(self, text: str) -> list[dict[str, Any]]:
        """Take one turn; gives the replies."""
        answer = await self._client.post("/webhooks/rest/webhook", json={"sender": self._sender, "message": text})
        answer.raise_for_status()
        return list(answer.json())


def parts_of_a_turn(spent: Sequence[Mapping[str, float]], brain_p50: float, gateway_p50: float) -> dict[str, float]:
    """Where the milliseconds of a median turn go: what the traces (``spent``) say, and what is left beside them."""
    understand = statistics.median(one["understand"] for one in spent)
    total = statistics.median(one["total"] for one in spent)
    return {
        "understanding": understand,
        "policies and actions": total - understand,
        "the brain's channel": brain_p50 - total,
        "gateway": gateway_p50 - brain_p50,
    }
