"""Colleagues: notes with mentions, who is writing, canned replies, the search, a customer's earlier conversations."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import httpx
import pytest

from bot.gateway.conversations import transcript
from bot.gateway.desk.roles import Role
from tests.gateway.channels.gateway_server import Gateway
from tests.gateway.desk.conftest import Desk, Desks
from tests.gateway.stub_brain import StubBrain
from tests.gateway.tickets.scene import Scene

# Nothing here depends on where the rows lie but what runs on both below.
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def with_sam(scene: Scene, sam: Desk, who: str = "ada") -> tuple[str, str]:
    """A conversation that Sam has; gives the ids of conversation and ticket."""
    conversation_id = await scene.says(who, "my dishwasher leaks", "web")
    await scene.handled()
    ticket_id = await scene.hand_off(conversation_id)
    assert (await sam.post(f"tickets/{ticket_id}/claim")).status_code == 200
    return conversation_id, ticket_id


async def mentioned(desk: Desk, which: str) -> list[bool]:
    """Whether the tickets of a list name this agent."""
    return [one["mentioned"] for one in (await desk.get(f"tickets?list={which}"))["tickets"]]


async def test_a_colleague_is_asked_and_answers_and_the_customer_sees_none_of_it(desks: Desks, scene: Scene) -> None:
    """A mention stays until its reader has opened the ticket; a note sent twice stands once."""
    sam, kim = await desks.signed_in("Sam"), await desks.signed_in("Kim")
    conversation_id, ticket_id = await with_sam(scene, sam)
    assert [one["name"] for one in (await sam.get("team"))["agents"]] == ["Kim", "Sam"]
    note = {"client_seq": 1, "text": "@Kim is this the recalled model?", "mentions": [kim.agent_id]}
    sent = [(await sam.post(f"tickets/{ticket_id}/notes", note)).json() for _ in range(2)]
    assert sent[0] == sent[1]
    assert await mentioned(kim, "team") == [True]
    assert await mentioned(sam, "mine") == [False]
    shown = await kim.get(f"tickets/{ticket_id}")
    assert shown["entries"][-1]["mentions"] == [{"id": kim.agent_id, "name": "Kim"}]
    assert await mentioned(kim, "team") == [False]
    answer = {"client_seq": 1, "text": "It is.", "mentions": [sam.agent_id]}
    assert (await kim.post(f"tickets/{ticket_id}/notes", answer)).status_code == 202
    assert await mentioned(sam, "mine") == [True]
    seen = await scene.database.read(transcript.entries_after, conversation_id, 0, customers_only=True)
    assert not [one for one in seen if "recalled" in one.text or "It is." in one.text]
    unknown = await sam.post(f"tickets/{ticket_id}/notes", {"client_seq": 2, "text": "x", "mentions": ["nobody"]})
    assert (unknown.status_code, unknown.json()["error"]["code"]) == (409, "unknown_colleague")


async def typing_events(desk: Desk, act: Any) -> set[tuple[str, str]]:
    """What a desk's stream says of writing, until both sides have been heard: author and conversation."""
    found: set[tuple[str, str]] = set()
    async with desk.browser.stream("GET", "events") as answer, asyncio.timeout(10):
        lines = answer.aiter_lines()
        await anext(lines)
        await act()
        name = ""
        async for line in lines:
            if line.startswith("event:"):
                name = line.partition(":")[2].strip()
            elif line.startswith("data:") and name == "typing":
                said = json.loads(line.partition(":")[2])
                assert set(said) == {"author", "conversation_id"}
                found.add((said["author"], said["conversation_id"]))
                if len(found) == 2:
                    return found
    return found


async def test_each_side_sees_that_the_other_is_writing_and_only_the_owner_can_say_so(
    desks: Desks, scene: Scene
) -> None:
    """A colleague who looks on sees it, too; nothing of what is being written travels."""
    sam, kim = await desks.signed_in("Sam"), await desks.signed_in("Kim")
    async with httpx.AsyncClient(base_url=desks.url) as visitor:
        opened = (await visitor.post("/api/web/conversations", json={})).json()
        conversation_id, token = opened["conversation_id"], {"Authorization": f"Bearer {opened['token']}"}
        ticket_id = await scene.hand_off(conversation_id)
        await sam.post(f"tickets/{ticket_id}/claim")

        async def write() -> None:
            path = f"/api/web/conversations/{conversation_id}/typing"
            assert (await visitor.post(path, headers=token)).status_code == 204
            assert (await sam.post(f"tickets/{ticket_id}/typing")).status_code == 204
            refused = await kim.post(f"tickets/{ticket_id}/typing")
            assert refused.json()["error"]["code"] == "not_yours"

        found = await typing_events(kim, write)
    assert found == {("customer", conversation_id), ("human", conversation_id)}


@on_sqlite
async def test_canned_replies_are_kept_by_supervisors_and_read_by_all(desks: Desks, scene: Scene) -> None:
    """One word, one reply; a variable that could not be filled in is refused at once."""
    boss, sam = await desks.signed_in("Boss", Role.SUPERVISOR), await desks.signed_in("Sam")
    body = {"shortcut": "/Hello", "title": "Greeting", "text": "Hello {customer_name}, this is {agent_name}."}
    made = (await boss.post("canned", body)).json()["reply"]
    assert made["shortcut"] == "hello"
    assert (await sam.get("canned"))["replies"] == [made]
    assert (await boss.post("canned", body)).json()["error"]["code"] == "shortcut_taken"
    changed = await boss.post(f"canned/{made['id']}", body | {"text": "Hi!"})
    assert changed.json()["reply"]["text"] == "Hi!"
    for wrong in ({"shortcut": "two words"}, {"text": "Dear {Customer Name}"}, {"title": " "}):
        assert (await boss.post("canned", body | {"shortcut": "x"} | wrong)).status_code == 400, wrong
    assert (await boss.browser.delete(f"canned/{made['id']}")).status_code == 204
    assert (await sam.get("canned"))["replies"] == []


@pytest.fixture
async def brain(running: Gateway) -> AsyncIterator[StubBrain]:
    """A brain whose search answers, behind the running gateway."""
    brain = StubBrain()
    client = brain.client()
    services = running.app.state.desk_services
    running.app.state.desk_services = replace(services, brain=client)
    yield brain
    running.app.state.desk_services = services


@on_sqlite
async def test_the_search_finds_internal_articles_too_and_says_so(desks: Desks, brain: StubBrain) -> None:
    """Marked, so that nobody sends them to a customer; the words looked for stand in no log."""
    boss = await desks.signed_in("Boss", Role.SUPERVISOR)
    found = {
        "article": "goodwill",
        "title": "Goodwill",
        "heading": "Limits",
        "url": "",
        "score": 0.8,
        "text": "30 pounds.",
    }
    brain.results = [found | {"public": False}]
    answer = await boss.post("search", {"query": "goodwill for a customer called Ada"})
    assert answer.json()["results"] == [found | {"public": False, "format": None, "formatted": None}]
    assert brain.searches[-1]["query"] == "goodwill for a customer called Ada"
    log = json.dumps(await boss.get("audit"))
    assert "searched" in log
    assert "Ada" not in log
    assert (await boss.post("search", {"query": " "})).status_code == 400


async def test_earlier_conversations_of_the_same_customer_are_shown_and_nobody_elses(
    desks: Desks, scene: Scene
) -> None:
    """With how they ended and what was noted."""
    sam = await desks.signed_in("Sam")
    conversation_id, first = await with_sam(scene, sam)
    await sam.post(f"tickets/{first}/resolve", {"outcome": "solved", "note": "hose replaced"})
    await with_sam(scene, sam, "ben")
    second = await scene.hand_off(conversation_id)
    [earlier] = (await sam.get(f"tickets/{second}"))["earlier"]
    assert (earlier["ticket_id"], earlier["outcome"], earlier["note"], earlier["agent_name"]) == (
        first,
        "solved",
        "hose replaced",
        "Sam",
    )
