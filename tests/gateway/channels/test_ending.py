"""D22, kind 6: a visitor ends a conversation on a shared computer, and an old key opens nothing."""

from __future__ import annotations

import dataclasses
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from bot.gateway.channels import ageing, ending
from bot.gateway.conversations import owner
from bot.gateway.conversations.tables import Conversation, Entry
from bot.gateway.services import Services
from bot.gateway.tickets.tables import Ticket
from tests.gateway.making import MovableClock
from tests.gateway.serving import Visitor, served
from tests.gateway.stub_brain import StubBrain, handoff, result


@dataclass
class Site:
    """A served gateway with a clock that a test sets on."""

    http: httpx.AsyncClient
    parts: Services
    keys: MovableClock
    """The clock by which visitors' keys grow old."""


@pytest.fixture
async def site(parts: Services) -> AsyncIterator[Site]:
    """The website with keys that last an hour, and a brain that passes on whoever asks for a person."""
    brain = StubBrain()

    async def answers(turn: dict[str, Any]) -> httpx.Response:
        gives_up = turn["input"].get("text") == "a person"
        return result(turn, "Yes.", handoff=handoff("customer_request") if gives_up else None)

    brain.behave = answers
    keys = MovableClock()
    limit = ageing.AgeLimit(timedelta(hours=1), keys)
    with_brain = dataclasses.replace(parts, brain=brain.client(), age_limit=limit)
    async with served(with_brain) as http:
        yield Site(http, with_brain, keys)


async def _end(visitor: Visitor) -> httpx.Response:
    return await visitor.http.post(f"{visitor.address}/end", headers=visitor.headers)


async def _status(visitor: Visitor) -> int:
    return (await visitor.http.post(f"{visitor.address}/typing", headers=visitor.headers)).status_code


async def _talks(site: Site, text: str, events: int) -> Visitor:
    visitor = await Visitor.arrive(site.http)
    async with visitor.events() as stream:
        await visitor.send(1, text=text)
        await stream.take(events)
    return visitor


async def test_an_ended_conversation_opens_to_nobody(site: Site) -> None:
    """The key that lay in the browser is worth nothing, whoever kept a copy; ending twice is not possible."""
    visitor = await _talks(site, "hello", 2)
    answer = await _end(visitor)
    assert (answer.status_code, answer.json()) == (200, {"owner": "bot"})
    again = await _end(visitor)
    assert (again.status_code, again.json()["error"]["code"]) == (404, "unknown_conversation")
    assert (await visitor.send(2, text="again")).status_code == 404
    events = await site.http.get(f"{visitor.address}/events", headers=visitor.headers)
    assert events.status_code == 404


async def test_only_its_visitor_can_end_it(site: Site) -> None:
    """Another visitor, or nobody, ends nothing."""
    visitor, other = await _talks(site, "hello", 2), await Visitor.arrive(site.http)
    for headers in ({}, other.headers):
        assert (await site.http.post(f"{visitor.address}/end", headers=headers)).status_code == 404
    assert await _status(visitor) == 204


async def test_who_ends_it_leaves_the_line(site: Site) -> None:
    """No agent claims somebody who is gone."""
    visitor = await _talks(site, "a person", 3)
    answer = await _end(visitor)
    assert answer.json() == {"owner": "queue"}
    states = await site.parts.database.read(lambda session: session.scalars(select(Ticket.state)).all())
    assert states == ["abandoned"]


async def test_an_agent_is_told_that_the_customer_has_gone(site: Site) -> None:
    """Who writes on should know that nobody reads it; the customer's side shows none of it."""
    visitor = await _talks(site, "hello", 2)

    def claimed(session: Any) -> None:
        conversation = session.get_one(Conversation, visitor.conversation_id)
        conversation.owner = owner.human("a1")

    await site.parts.database.run(claimed)
    assert (await _end(visitor)).json() == {"owner": "human"}
    notes = await site.parts.database.read(
        lambda session: session.scalars(select(Entry).where(Entry.type == "note")).all()
    )
    assert [(note.text, note.visible_to_customer) for note in notes] == [(ending.LEFT, False)]


async def test_a_key_opens_nothing_after_its_last_day(site: Site) -> None:
    """Counted from the last word: who comes back in time goes on."""
    visitor = await _talks(site, "hello", 2)
    site.keys.ahead = timedelta(minutes=59)
    assert await _status(visitor) == 204
    site.keys.ahead = timedelta(minutes=61)
    refused = await visitor.send(2, text="again")
    assert (refused.status_code, refused.json()["error"]["code"]) == (404, "unknown_conversation")


async def test_a_conversation_that_a_person_owes_an_answer_does_not_age(site: Site) -> None:
    """Whoever waits in the queue may wait over a weekend."""
    visitor = await _talks(site, "a person", 3)
    site.keys.ahead = timedelta(days=9)
    assert await _status(visitor) == 204


async def test_later_words_keep_an_old_conversation_open(site: Site) -> None:
    """It is the last word that counts, not when it began."""
    visitor = await _talks(site, "hello", 2)

    def began_long_ago(session: Any) -> None:
        conversation = session.get_one(Conversation, visitor.conversation_id)
        conversation.started_at -= timedelta(days=30)

    await site.parts.database.run(began_long_ago)
    assert await _status(visitor) == 204
