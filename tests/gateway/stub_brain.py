"""A brain that behaves as a test says: it answers, fails or stays silent. Real dialogues are tested elsewhere."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

import httpx

from bot.gateway.conversations.brain_client import BrainClient

Behaviour = Callable[[dict[str, Any]], Awaitable[httpx.Response]]


def result(turn: dict[str, Any], *texts: str, **more: Any) -> httpx.Response:
    """A turn that was taken, with these replies."""
    body = {
        "schema": "turn-result/1",
        "message_id": turn["message_id"],
        "replies": [{"text": text} for text in texts],
        "handoff": None,
        "state": {"schema": "dialogue-state/1", "turns": ((turn["state"] or {}).get("turns") or 0) + 1},
        "trace": {"intent": {"name": "greet", "confidence": 1.0}},
    }
    return httpx.Response(200, json=body | more)


def error(status: int, code: str, **more: Any) -> httpx.Response:
    """A turn that was not taken."""
    return httpx.Response(status, json={"error": {"code": code, "message": code, **more}})


def handoff(code: str, question: str = "") -> dict[str, Any]:
    """A complete ``handoff-request/1``."""
    return {
        "schema": "handoff-request/1",
        "reason": {"code": code, "evidence": question},
        "intent": None,
        "slots": {},
        "open_form": None,
        "knowledge_tried": [],
        "actions_tried": [],
        "last_question": question,
    }


class StubBrain:
    """Serves turns by a behaviour that a test may exchange; remembers what it was asked."""

    def __init__(self) -> None:
        self.turns: list[dict[str, Any]] = []
        self.secrets: list[str] = []
        self.searches: list[dict[str, Any]] = []
        self.results: list[dict[str, Any]] = []
        self.articles: dict[str, dict[str, Any]] = {}
        self.asked_articles: list[str] = []
        self.behave: Behaviour = self.echo
        self.at_once = 0
        self.most_at_once = 0

    def client(self, secret: str = "s" * 40) -> BrainClient:
        """A client of this brain."""
        return BrainClient(
            "http://brain", secret, public_url="https://chat.example", transport=httpx.MockTransport(self._serve)
        )

    async def echo(self, turn: dict[str, Any]) -> httpx.Response:
        """Answer with what was said."""
        return result(turn, f"you said {turn['input'].get('text') or turn['input'].get('payload')}")

    async def away(self, turn: dict[str, Any]) -> httpx.Response:
        """Nobody listens."""
        raise httpx.ConnectError("connection refused")

    async def loading(self, turn: dict[str, Any]) -> httpx.Response:
        """Up, without a model."""
        return error(503, "no_model")

    async def failing(self, turn: dict[str, Any]) -> httpx.Response:
        """A bug in the brain."""
        return error(500, "brain_failed")

    async def dying(self, turn: dict[str, Any]) -> httpx.Response:
        """Gone in the middle of the turn."""
        raise httpx.ReadError("connection reset by peer")

    async def cutting_off(self, turn: dict[str, Any]) -> httpx.Response:
        """The turn takes too long, whatever it says."""
        return error(422, "over_budget", acted=False)

    async def without_actions(self, turn: dict[str, Any]) -> httpx.Response:
        """Its action server is away."""
        return error(503, "actions_away", action="action_track_order")

    async def _serve(self, request: httpx.Request) -> httpx.Response:
        self.secrets.append(request.headers["Authorization"])
        if request.url.path.endswith("/ready"):
            return httpx.Response(200, json={"ready": True, "model": "stub"})
        if request.url.path.endswith("/search"):
            self.searches.append(json.loads(request.content))
            return httpx.Response(200, json={"schema": "search-result/1", "results": self.results})
        if request.url.path.endswith("/article"):
            wanted = json.loads(request.content)["article"]
            self.asked_articles.append(wanted)
            return httpx.Response(200, json={"schema": "article-result/1", "article": self.articles.get(wanted)})
        turn = json.loads(request.content)
        self.turns.append(turn)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            return await self.behave(turn)
        finally:
            self.at_once -= 1


_LINGER = 0.3


class Mortal:
    """A behaviour that dies of one text, and every turn that it has at that moment dies with it."""

    def __init__(self, brain: StubBrain, poison: str) -> None:
        self._brain = brain
        self._poison = poison
        self._death = asyncio.Event()
        self.deaths = 0
        self.company: list[tuple[str, int]] = []
        """The text of each turn, and how many turns there were with it."""
        self.crowded = asyncio.Event()
        """Set by the test when enough turns have come for the first death to begin."""

    async def __call__(self, turn: dict[str, Any]) -> httpx.Response:
        """Answer, or die."""
        text, death = str(turn["input"].get("text")), self._death
        self.company.append((text, self._brain.at_once))
        await self.crowded.wait()
        if self.deaths > 0:
            # Long enough for a worker that begins others beside it to be caught; a right one only takes longer.
            await asyncio.sleep(_LINGER)
        if text == self._poison:
            self.deaths += 1
            self._death = asyncio.Event()
            death.set()
        elif self.deaths == 0:
            await death.wait()
        if death.is_set():
            raise httpx.RemoteProtocolError("Server disconnected without sending a response.")
        return await self._brain.echo(turn)


class Gate:
    """A behaviour that waits until the test opens it."""

    def __init__(self, then: Behaviour) -> None:
        self._then = then
        self.reached = asyncio.Event()
        self.open = asyncio.Event()

    async def __call__(self, turn: dict[str, Any]) -> httpx.Response:
        """Wait, then behave."""
        self.reached.set()
        await self.open.wait()
        return await self._then(turn)
