"""An agent's day over real HTTP: see who waits, claim, write, give back; nobody touches a colleague's conversation."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy.orm import Session

from bot.gateway.channels import outbox
from bot.gateway.channels.protocol import NotNow, Sent
from bot.gateway.conversations import transcript
from bot.gateway.conversations.tables import Conversation, Entry
from bot.gateway.tickets import notices
from bot.handoff.package import validate
from tests.gateway.desk.conftest import Desk, Desks
from tests.gateway.making import words
from tests.gateway.tickets.scene import Scene


async def waiting_customer(scene: Scene, who: str = "ada", channel: str = "web") -> tuple[str, str]:
    """A customer in the queue; gives the ids of conversation and ticket."""
    conversation_id = await scene.says(who, "my dishwasher leaks", channel)
    await scene.handled()
    return conversation_id, await scene.hand_off(conversation_id)


async def ids(desk: Desk, which: str) -> list[str]:
    """The tickets of one list."""
    return [ticket["id"] for ticket in (await desk.get(f"tickets?list={which}"))["tickets"]]


async def test_the_lists_show_each_ticket_where_it_is_oldest_first(desks: Desks, scene: Scene) -> None:
    """Waiting, mine, the team's, closed: a ticket is in one of them, and in the list of all."""
    sam, kim = await desks.signed_in("Sam"), await desks.signed_in("Kim")
    tickets = [(await waiting_customer(scene, who))[1] for who in ("ada", "ben", "cat", "dan")]
    assert await ids(sam, "waiting") == tickets
    await sam.post(f"tickets/{tickets[0]}/claim")
    await kim.post(f"tickets/{tickets[1]}/claim")
    await sam.post(f"tickets/{tickets[2]}/claim")
    await sam.post(f"tickets/{tickets[2]}/resolve", {"outcome": "solved"})
    found = {which: await ids(sam, which) for which in ("waiting", "mine", "team", "closed")}
    assert found == {"waiting": [tickets[3]], "mine": [tickets[0]], "team": [tickets[1]], "closed": [tickets[2]]}
    assert await ids(sam, "all") == tickets
    assert (await sam.browser.get("tickets?list=everything")).status_code == 400


async def test_a_ticket_shows_the_whole_story_traces_and_notes_included(desks: Desks, scene: Scene) -> None:
    """No repeated questions: what was said, what was tried, and why."""
    sam = await desks.signed_in("Sam")
    conversation_id = await scene.says("ada", "my dishwasher leaks", "web")
    conversation = await scene.conversation(conversation_id)
    trace = {"intent": {"name": "dishwasher_fault", "confidence": 0.9}}
    await scene.database.run(
        transcript.append, conversation, type="trace", author="bot", now=scene.clock(), detail=trace
    )
    await scene.handled()
    ticket_id = await scene.hand_off(conversation_id)
    shown = await sam.get(f"tickets/{ticket_id}")
    validate(shown["handoff"])
    ticket = shown["ticket"]
    assert ticket["state"] == "queued"
    assert ticket["reason"] == {"code": "customer_request", "text": "The customer asked for a person."}
    assert (ticket["customer_name"], ticket["channel"], ticket["agent"]) == ("Ada", "web", None)
    assert 0 <= ticket["age_seconds"] < 60
    assert ticket["last_seq"] == shown["entries"][-1]["seq"]
    assert [entry["type"] for entry in shown["entries"]] == ["message", "trace", "state", "message"]
    assert shown["entries"][1]["trace"] == trace
    offered = shown["entries"][3]["choices"]
    assert offered[0] == {"title": "Back to the assistant"}
    assert all(set(choice) == {"title"} for choice in offered), "no payload leaves the gateway"
    assert (await sam.browser.get("tickets/none")).json()["error"]["code"] == "unknown_ticket"


async def test_no_desk_learns_where_a_visitor_comes_from(desks: Desks, scene: Scene) -> None:
    """It is there for limits alone: neither the ticket, nor the package, nor any entry holds it."""
    sam = await desks.signed_in("Sam")
    conversation_id, ticket_id = await waiting_customer(scene)
    where = "0123456789abcdef" * 2

    def knows(session: Session) -> None:
        session.get_one(Conversation, conversation_id).origin = where

    await scene.database.run(knows)
    await sam.post(f"tickets/{ticket_id}/claim")
    for path in (f"tickets/{ticket_id}", "tickets?list=all", f"tickets/{ticket_id}/wrap-up", "audit"):
        answer = await sam.browser.get(path)
        assert where not in answer.text, path


async def test_two_agents_claim_at_once_and_one_of_them_gets_it(desks: Desks, scene: Scene) -> None:
    """One 200, one 409 that names the winner."""
    agents = [await desks.signed_in("Sam"), await desks.signed_in("Kim")]
    _, ticket_id = await waiting_customer(scene)
    answers = await asyncio.gather(*(agent.post(f"tickets/{ticket_id}/claim") for agent in agents))
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    won = next(answer.json() for answer in answers if answer.status_code == 200)
    lost = next(answer.json() for answer in answers if answer.status_code == 409)
    assert won["state"] == "accepted"
    assert lost["error"]["code"] == "already_claimed"
    assert won["agent"]["name"] in lost["error"]["message"]


async def test_the_whole_way_there_and_back_is_told_to_the_customer(desks: Desks, scene: Scene) -> None:
    """Claim, reply, return: the customer's page hears each, with the agent's name."""
    sam = await desks.signed_in("Sam")
    conversation_id, ticket_id = await waiting_customer(scene)
    await sam.post(f"tickets/{ticket_id}/claim")
    written = await sam.post(f"tickets/{ticket_id}/messages", {"client_seq": 1, "text": "Hello, I can help."})
    assert written.status_code == 202
    returned = await sam.post(f"tickets/{ticket_id}/return", {"note": "visit booked"})
    assert (returned.status_code, returned.json()["state"]) == (200, "returned")
    seen = await scene.database.read(transcript.entries_after, conversation_id, 0, customers_only=True)
    story = [(one.author, one.author_name, one.text) for one in seen if one.type == "message"]
    assert story == [
        ("customer", "Ada", "my dishwasher leaks"),
        ("system", None, words(notices.queued(1))),
        ("system", None, words(notices.claimed("Sam"))),
        ("human", "Sam", "Hello, I can help."),
        ("system", None, words(notices.returned("Sam"))),
    ]
    assert await scene.states(conversation_id) == [("queue", 1), ("human", "Sam"), ("bot", None)]
    assert written.json()["seq"] == seen[-3].seq


async def test_a_reply_sent_twice_is_written_once(desks: Desks, scene: Scene) -> None:
    """The page sends again what it got no answer to; other words with the same number are never swallowed."""
    sam = await desks.signed_in("Sam")
    conversation_id, ticket_id = await waiting_customer(scene)
    await sam.post(f"tickets/{ticket_id}/claim")
    answers = [
        (await sam.post(f"tickets/{ticket_id}/messages", {"client_seq": 1, "text": text})).json()
        for text in ("Hello.", "Hello.", "Another thing.")
    ]
    assert answers[0] == answers[1] != answers[2]
    assert await scene.texts(conversation_id, "human") == ["Hello.", "Another thing."]


async def test_who_does_not_have_the_ticket_writes_nothing(desks: Desks, scene: Scene) -> None:
    """Before the claim, beside a colleague, and after the end: 409, and the customer reads nothing of it."""
    sam, kim = await desks.signed_in("Sam"), await desks.signed_in("Kim")
    conversation_id, ticket_id = await waiting_customer(scene)
    writes: list[tuple[str, Any]] = [
        ("messages", {"client_seq": 1, "text": "psst"}),
        ("return", {"note": ""}),
        ("resolve", {"outcome": "solved", "note": ""}),
    ]

    async def refused(desk: Desk) -> None:
        for path, body in writes:
            answer = await desk.post(f"tickets/{ticket_id}/{path}", body)
            assert (answer.status_code, answer.json()["error"]["code"]) == (409, "not_yours")

    await refused(sam)
    await sam.post(f"tickets/{ticket_id}/claim")
    await refused(kim)
    await sam.post(f"tickets/{ticket_id}/resolve", {"outcome": "no_reply", "note": "gone"})
    await refused(kim)
    answer = await sam.post(f"tickets/{ticket_id}/messages", {"client_seq": 2, "text": "one more thing"})
    assert answer.json()["error"]["code"] == "not_yours"
    assert await scene.texts(conversation_id, "human") == []


async def test_a_customer_who_left_the_line_cannot_be_claimed(desks: Desks, scene: Scene) -> None:
    """The agent hears why."""
    sam = await desks.signed_in("Sam")
    conversation_id, ticket_id = await waiting_customer(scene)
    await scene.abandon(conversation_id)
    answer = await sam.post(f"tickets/{ticket_id}/claim")
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "not_waiting")


async def test_what_a_customer_writes_to_a_human_is_not_taken_by_the_bot_afterwards(desks: Desks, scene: Scene) -> None:
    """It has been read by the human; a late answer by the bot would be noise."""
    from bot.gateway.conversations.tables import InboxMessage

    sam = await desks.signed_in("Sam")
    conversation_id, ticket_id = await waiting_customer(scene)
    await scene.says("ada", "it is the grey one", "web")
    await sam.post(f"tickets/{ticket_id}/claim")
    await scene.says("ada", "thank you", "web")
    for _ in range(100):
        kept = [one.outcome for one in await scene.rows(InboxMessage)]
        if kept.count("kept_for_human") == 2:
            break
        await asyncio.sleep(0.05)
    await sam.post(f"tickets/{ticket_id}/return", {"note": ""})
    found = [(one.input["type"], one.outcome) for one in await scene.rows(InboxMessage)]
    assert found[1:3] == [("text", "kept_for_human")] * 2
    assert found[3][0] == "event"
    assert (await scene.texts(conversation_id, "customer")) == [
        "my dishwasher leaks",
        "it is the grey one",
        "thank you",
    ]


WRONG_INPUT: list[tuple[str, Any]] = [
    ("messages", {"client_seq": 0, "text": "x"}),
    ("messages", {"client_seq": "1", "text": "x"}),
    ("messages", {"client_seq": 2**31, "text": "x"}),
    ("messages", {"client_seq": 1, "text": ""}),
    ("messages", {"client_seq": 1, "text": "   "}),
    ("messages", {"client_seq": 1, "text": "x" * 4001}),
    ("messages", {"client_seq": 1, "text": ["x"]}),
    ("messages", {"client_seq": 1, "text": "x", "as": "bot"}),
    ("messages", []),
    ("return", {"note": 7}),
    ("resolve", {"outcome": "perfect"}),
    ("resolve", {}),
]


async def test_wrong_input_is_refused_in_the_one_shape_that_errors_have(desks: Desks, scene: Scene) -> None:
    """A page's mistake is an answer that its author can read."""
    sam = await desks.signed_in("Sam")
    _, ticket_id = await waiting_customer(scene)
    await sam.post(f"tickets/{ticket_id}/claim")
    for path, body in WRONG_INPUT:
        answer = await sam.post(f"tickets/{ticket_id}/{path}", body)
        assert (answer.status_code, answer.json()["error"]["code"]) == (400, "bad_request"), body


async def test_invalid_utf8_and_half_a_surrogate_pair_are_no_fault(desks: Desks, scene: Scene) -> None:
    """What no database takes is refused or mended, never a 500."""
    sam = await desks.signed_in("Sam")
    conversation_id, ticket_id = await waiting_customer(scene)
    await sam.post(f"tickets/{ticket_id}/claim")
    headers = {"Content-Type": "application/json"}
    path = f"tickets/{ticket_id}/messages"
    broken = await sam.browser.post(path, content=b'{"client_seq": 1, "text": "\xff"}', headers=headers)
    assert broken.status_code == 400
    mended = await sam.browser.post(path, content=b'{"client_seq": 1, "text": "a\\u0000\\ud800b"}', headers=headers)
    assert mended.status_code in (202, 400)
    assert all("\x00" not in text for text in await scene.texts(conversation_id, "human"))


@asynccontextmanager
async def listening(desk: Desk, query: str = "", last_event_id: str | None = None) -> AsyncIterator[AsyncIterator[Any]]:
    """The desk's stream, as ``(id, name, data)``."""
    headers = {} if last_event_id is None else {"Last-Event-ID": last_event_id}

    async def parsed(answer: httpx.Response) -> AsyncIterator[Any]:
        event: dict[str, str] = {}
        async for line in answer.aiter_lines():
            if not line and "data" in event:
                yield int(event["id"]), event["event"], json.loads(event["data"])
            if not line:
                event = {}
            elif not line.startswith(":"):
                name, _, value = line.partition(":")
                event[name] = value.lstrip()

    async with desk.browser.stream("GET", f"events{query}", headers=headers) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        assert answer.headers["x-accel-buffering"] == "no"
        yield parsed(answer)


async def heard(events: AsyncIterator[Any], count: int) -> list[Any]:
    """The next events."""
    async with asyncio.timeout(10):
        return [await anext(events) for _ in range(count)]


async def test_the_stream_tells_of_tickets_and_entries_as_they_happen(desks: Desks, scene: Scene) -> None:
    """The list and the open conversation change without being asked."""
    sam = await desks.signed_in("Sam")
    conversation_id = await scene.says("ada", "help", "web")
    await scene.handled()
    async with listening(sam) as events:
        ticket_id = await scene.hand_off(conversation_id)
        opened = await heard(events, 3)
        assert [(name, data.get("state") or data.get("type")) for _, name, data in opened] == [
            ("ticket", "queued"),
            ("entry", "state"),
            ("entry", "message"),
        ]
        await sam.post(f"tickets/{ticket_id}/claim")
        number, name, data = (await heard(events, 1))[0]
        assert (name, data["state"], data["agent"]["name"]) == ("ticket", "accepted", "Sam")
        assert number >= opened[-1][0]


async def test_a_stream_that_broke_goes_on_where_it_was(desks: Desks, scene: Scene) -> None:
    """Nothing is missed and nothing is skipped, by Last-Event-ID or by address."""
    sam = await desks.signed_in("Sam")
    await waiting_customer(scene)
    last = max(entry.id for entry in await scene.rows(Entry))
    async with listening(sam, "?after=0") as events:
        everything = await heard(events, 4)
    assert [number for number, _, _ in everything] == [1, 1, 2, 3], "lost after the ticket, both come again"
    assert last == 3
    async with listening(sam, last_event_id="1") as events:
        assert await heard(events, 3) == everything[1:]


async def test_the_stream_tells_when_a_reply_has_arrived(desks: Desks, scene: Scene) -> None:
    """An agent sees that a message to a phone went out, or did not."""
    from bot.gateway.channels import outbox
    from bot.gateway.channels.protocol import Sent

    sam = await desks.signed_in("Sam")
    _, ticket_id = await waiting_customer(scene, channel="telegram")
    await sam.post(f"tickets/{ticket_id}/claim")
    async with listening(sam) as events:
        await sam.post(f"tickets/{ticket_id}/messages", {"client_seq": 1, "text": "Hello."})
        [(_, _, waiting)] = await heard(events, 1)
        assert (waiting["text"], waiting["delivery"]) == ("Hello.", "waiting")
        sent = set()
        for _ in range(3):
            [due] = await scene.database.read(outbox.due, scene.clock())
            job = await scene.database.run(outbox.take, due, scene.payloads, scene.clock())
            assert job is not None
            await scene.database.run(outbox.finish, job, Sent("9"), ("9",), scene.clock())
            sent.add(due)
        [(_, name, done)] = await heard(events, 1)
        assert (name, done["seq"], done["delivery"]) == ("entry", waiting["seq"], "sent")


async def test_a_reply_whose_first_acknowledgement_was_lost_is_marked(desks: Desks, scene: Scene) -> None:
    """An agent knows that the customer may have read it twice."""
    sam = await desks.signed_in("Sam")
    _, ticket_id = await waiting_customer(scene, channel="telegram")
    await sam.post(f"tickets/{ticket_id}/claim")
    await sam.post(f"tickets/{ticket_id}/messages", {"client_seq": 1, "text": "Hello."})
    later, answers = scene.clock(), [NotNow(0, "the connection ended", maybe_sent=True), Sent("9")]
    while due := await scene.database.read(outbox.due, later := later + timedelta(minutes=10)):
        job = await scene.database.run(outbox.take, due[0], scene.payloads, later)
        assert job is not None
        answer = answers.pop(0) if job.message.text == "Hello." else Sent("8")
        await scene.database.run(outbox.finish, job, answer, ("9",) if isinstance(answer, Sent) else (), later)
    entries = (await sam.get(f"tickets/{ticket_id}"))["entries"]
    assert [one["delivery"] for one in entries if one["text"] == "Hello."] == ["repeated"]


async def test_the_stream_ends_with_the_session(desks: Desks, scene: Scene) -> None:
    """Who signed out sees nothing more, also in a window that was left open."""
    sam = await desks.signed_in("Sam")
    async with listening(sam) as events:
        await sam.browser.delete("session")
        await waiting_customer(scene)
        with pytest.raises(StopAsyncIteration):
            await heard(events, 1)
