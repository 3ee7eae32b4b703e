"""The transcript: one sequence for each conversation, and customers see their part of it."""

from __future__ import annotations

import asyncio
import time

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.gateway.conversations import transcript
from bot.gateway.conversations.tables import Delivery, Entry
from bot.gateway.platform.clock import utc_now
from bot.gateway.platform.database import Database
from bot.gateway.platform.signals import DESK, OUTBOX, conversation_topic
from tests.gateway.making import new_conversation


def _say(session: Session, conversation_id: str, **what: object) -> Entry:
    conversation = transcript.lock(session, conversation_id)
    assert conversation is not None
    given: dict[str, object] = {"author": "bot", "now": utc_now(), "text": "x"}
    return transcript.append(session, conversation, **(given | what))  # type: ignore[arg-type]


async def test_numbers_have_no_gaps_and_no_twins_when_many_write_at_once(database: Database) -> None:
    """Bot, human and customer may all write in one moment."""
    await database.run(new_conversation)
    entries = await asyncio.gather(*(database.run(_say, "c1") for _ in range(20)))
    assert sorted(entry.seq for entry in entries) == list(range(1, 21))


async def test_entries_of_all_conversations_become_visible_in_the_order_of_their_ids(database: Database) -> None:
    """The desk resumes by id: an id that shows up late would be passed over."""
    for name in ("c1", "c2", "c3"):
        await database.run(new_conversation, name)
    done = asyncio.Event()
    seen: list[int] = []

    def new_ids(session: Session, last: int) -> list[int]:
        return list(session.scalars(select(Entry.id).where(Entry.id > last).order_by(Entry.id)))

    def say_slowly(session: Session, conversation_id: str, pause: float) -> None:
        _say(session, conversation_id)
        time.sleep(pause)

    async def watch() -> None:
        while not done.is_set():
            seen.extend(await database.read(new_ids, seen[-1] if seen else 0))

    watcher = asyncio.create_task(watch())
    # The one that takes its id first commits last, if nothing keeps it from that.
    pauses = [0.05 if number % 3 == 0 else 0.0 for number in range(30)]
    writers = [database.run(say_slowly, f"c{1 + number % 3}", pause) for number, pause in enumerate(pauses)]
    await asyncio.gather(*writers)
    done.set()
    await watcher
    seen.extend(await database.read(new_ids, seen[-1]))
    assert len(seen) == len(pauses)


async def test_a_transaction_that_fails_leaves_its_number_to_the_next(database: Database) -> None:
    """The page would wait for a number that never comes."""
    await database.run(new_conversation)

    def fail(session: Session) -> None:
        _say(session, "c1")
        raise ValueError("no commit")

    with pytest.raises(ValueError, match="no commit"):
        await database.run(fail)
    assert (await database.run(_say, "c1")).seq == 1


async def test_customers_see_messages_and_states_but_no_notes_and_traces(database: Database) -> None:
    """What agents write for each other and what the bot thought stays inside."""
    await database.run(new_conversation)
    for kind in ("message", "state", "note", "trace"):
        await database.run(_say, "c1", type=kind, text=kind)
    theirs = await database.read(transcript.entries_after, "c1", 0, customers_only=True)
    everything = await database.read(transcript.entries_after, "c1", 0, customers_only=False)
    assert [entry.text for entry in theirs] == ["message", "state"]
    assert [entry.text for entry in everything] == ["message", "state", "note", "trace"]
    assert [entry.seq for entry in await database.read(transcript.entries_after, "c1", 3, customers_only=False)] == [4]


async def test_only_what_a_messaging_customer_should_read_goes_into_the_outbox(database: Database) -> None:
    """Their own words, states and notes are not sent; on the website nothing is."""
    await database.run(new_conversation, "c1", "telegram")
    await database.run(new_conversation, "w1", "web")
    sent = await database.run(_say, "c1")
    await database.run(_say, "c1", author="customer")
    await database.run(_say, "c1", type="state")
    await database.run(_say, "c1", type="note")
    await database.run(_say, "c1", visible_to_customer=False)
    await database.run(_say, "w1")
    assert await database.read(lambda session: list(session.scalars(select(Delivery.entry_id)))) == [sent.id]


async def test_an_entry_wakes_the_page_the_desk_and_the_outbox(database: Database) -> None:
    """Nobody polls for what can be told."""
    await database.run(new_conversation)
    topics = {conversation_topic("c1"), DESK, OUTBOX}
    with database.signals.subscribe(*topics) as waiting:
        await database.run(_say, "c1")
        assert await waiting.wait(1) == topics


async def test_a_conversation_read_in_an_earlier_transaction_can_be_written_to(database: Database) -> None:
    """What a caller still holds may be old: the number comes from the row."""
    old = await database.run(new_conversation)
    for _ in range(3):
        await database.run(_say, "c1")
    entry = await database.run(transcript.append, old, author="bot", now=utc_now(), text="x")
    assert entry.seq == 4
    assert (await database.run(_say, "c1")).seq == 5
