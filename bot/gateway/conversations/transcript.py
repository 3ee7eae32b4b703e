"""A conversation's story, in order: every message, change of state, note and trace is one numbered entry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import bindparam, select, text

from bot.contract.reading import checked
from bot.contract.turn import Customer
from bot.gateway.conversations.tables import Conversation, Delivery, Entry
from bot.gateway.platform.signals import DESK, OUTBOX, announce, conversation_topic
from bot.gateway.platform.transaction import Transaction
from bot.handoff.limits import storable

Author = Literal["customer", "bot", "human", "system"]
EntryType = Literal["message", "state", "note", "trace", "suggestion"]

WEBSITE = "web"
"""The website's channel: its customers read the entries themselves, nothing has to be sent."""

# Any number, the same in every gateway: entries get their ids under this lock of PostgreSQL's, until the commit. A
# reader that resumes by id (the desk) would otherwise pass over one whose transaction commits late.
_TAKE_ORDER_LOCK = text("SELECT pg_advisory_xact_lock(7262002)")
# More than anybody reads at once; the rest comes with the next call.
PAGE = 500

# Built once: putting a statement together takes longer than running it.
_EVERYTHING = (
    select(Entry)
    .where(Entry.conversation_id == bindparam("conversation_id"), Entry.seq > bindparam("seq"))
    .order_by(Entry.seq)
    .limit(bindparam("most"))
)
_FOR_CUSTOMERS = _EVERYTHING.where(Entry.visible_to_customer)


def lock(session: Transaction, conversation_id: str) -> Conversation | None:
    """Read a conversation as it is now, and keep others from changing it until this transaction ends."""
    if _writers_queue(session) or conversation_id in session.locked:
        return session.get(Conversation, conversation_id)
    # Reading the row anew must not undo what this transaction has changed.
    session.flush()
    found = session.get(Conversation, conversation_id, with_for_update=True, populate_existing=True)
    session.locked.add(conversation_id)
    return found


def append(
    session: Transaction,
    conversation: Conversation,
    *,
    author: Author,
    now: datetime,
    type: EntryType = "message",  # noqa: A002 - the column's name
    text: str = "",
    author_name: str | None = None,
    choices: Sequence[Mapping[str, Any]] = (),
    citation: Mapping[str, Any] | None = None,
    detail: Mapping[str, Any] | None = None,
    message_id: str | None = None,
    client_seq: int | None = None,
    visible_to_customer: bool | None = None,
    rating: str | None = None,
) -> Entry:
    """Write the next entry, with its number, in the caller's transaction.

    Customers see messages and states, not notes, traces and suggestions, unless ``visible_to_customer`` says
    otherwise. What they should read on a messaging channel also goes into the outbox. Whoever waits for the
    conversation, the outbox or the desk is signalled at the commit.
    """
    # Whoever holds the lock counts: two writers never share a number, and one that fails leaves no gap. The caller's
    # object may come from an earlier transaction, the locked one is as the row is now.
    locked = lock(session, conversation.id)
    if locked is None:
        raise LookupError("a conversation has vanished")
    take_order(session)
    locked.last_seq += 1
    if visible_to_customer is None:
        visible_to_customer = type in ("message", "state")
    entry = Entry(
        conversation_id=conversation.id,
        seq=locked.last_seq,
        at=now,
        type=type,
        author=author,
        author_name=None if author_name is None else storable(author_name),
        text=storable(text),
        choices=[dict(choice) for choice in choices],
        citation=None if citation is None else dict(citation),
        detail=None if detail is None else dict(detail),
        message_id=message_id,
        client_seq=client_seq,
        visible_to_customer=visible_to_customer,
        rating=rating,
    )
    session.add(entry)
    if type == "message" and author != "customer" and visible_to_customer and conversation.channel != WEBSITE:
        session.flush()
        session.add(Delivery(entry_id=entry.id, conversation_id=conversation.id))
        announce(session, OUTBOX)
    announce(session, conversation_topic(conversation.id))
    announce(session, DESK)
    return entry


def take_order(session: Transaction) -> None:
    """Be the only transaction that writes entries until this one ends; what others committed is seen after it."""
    if not _writers_queue(session):
        session.execute(_TAKE_ORDER_LOCK)


def customer_of(conversation: Conversation) -> Customer:
    """The customer as a turn carries them to the brain (``turn/1``)."""
    return checked({**conversation.customer, "origin": conversation.origin}, Customer)


def entries_after(
    session: Transaction, conversation_id: str, seq: int, *, customers_only: bool, limit: int = PAGE
) -> list[Entry]:
    """Read the entries with a number above ``seq``, in order; ``customers_only`` leaves out what is not for them."""
    query = _FOR_CUSTOMERS if customers_only else _EVERYTHING
    return list(session.scalars(query, {"conversation_id": conversation_id, "seq": seq, "most": limit}))


def last_written(session: Transaction, conversation_id: str, most: int) -> list[str]:
    """What the customer wrote, the last of it first, as far back as ``most`` messages."""
    texts = session.scalars(
        select(Entry.text)
        .where(Entry.conversation_id == conversation_id, Entry.type == "message", Entry.author == "customer")
        .order_by(Entry.seq.desc())
        .limit(most)
    )
    return [text for text in texts if text]


def last_said(session: Transaction, conversation_id: str) -> Entry | None:
    """The last message that the customer got, from whomever."""
    return session.scalars(
        select(Entry)
        .where(Entry.conversation_id == conversation_id, Entry.type == "message", Entry.author != "customer")
        .order_by(Entry.seq.desc())
        .limit(1)
    ).one_or_none()


def _writers_queue(session: Transaction) -> bool:
    """Tell whether the whole transaction is alone anyway: on SQLite it began with BEGIN IMMEDIATE."""
    return session.get_bind().dialect.name == "sqlite"
