"""Nothing that holds a card's number or a password is ever written, and the customer is told why."""

from __future__ import annotations

import dataclasses
import json

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.gateway.conversations import transcript
from bot.gateway.conversations.discretion import HIDES, Discretion
from bot.gateway.conversations.inbox import InboundMessage, NumberTakenError, Receipt, receive
from bot.gateway.conversations.payloads import Payloads
from bot.gateway.conversations.tables import Conversation, Entry, InboxMessage
from bot.gateway.platform.database import Database
from bot.gateway.platform.transaction import Transaction
from bot.nlu.secrets.reader import SecretReader
from bot.wording.sentences import wording
from tests.gateway.making import MovableClock, conversation, messages, said, story, words

CARD = "4111 1111 1111 1111"
HIDDEN = "•••• 1111"
CARD_HIDDEN = words((wording("secret.card_hidden"), wording("secret.delete_there")))
PASSWORD_HIDDEN = words((wording("secret.password_hidden"), wording("secret.delete_there")))


@pytest.fixture
def clock() -> MovableClock:
    """The real time, moved by hand."""
    return MovableClock()


async def _receive(
    database: Database, payloads: Payloads, clock: MovableClock, message: InboundMessage, own: tuple[str, ...] = ()
) -> Receipt:
    discretion = Discretion(SecretReader(own))
    return await database.run(receive, message, payloads=payloads, allowed={}, now=clock(), discretion=discretion)


def _everything(session: Session) -> str:
    """All that the database keeps of the conversations."""
    rows = [
        *((one.input, one.provider_message_id) for one in session.scalars(select(InboxMessage))),
        *((one.text, one.author_name, one.detail) for one in session.scalars(select(Entry))),
        *((one.customer,) for one in session.scalars(select(Conversation))),
    ]
    return json.dumps(rows, ensure_ascii=False)


async def test_a_cards_number_is_hidden_before_the_row_is_written(
    database: Database, payloads: Payloads, clock: MovableClock
) -> None:
    """In the inbox, in the transcript, and so for the brain, the desk, its search and every outside desk."""
    await _receive(database, payloads, clock, said(f"take it from {CARD} exp 12/27 cvc 987, thanks"))
    kept = await database.read(_everything)
    assert HIDDEN in kept
    assert all(part not in kept for part in ("4111", "12/27", "987"))
    assert await database.read(messages, "customer") == [f"take it from {HIDDEN} exp ••/•• cvc •••, thanks"]


async def test_the_customer_is_told_why_once_a_day(database: Database, payloads: Payloads, clock: MovableClock) -> None:
    """Not below each message of an hour; a password is another matter, and tomorrow another day."""
    for number, text in enumerate([CARD, f"again {CARD}", "my password is hunter2"], start=1):
        await _receive(database, payloads, clock, said(text, number))
    assert await database.read(messages, "system") == [CARD_HIDDEN, PASSWORD_HIDDEN]
    clock.advance(25 * 3600)
    await _receive(database, payloads, clock, said(CARD, 9))
    assert await database.read(messages, "system") == [CARD_HIDDEN, PASSWORD_HIDDEN, CARD_HIDDEN]
    details = await database.read(lambda session: list(session.scalars(select(Entry.detail))))
    assert {HIDES: ["card"]} in details


async def test_what_else_the_customer_was_told_today_is_no_explanation(
    database: Database, payloads: Payloads, clock: MovableClock
) -> None:
    """Other notices carry details of their own; the message arrives, and what was hidden is explained below it."""
    await _receive(database, payloads, clock, said("hello", 1))

    def notice(session: Session) -> None:
        found = conversation(session)
        transcript.append(session, found, author="system", text="You are next.", now=clock(), detail={"notice": "next"})

    await database.run(notice)
    await _receive(database, payloads, clock, said(CARD, 2))
    assert await database.read(messages, "system") == ["You are next.", CARD_HIDDEN]


async def test_a_website_has_no_device_to_delete_it_from(
    database: Database, payloads: Payloads, clock: MovableClock
) -> None:
    """The widget shows what the gateway kept."""
    await _receive(database, payloads, clock, said(CARD, channel="web"))
    assert await database.read(messages, "system") == [words(wording("secret.card_hidden"))]


async def test_the_same_secret_sent_again_is_the_same_message(
    database: Database, payloads: Payloads, clock: MovableClock
) -> None:
    """A page repeats what it is not sure of: other words with the number are refused still."""
    message = dataclasses.replace(said(f"it is {CARD}", 1), client_seq=1)
    first = await _receive(database, payloads, clock, message)
    again = await _receive(database, payloads, clock, message)
    assert again == dataclasses.replace(first, duplicate=True)
    with pytest.raises(NumberTakenError):
        await _receive(database, payloads, clock, dataclasses.replace(said("other words", 1), client_seq=1))


async def test_the_name_on_a_channel_is_read_too(database: Database, payloads: Payloads, clock: MovableClock) -> None:
    """Somebody may have put anything there."""
    message = dataclasses.replace(said("hello"), customer={"name": f"Ada {CARD}", "page": ["x", CARD]})
    await _receive(database, payloads, clock, message)
    found = await database.read(conversation)
    assert found.customer["name"] == f"Ada {HIDDEN}"
    assert found.customer["attributes"] == {"page": ["x", HIDDEN]}
    assert (await database.read(story))[0][1] == "customer"


async def test_the_companys_own_numbers_stay(database: Database, payloads: Payloads, clock: MovableClock) -> None:
    """An order of sixteen digits is what the bot needs."""
    own = ("ORD-0000000000000000",)
    await _receive(database, payloads, clock, said("where is ORD-4111111111111111"), own)
    assert await database.read(story) == [("message", "customer", "where is ORD-4111111111111111")]


async def test_the_answer_to_the_question_for_a_password_is_hidden(
    database: Database, payloads: Payloads, clock: MovableClock
) -> None:
    """The same word is kept where nobody asked; and a repeat is known when other things were said since."""
    await _receive(database, payloads, clock, said("sunshine", 1))
    await database.run(_say, "What is your password?", clock)
    answer = dataclasses.replace(said("sunshine", 2), client_seq=1)
    first = await _receive(database, payloads, clock, answer)
    await database.run(_say, "And your e-mail address?", clock)
    assert await _receive(database, payloads, clock, answer) == dataclasses.replace(first, duplicate=True)
    assert await database.read(messages, "customer") == ["sunshine", "••••••••"]


def _say(session: Transaction, text: str, clock: MovableClock) -> None:
    transcript.append(session, conversation(session), author="bot", text=text, now=clock())
