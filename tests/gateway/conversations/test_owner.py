"""The owner: changed by one at a time, seen by the customer, and the bot never talks over a human."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.gateway.conversations import owner, transcript
from bot.gateway.conversations.owner import OwnerChangedError, change_owner
from bot.gateway.conversations.tables import Conversation, Delivery, Entry
from bot.gateway.platform.clock import utc_now
from bot.gateway.platform.database import Database
from bot.gateway.platform.signals import INBOX, OUTBOX
from tests.gateway.making import new_conversation


def _give(session: Session, new_owner: str, version: int) -> None:
    conversation = session.get_one(Conversation, "c1")
    change_owner(session, conversation, new_owner, expected_version=version, now=utc_now(), agent_name="Grace")


async def test_a_change_raises_the_version_and_shows_as_a_state(database: Database) -> None:
    """The customer's page reads who answers now; the agent's id stays inside."""
    await database.run(new_conversation)
    await database.run(_give, owner.human("a1"), 0)
    found = await database.read(lambda session: session.get_one(Conversation, "c1"))
    state = (await database.read(transcript.entries_after, "c1", 0, customers_only=True))[-1]
    assert (found.owner, found.owner_version) == ("human:a1", 1)
    assert state.detail == {"owner": "human", "agent_name": "Grace", "position": None, "wait": None}


async def test_of_many_who_change_the_owner_at_once_one_succeeds(database: Database) -> None:
    """Two agents who claim in the same moment do not both get the customer."""
    await database.run(new_conversation)
    attempts = [database.run(_give, owner.human(f"a{number}"), 0) for number in range(10)]
    ended = await asyncio.gather(*attempts, return_exceptions=True)
    assert sum(result is None for result in ended) == 1
    assert sum(isinstance(result, OwnerChangedError) for result in ended) == 9
    assert await database.read(lambda session: session.get_one(Conversation, "c1").owner_version) == 1


async def test_who_read_an_old_version_changes_nothing(database: Database) -> None:
    """Not even a state entry is left of the attempt."""
    await database.run(new_conversation)
    await database.run(_give, owner.QUEUE, 0)
    with pytest.raises(OwnerChangedError):
        await database.run(_give, owner.BOT, 0)
    assert await database.read(lambda session: len(session.scalars(select(Entry)).all())) == 1


async def test_a_human_who_takes_over_cancels_what_the_bot_has_not_sent(database: Database) -> None:
    """The gateway's own notices still go out, and what was sent is sent."""
    await database.run(new_conversation)

    def write(session: Session) -> None:
        conversation = session.get_one(Conversation, "c1")
        for author, state in (("bot", "sent"), ("bot", "waiting"), ("system", "waiting")):
            entry = transcript.append(session, conversation, author=author, now=utc_now(), text=author)  # type: ignore[arg-type]
            if state != "waiting":
                session.scalars(select(Delivery).where(Delivery.entry_id == entry.id)).one().state = state

    await database.run(write)
    await database.run(_give, owner.human("a1"), 0)
    states = await database.read(lambda session: list(session.scalars(select(Delivery.state).order_by(Delivery.id))))
    assert states == ["sent", "cancelled", "waiting"]


async def test_the_queue_cancels_nothing(database: Database) -> None:
    """The bot's last words before it hands over are for the customer."""
    await database.run(new_conversation)

    def write(session: Session) -> None:
        transcript.append(session, session.get_one(Conversation, "c1"), author="bot", now=utc_now(), text="bye")

    await database.run(write)
    await database.run(_give, owner.QUEUE, 0)
    assert await database.read(lambda session: session.scalars(select(Delivery.state)).all()) == ["waiting"]


async def test_the_page_reads_the_place_in_line_and_where_a_person_will_answer(database: Database) -> None:
    """By itself and with a change of the owner; whoever has left an address reads it instead of a place."""
    await database.run(new_conversation)
    wait = {"minutes": 5}

    def tell(session: Session) -> None:
        conversation = session.get_one(Conversation, "c1")
        change_owner(session, conversation, owner.QUEUE, expected_version=0, now=utc_now(), position=3, wait=wait)
        owner.write_state(session, conversation, now=utc_now(), position=2, wait=wait)
        owner.write_state(session, conversation, now=utc_now(), answer_to="ada@example.org")

    await database.run(tell)
    changed, closer, by_mail = await database.read(transcript.entries_after, "c1", 0, customers_only=True)
    told = {"owner": "queue", "agent_name": None, "wait": wait}
    assert changed.detail == {**told, "position": 3}
    assert closer.detail == {**told, "position": 2}
    assert by_mail.detail == {**told, "position": None, "wait": None, "answer_to": "ada@example.org"}
    assert {(entry.type, entry.author, entry.text) for entry in (changed, closer, by_mail)} == {("state", "system", "")}


async def test_the_worker_and_the_outbox_hear_of_a_new_owner(database: Database) -> None:
    """What waits for the bot is taken at once when it has the conversation again; its own words are held back."""
    await database.run(new_conversation)
    with database.signals.subscribe(INBOX, OUTBOX) as waiting:
        await database.run(_give, owner.human("a1"), 0)
        assert await waiting.wait(1) == {INBOX, OUTBOX}
        await database.run(_give, owner.BOT, 1)
        assert await waiting.wait(1) == {INBOX}


async def test_who_takes_one_conversation_silences_the_bot_in_no_other(database: Database) -> None:
    """Its words to somebody else are on their way."""
    for name in ("c1", "c2"):
        await database.run(new_conversation, name)

    def write(session: Session) -> None:
        for name in ("c1", "c2"):
            transcript.append(session, session.get_one(Conversation, name), author="bot", now=utc_now(), text="hello")

    await database.run(write)
    await database.run(_give, owner.human("a1"), 0)
    states = await database.read(lambda session: list(session.scalars(select(Delivery.state).order_by(Delivery.id))))
    assert states == ["cancelled", "waiting"]
