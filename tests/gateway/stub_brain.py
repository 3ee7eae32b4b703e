"""A brain that behaves as a test says: it answers, fails or stays silent. Real dialogues are tested elsewhere.

It reads what the gateway sends, and makes what it answers, with the contract that the real brain has.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

import httpx

from bot.contract import failures, schemas
from bot.contract.failures import Failed, Failure
from bot.contract.reading import as_json, checked, read
from bot.contract.result import Reply, TurnResult
from bot.contract.search import (
    LARGEST_ARTICLE_REQUEST,
    LARGEST_SEARCH,
    ArticleRequest,
    ArticleResult,
    Search,
    SearchResult,
)
from bot.contract.trace import Reading, Trace
from bot.contract.turn import LARGEST_TURN, Turn
from bot.gateway.conversations.brain_client import BrainClient
from bot.handoff.reasons import ReasonCode
from bot.handoff.request import HandoffRequest

Behaviour = Callable[[dict[str, Any]], Awaitable[httpx.Response]]


def result(turn: dict[str, Any], *texts: str, **more: Any) -> httpx.Response:
    """A turn that was taken, with these replies; ``more`` are fields of a ``turn-result/1``."""
    taken = TurnResult(
        message_id=turn["message_id"],
        replies=[Reply(text) for text in texts],
        handoff=None,
        state={"schema": schemas.DIALOGUE_STATE, "turns": ((turn["state"] or {}).get("turns") or 0) + 1},
        trace=as_json(Trace(intent=Reading("greet", 1.0))),
    )
    body = as_json(taken) | more
    checked(checked(body, TurnResult).trace or {}, Trace)
    return httpx.Response(200, json=body)


def error(status: int, code: str, *, action: str | None = None, acted: bool | None = None) -> httpx.Response:
    """A turn that was not taken."""
    return httpx.Response(status, json=as_json(Failed(Failure(code, code, action, acted))))


def handoff(code: str, question: str = "") -> dict[str, Any]:
    """A complete ``handoff-request/1``."""
    request = HandoffRequest(ReasonCode.CUSTOMER_REQUEST, last_question=question).to_json()
    # Some tests ask for a code that does not exist.
    return {**request, "reason": {"code": code, "evidence": question}}


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
        return error(503, failures.NO_MODEL)

    async def failing(self, turn: dict[str, Any]) -> httpx.Response:
        """A bug in the brain."""
        return error(500, failures.BRAIN_FAILED)

    async def dying(self, turn: dict[str, Any]) -> httpx.Response:
        """Gone in the middle of the turn."""
        raise httpx.ReadError("connection reset by peer")

    async def cutting_off(self, turn: dict[str, Any]) -> httpx.Response:
        """The turn takes too long, whatever it says."""
        return error(422, failures.OVER_BUDGET, acted=False)

    async def without_actions(self, turn: dict[str, Any]) -> httpx.Response:
        """Its action server is away."""
        return error(503, failures.ACTIONS_AWAY, action="action_track_order")

    async def _serve(self, request: httpx.Request) -> httpx.Response:
        self.secrets.append(request.headers["Authorization"])
        if request.url.path.endswith("/ready"):
            return httpx.Response(200, json={"ready": True, "model": "stub"})
        if request.url.path.endswith("/search"):
            read(request.content, Search, largest=LARGEST_SEARCH)
            self.searches.append(json.loads(request.content))
            passages = {"schema": schemas.SEARCH_RESULT, "results": self.results}
            return httpx.Response(200, json=as_json(checked(passages, SearchResult)))
        if request.url.path.endswith("/article"):
            wanted = read(request.content, ArticleRequest, largest=LARGEST_ARTICLE_REQUEST).article
            self.asked_articles.append(wanted)
            found = {"schema": schemas.ARTICLE_RESULT, "article": self.articles.get(wanted)}
            return httpx.Response(200, json=as_json(checked(found, ArticleResult)))
        read(request.content, Turn, largest=LARGEST_TURN)
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
