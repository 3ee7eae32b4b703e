"""The gateway's side of the private channel: what it asks, how long it waits, and what it makes of each answer."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import httpx
import msgspec
import pytest

from bot.contract.turn import Customer, TextInput, Turn
from bot.gateway.conversations import brain_client
from bot.gateway.conversations.brain_client import (
    BrainAway,
    BrainClient,
    BrainFailed,
    BrainLost,
    Found,
    TurnOutcome,
    TurnOverBudget,
    TurnRefused,
    TurnTaken,
)
from tests.gateway.stub_brain import Gate, StubBrain, error, result

TURN = Turn(
    conversation_id="c", message_id="m", channel="web", locale="en", customer=Customer(), input=TextInput("hello")
)
SHADOW = msgspec.structs.replace(TURN, shadow=True)
SECRET = "s" * 40

PRICES = {"article": "prices", "title": "Prices", "heading": "Oven", "score": 0.75, "text": "It is **£5**."}
RESULTS = [
    {**PRICES, "url": "/articles/prices", "public": True, "format": "markdown"},
    {**PRICES, "url": "/articles/prices", "public": False},
    {**PRICES, "url": "https://wiki.example/prices", "public": False},
]


@dataclass
class Line:
    """A brain that answers as a test says; remembers what it was asked."""

    asked: list[httpx.Request] = field(default_factory=list)
    answer: Callable[[httpx.Request], Awaitable[httpx.Response]] | httpx.Response | Exception = field(
        default_factory=lambda: httpx.Response(200)
    )

    async def serve(self, request: httpx.Request) -> httpx.Response:
        """Answer one request."""
        self.asked.append(request)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer if isinstance(self.answer, httpx.Response) else await self.answer(request)


@pytest.fixture
def line() -> Line:
    """Nothing was asked yet."""
    return Line()


@pytest.fixture
async def client(line: Line) -> AsyncIterator[BrainClient]:
    """A client of that brain."""
    made = BrainClient(
        "http://brain", SECRET, public_url="https://chat.example", transport=httpx.MockTransport(line.serve)
    )
    yield made
    await made.close()


async def test_each_question_goes_to_its_address_with_the_secret(client: BrainClient, line: Line) -> None:
    """docs/reference/turn.md; whatever stands between the two may read what kind of body it is."""
    await client.take_turn(TURN)
    await client.search("prices", 3)
    await client.article("prices")
    await client.state()
    assert [(one.method, one.url.path) for one in line.asked] == [
        ("POST", "/webhooks/warmline/turn"),
        ("POST", "/webhooks/warmline/search"),
        ("POST", "/webhooks/warmline/article"),
        ("GET", "/webhooks/warmline/ready"),
    ]
    assert {one.headers["Authorization"] for one in line.asked} == {f"Bearer {SECRET}"}
    assert {one.headers["Content-Type"] for one in line.asked[:3]} == {"application/json"}


PAGE = httpx.Response(502, text="<html>Bad Gateway</html>")


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (error(422, "over_budget"), TurnOverBudget(acted=True)),
        (error(422, "over_budget", acted=False), TurnOverBudget(acted=False)),
        (error(422, "bad_turn"), BrainFailed("bad_turn")),
        (error(503, "actions_away", action="track", acted=False), BrainAway("actions_away", "track", acted=False)),
        (error(503, "actions_away", action="track"), BrainAway("actions_away", "track", acted=None)),
        (error(503, "no_model"), BrainAway("no_model", acted=False)),
        (error(401, "wrong_secret"), BrainAway("wrong_secret", acted=False)),
        (httpx.Response(404, text="nothing here"), BrainAway("status_404", acted=False)),
        (PAGE, BrainAway("status_502", acted=None)),
        (httpx.Response(504, text="Gateway Timeout"), BrainLost("status_504")),
        (error(504, "actions_away"), BrainLost("actions_away")),
        (error(502, "action_failed", action="track", acted=True), BrainFailed("action_failed", "track", acted=True)),
        (error(502, "action_failed"), BrainFailed("action_failed")),
        (error(500, "brain_failed", acted=False), BrainFailed("brain_failed", acted=False)),
        (error(400, "bad_turn"), TurnRefused("bad_turn")),
        (error(413, "too_large"), TurnRefused("too_large")),
        (httpx.Response(200, json={"schema": "turn-result/9", "replies": []}), BrainFailed("unknown_result")),
        (httpx.Response(200, text="hello"), BrainFailed("malformed_result")),
        (httpx.Response(200, content=b" " * (brain_client.LARGEST_RESULT + 1)), BrainFailed("result_too_large")),
        (httpx.ConnectError("refused"), BrainAway("not reached (ConnectError)", acted=False)),
        (httpx.ConnectTimeout("nobody"), BrainAway("not reached (ConnectTimeout)", acted=False)),
        (httpx.ReadTimeout("silence"), BrainLost("no answer (ReadTimeout)")),
        (httpx.ReadError("reset"), BrainLost("no answer (ReadError)")),
    ],
)  # fmt: skip
async def test_every_way_to_take_no_turn_has_its_outcome_and_its_reason(
    client: BrainClient, line: Line, answer: httpx.Response | Exception, outcome: TurnOutcome
) -> None:
    """What is done next depends on it, and the reason stands in the ticket: somebody has to mend it."""
    line.answer = answer
    assert await client.take_turn(TURN) == outcome


async def test_nobody_waits_long_for_a_connection(client: BrainClient, line: Line) -> None:
    """A turn may take its time once the brain has it; a brain that takes no connection is away."""
    await client.take_turn(TURN)
    limits = line.asked[0].extensions["timeout"]
    assert (limits["connect"], limits["read"]) == (brain_client.CONNECT_TIMEOUT, brain_client.TURN_TIMEOUT)


async def test_an_answer_that_comes_in_drops_is_waited_for_no_longer_than_a_turn_may_last(
    client: BrainClient, line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A suggestion that comes later than that is dropped; the agent has written themselves by then."""
    monkeypatch.setattr(brain_client, "SHADOW_TIMEOUT", 0.05)
    monkeypatch.setattr(brain_client, "CONNECT_TIMEOUT", 0.05)

    async def late(request: httpx.Request) -> httpx.Response:
        await asyncio.sleep(1)
        return result(json.loads(request.content), "Too late.")

    line.answer = late
    assert await client.think(SHADOW) is None


async def test_a_shadow_turn_waits_for_all_customers_and_then_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two customers' turns: the end of one is not enough, and once both have ended nothing stands in its way."""
    monkeypatch.setattr(brain_client, "SHADOW_PATIENCE", 0.1)
    brain = StubBrain()
    client = brain.client()
    gates = [Gate(brain.echo), Gate(brain.echo)]
    coming = iter(gates)
    brain.behave = lambda turn: next(coming)(turn)
    turns = []
    for gate in gates:
        turns.append(asyncio.create_task(client.take_turn(TURN)))
        await gate.reached.wait()
    gates[0].open.set()
    await turns[0]
    assert await client.think(SHADOW) is None
    assert await client.search("prices", 3, in_the_background=True) is None
    gates[1].open.set()
    await turns[1]
    brain.behave = brain.echo
    assert isinstance(await client.think(SHADOW), TurnTaken)
    assert await client.search("prices", 3, in_the_background=True) == ()
    await client.close()


async def test_what_an_agent_finds_is_plain_and_leads_to_pages_that_exist(client: BrainClient, line: Line) -> None:
    """An internal article has no page of ours; its page elsewhere, and every public one, can be opened."""
    line.answer = httpx.Response(200, json={"schema": "search-result/1", "results": RESULTS})
    public, internal, elsewhere = await client.search("prices", 3) or ()
    assert public == Found(
        article="prices",
        title="Prices",
        heading="Oven",
        url="/articles/prices",
        public=True,
        score=0.75,
        text="It is £5.",
        format="markdown",
        formatted="It is **£5**.",
    )
    assert (internal.url, internal.text, internal.format) == ("", "It is **£5**.", None)
    assert elsewhere.url == "https://wiki.example/prices"
    assert json.loads(line.asked[0].content) == {"schema": "search/1", "query": "prices", "limit": 3}


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(200, text="hello"),
        httpx.Response(200, json={"schema": "search-result/1", "results": [{"article": 1}]}),
        httpx.Response(200, content=b" " * (brain_client.LARGEST_RESULT + 1)),
        httpx.Response(201, json={"schema": "search-result/1", "results": []}),
        error(503, "no_index"),
        httpx.ConnectError("refused"),
    ],
)  # fmt: skip
async def test_knowledge_that_cannot_be_read_is_away_and_stops_nobody(
    client: BrainClient, line: Line, answer: httpx.Response | Exception
) -> None:
    """Neither a search nor a page of an article ends in a fault."""
    line.answer = answer
    assert await client.search("prices", 3) is None
    assert await client.article("prices") == "away"


async def test_an_article_is_what_everybody_may_read(client: BrainClient, line: Line) -> None:
    """One that is not there is known to be so: then the brain is not away."""
    words = {"title": "Prices", "language": "en", "markdown": "£5"}
    line.answer = httpx.Response(200, json={"schema": "article-result/1", "article": words})
    found = await client.article("prices")
    assert msgspec.to_builtins(found) == words
    line.answer = httpx.Response(200, json={"schema": "article-result/1", "article": None})
    assert await client.article("prices") == "unknown"


@pytest.mark.parametrize("ask", ["turn", "search", "article", "state"])
async def test_a_refused_secret_is_in_the_log_whatever_was_asked(
    client: BrainClient, line: Line, ask: str, caplog: pytest.LogCaptureFixture
) -> None:
    """The first question that meets it tells the operator which variable to set, and the next ones are quiet."""
    line.answer = error(401, "wrong_secret")
    questions: dict[str, Callable[[], Awaitable[Any]]] = {
        "turn": lambda: client.take_turn(TURN),
        "search": lambda: client.search("prices", 3),
        "article": lambda: client.article("prices"),
        "state": client.state,
    }
    with caplog.at_level(logging.ERROR):
        await questions[ask]()
        await questions[ask]()
    assert ["WARMLINE_BRAIN_SECRET" in record.getMessage() for record in caplog.records] == [True]


@pytest.mark.parametrize(
    ("url", "shown"),
    [("https://help.example/hours", "https://help.example/hours"), ("javascript:alert(1)", ""), (None, "")],
)
async def test_a_source_that_cannot_be_opened_safely_keeps_its_title_and_loses_its_link(
    client: BrainClient, line: Line, url: str | None, shown: str
) -> None:
    """The customer reads where an answer is from; nothing that runs gets under their thumb."""
    citation = {"schema": "citation/1", "article": "hours", "title": "Hours", "heading": "", "url": url}
    replies = [{"text": "At **nine**.", "format": "markdown", "citation": citation}]

    async def cite(request: httpx.Request) -> httpx.Response:
        return result(json.loads(request.content), replies=replies)

    line.answer = cite
    taken = await client.take_turn(TURN)
    assert isinstance(taken, TurnTaken)
    [reply] = taken.replies
    assert reply.citation is not None
    assert (reply.citation["title"], reply.citation["url"]) == ("Hours", shown)
    assert (reply.text, reply.formatted) == ("At nine.", "At **nine**.")
