"""Thumbs on the website: on answers, by the visitor of the conversation, changed and taken back as they like."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest

from bot.gateway.channels.opening import OpenChannels, Website, WebsiteExtras
from bot.gateway.conversations import rating
from bot.gateway.conversations.brain_client import Reply, TurnTaken
from bot.gateway.conversations.tables import Entry
from bot.gateway.services import Services
from tests.gateway.serving import Visitor, served
from tests.gateway.stub_brain import StubBrain, result

ANSWERED: dict[str, Any] = {"decision": {"kind": "answer", "why": "so"}, "form": None}


@asynccontextmanager
async def website(parts: Services) -> AsyncIterator[httpx.AsyncClient]:
    """Serve the website, with a brain that answers in two messages."""
    brain = StubBrain()

    async def answers(turn: dict[str, Any]) -> httpx.Response:
        return result(turn, "One moment.", "We open at 11am.", trace=ANSWERED)

    brain.behave = answers
    async with served(dataclasses.replace(parts, brain=brain.client())) as http:
        yield http


@pytest.fixture
async def site(parts: Services) -> AsyncIterator[httpx.AsyncClient]:
    """The website as it is by default."""
    async with website(parts) as http:
        yield http


async def asked(http: httpx.AsyncClient) -> Visitor:
    """A visitor who has an answer: the numbers 2 and 3."""
    visitor = await Visitor.arrive(http)
    async with visitor.events() as stream:
        await visitor.send(1, text="when do you open?")
        await stream.take(3)
    return visitor


async def thumb(visitor: Visitor, seq: object, body: Any, headers: dict[str, str] | None = None) -> httpx.Response:
    """Press a thumb."""
    return await visitor.http.post(
        f"{visitor.address}/messages/{seq}/rating", json=body, headers=visitor.headers if headers is None else headers
    )


async def shown(visitor: Visitor) -> list[Any]:
    """What a page that loads anew sees."""
    async with visitor.events() as stream:
        return [event.data["rating"] for event in await stream.take(3)]


async def test_a_thumb_is_kept_changed_and_taken_back(site: httpx.AsyncClient) -> None:
    """Only the last message of an answer asks for one; the same again, and many at once, change nothing."""
    visitor = await asked(site)
    assert await shown(visitor) == [None, None, "open"]
    for body, kept in (({"rating": "up"}, "up"), ({"rating": "down"}, "down"), ({"rating": None}, "open")):
        answers = await asyncio.gather(*(thumb(visitor, 3, body) for _ in range(4)))
        assert [answer.status_code for answer in answers] == [204] * 4
        assert await shown(visitor) == [None, None, kept]


async def test_somebody_who_plays_with_the_thumbs_is_asked_to_wait(parts: Services) -> None:
    """Each press is a write; the last that was taken stands."""
    few = OpenChannels(Website("Hello.", extras=WebsiteExtras(ratings=2)), None)
    async with website(dataclasses.replace(parts, open_channels=few)) as http:
        visitor = await asked(http)
        pressed = [(await thumb(visitor, 3, {"rating": one})).status_code for one in ("up", "down", "up")]
        assert pressed == [204, 204, 429]
        assert await shown(visitor) == [None, None, "down"]


async def test_hostile_thumbs_are_refused_and_change_nothing(site: httpx.AsyncClient) -> None:
    """Foreign conversations do not exist; one's own words, half an answer and made-up values are no answers."""
    visitor, other = await asked(site), await asked(site)
    for headers in ({}, other.headers, {"Authorization": "Bearer x"}):
        refused = await thumb(visitor, 3, {"rating": "down"}, headers)
        assert (refused.status_code, refused.json()["error"]["code"]) == (404, "unknown_conversation")
    for seq in (1, 2, 4, 2**31 - 1):
        refused = await thumb(visitor, seq, {"rating": "down"})
        assert (refused.status_code, refused.json()["error"]["code"]) == (404, "unknown_answer")
    bodies: list[Any] = [{}, {"rating": "sideways"}, {"rating": True}, {"rating": "up", "why": "x"}, [], "up", None]
    for body in bodies:
        assert (await thumb(visitor, 3, body)).json()["error"]["code"] == "bad_request"
    for seq in (0, -1, "x", 2**31, "3.5", "%00"):
        assert (await thumb(visitor, seq, {"rating": "up"})).status_code == 400
    assert await shown(visitor) == [None, None, "open"]


@pytest.mark.parametrize(
    ("channel", "trace", "asks"),
    [
        ("web", ANSWERED, True),
        ("web", {"decision": {"kind": "act"}, "form": {"name": "f"}}, False),
        ("web", {"decision": {"kind": "answer"}, "form": {"name": "f"}}, False),
        ("web", {"decision": {"kind": "act"}, "form": None}, True),
        ("web", {"decision": {"kind": "unclear"}}, False),
        ("web", {}, False),
        ("telegram", ANSWERED, False),
    ],
)
def test_answers_on_the_website_ask_for_a_thumb(channel: str, trace: dict[str, Any], asks: bool) -> None:
    """W14: a form's question is no answer, its first one neither; messaging channels have no thumbs."""
    taken = TurnTaken((Reply("x"),), None, None, trace)
    assert rating.may_be_rated(channel, taken) is asks
    assert not rating.may_be_rated(channel, dataclasses.replace(taken, handoff={"schema": "x"}))
    assert not rating.may_be_rated(channel, dataclasses.replace(taken, replies=()))


def test_an_entry_that_nobody_rated_has_no_thumb() -> None:
    """Whether it may be rated or not."""
    assert [rating.shown(Entry(rating=kept)) for kept in (None, "open", "up", "down")] == [None, None, "up", "down"]
