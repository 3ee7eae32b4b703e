"""The inbox: each message once, in order, with the customer's line in the transcript."""

from __future__ import annotations

import asyncio
import dataclasses
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.gateway.conversations import inbox, transcript
from bot.gateway.conversations.inbox import GapError, InboundMessage, Receipt, receive
from bot.gateway.conversations.payloads import Payloads, UnknownChoiceError
from bot.gateway.conversations.tables import Conversation, InboxMessage
from bot.gateway.platform.clock import utc_now
from bot.gateway.platform.database import Database
from bot.gateway.platform.signals import INBOX
from tests.gateway.making import chose, conversation, messages, new_conversation, said


async def _receive(database: Database, payloads: Payloads, message: InboundMessage) -> Receipt:
    return await database.run(receive, message, payloads=payloads, allowed={}, now=utc_now())


def _stored(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(InboxMessage)) or 0


async def test_a_first_message_makes_its_conversation(database: Database, payloads: Payloads) -> None:
    """The address becomes a conversation of the bot, with what the channel knows of the customer."""
    receipt = await _receive(database, payloads, said("hello"))
    found = await database.read(conversation)
    assert (found.id, found.owner, found.customer["name"], receipt.seq) == (receipt.conversation_id, "bot", "Ada", 1)
    assert await database.read(messages) == ["hello"]


async def test_a_message_delivered_again_answers_the_first_receipt(database: Database, payloads: Payloads) -> None:
    """Providers deliver twice; the customer said it once."""
    first = await _receive(database, payloads, said("hello"))
    again = await _receive(database, payloads, said("hello, differently"))
    assert again == dataclasses.replace(first, duplicate=True)
    assert await database.read(messages) == ["hello"]
    assert await database.read(_stored) == 1


async def test_the_same_message_many_times_at_once_is_stored_once(database: Database, payloads: Payloads) -> None:
    """Two gateways may get the same delivery in the same moment, also as the first of a conversation."""
    receipts = await asyncio.gather(*(_receive(database, payloads, said("hello")) for _ in range(12)))
    assert len({(one.message_id, one.seq) for one in receipts}) == 1
    assert await database.read(_stored) == 1


async def test_messages_of_one_moment_get_different_numbers_without_gaps(
    database: Database, payloads: Payloads
) -> None:
    """The transcript counts 1, 2, 3 however they arrive."""
    receipts = await asyncio.gather(*(_receive(database, payloads, said(str(n), n)) for n in range(20)))
    assert sorted(one.seq for one in receipts) == list(range(1, 21))


async def test_the_same_number_at_another_account_is_another_message(database: Database, payloads: Payloads) -> None:
    """Providers count for each account by itself."""
    await _receive(database, payloads, said("hello"))
    other = await _receive(database, payloads, dataclasses.replace(said("hello"), account="second"))
    assert not other.duplicate
    assert await database.read(_stored) == 2


async def test_a_gap_in_the_visitors_numbers_is_refused_and_stores_nothing(
    database: Database, payloads: Payloads
) -> None:
    """The page must send what is missing first, or the bot would answer out of order."""
    await _receive(database, payloads, dataclasses.replace(said("one", 1), client_seq=1))
    with pytest.raises(GapError, match="Message 2 is missing"):
        await _receive(database, payloads, dataclasses.replace(said("three", 3), client_seq=3))
    await _receive(database, payloads, dataclasses.replace(said("two", 2), client_seq=2))
    assert await database.read(messages) == ["one", "two"]


async def test_the_worker_is_woken_by_a_message_and_not_by_its_repetition(
    database: Database, payloads: Payloads
) -> None:
    """A wake-up for each thing to do."""
    with database.signals.subscribe(INBOX) as waiting:
        await _receive(database, payloads, said("hello"))
        assert await waiting.wait(1) == {INBOX}
        await _receive(database, payloads, said("hello"))
        assert await waiting.wait(0.01) == frozenset()


async def test_a_choice_shows_as_its_title_and_carries_its_payload(database: Database, payloads: Payloads) -> None:
    """The customer sees words, the brain gets the command, and neither can be exchanged."""

    def offer(session: Session) -> str:
        made = new_conversation(session, "chat")
        buttons = [{"title": "Yes", "payload": "/affirm"}, {"title": "No", "payload": "/deny"}]
        entry = transcript.append(session, made, author="bot", now=utc_now(), text="Sure?", choices=buttons)
        return payloads.for_customers(entry)[1]["token"]

    token = await database.run(offer)
    await _receive(database, payloads, chose(token, 2))
    assert await database.read(messages, "customer") == ["No"]
    stored = await database.read(lambda session: session.scalars(select(InboxMessage.input)).one())
    assert stored == {"type": "choice", "payload": "/deny", "title": "No", "of": [1, 1]}


async def test_a_choice_of_another_conversation_is_refused(database: Database, payloads: Payloads) -> None:
    """A token that was shown to one customer does nothing for another."""

    def offer(session: Session) -> str:
        for name in ("chat", "theirs"):
            made = new_conversation(session, name)
            entry = transcript.append(
                session, made, author="bot", now=utc_now(), choices=[{"title": "Yes", "payload": "/affirm"}]
            )
        return payloads.for_customers(entry)[0]["token"]

    token = await database.run(offer)
    with pytest.raises(UnknownChoiceError):
        await _receive(database, payloads, chose(token, 1, "chat"))
    await _receive(database, payloads, chose(token, 1, "theirs"))


async def test_text_that_no_database_takes_is_mended(database: Database, payloads: Payloads) -> None:
    """NUL and half a surrogate pair are no words; they must not make a message undeliverable."""
    await _receive(database, payloads, said("a\x00b\ud800c"))
    assert await database.read(messages) == ["ab?c"]


async def test_who_writes_again_can_be_reached_again(database: Database, payloads: Payloads) -> None:
    """A customer who had blocked us and comes back gets answers."""
    await _receive(database, payloads, said("hello", 1))

    def block(session: Session) -> None:
        conversation(session).reachable = False

    await database.run(block)
    await _receive(database, payloads, said("hello again", 2))
    assert (await database.read(conversation)).reachable


async def test_an_event_waits_among_the_messages_and_shows_nowhere(database: Database, payloads: Payloads) -> None:
    """The bot hears of a return in its place; the transcript has its own lines for it."""
    await _receive(database, payloads, said("before", 1))

    def put(session: Session) -> None:
        found = session.scalars(select(Conversation)).one()
        inbox.put_event(session, found, "returned_by_human", {"note": "x"}, now=utc_now())

    await database.run(put)
    await _receive(database, payloads, said("after", 2))
    inputs = await database.read(lambda session: list(session.scalars(select(InboxMessage.input))))
    assert [one["type"] for one in inputs] == ["text", "event", "text"]
    assert await database.read(messages) == ["before", "after"]


def _keep(session: Session, message_id: str) -> None:
    kept = session.scalars(select(InboxMessage).where(InboxMessage.message_id == message_id)).one()
    kept.handled_at, kept.outcome, kept.failures = utc_now(), "kept_for_human", 2


def _put_again(session: Session, message_id: str, address: str = "chat") -> bool:
    return inbox.put_again(session, conversation(session, address=address), [message_id], now=utc_now())


async def test_what_was_kept_for_a_human_is_put_to_the_bot_once_and_afresh(
    database: Database, payloads: Payloads
) -> None:
    """The customer pressed "do it now", perhaps twice: the same words, at once, with all their tries before them."""
    kept = await _receive(database, payloads, said("cancel my order", 1))
    await _receive(database, payloads, said("are you there?", 2))
    await database.run(_keep, kept.message_id)
    with database.signals.subscribe(INBOX) as waiting:
        assert await database.run(_put_again, kept.message_id)
        assert await waiting.wait(1) == {INBOX}
    assert not await database.run(_put_again, kept.message_id)
    first, _, again = await database.read(
        lambda session: list(session.scalars(select(InboxMessage).order_by(InboxMessage.id)))
    )
    assert (again.input, again.conversation_id) == (first.input, first.conversation_id)
    assert (again.handled_at, again.attempts, again.failures) == (None, 0, 0)
    assert utc_now() - again.received_at < timedelta(minutes=1)
    assert await database.read(messages) == ["cancel my order", "are you there?"]


async def test_nobody_has_the_bot_answer_somebody_elses_message(database: Database, payloads: Payloads) -> None:
    """A button names a message of its own conversation; any other is none."""
    theirs = await _receive(database, payloads, said("cancel my order", 1, "theirs"))
    await _receive(database, payloads, said("hello", 1))
    assert not await database.run(_put_again, theirs.message_id)
    assert not await database.run(_put_again, "never was")
    assert await database.read(_stored) == 2
