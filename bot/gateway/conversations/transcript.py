"""A conversation's story, in order: every message, change of state, note and trace is one numbered entry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import select, text, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from bot.gateway.signals import DESK, OUTBOX, announce, conversation_topic
from bot.gateway.tables import Conversation, Delivery, Entry
from bot.handoff.limits import storable

Author = Literal["customer", "bot", "human", "system"]
EntryType = Literal["message", "state", "note", "trace"]

WEBSITE = "web"
"""The website's channel: its customers read the entries themselves, nothing has to be sent."""

# Any number, the same in every gateway: entries get their ids under this lock of PostgreSQL's, until the commit. A
# reader that resumes by id (the desk) would otherwise pass over one whose transaction commits late.
_ORDER_LOCK = 7_262_002
# More than anybody reads at once; the rest comes with the next call.
PAGE = 500


def lock(session: Session, conversation_id: str) -> Conversation | None:
    """Read a conversation as it is now, and keep others from changing it until this transaction ends."""
    return session.get(Conversation, conversation_id, with_for_update=True, populate_existing=True)


def append(
    session: Session,
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
) -> Entry:
    """Write the next entry, with its number, in the caller's transaction.

    Customers see messages and states, not notes and traces, unless ``visible_to_customer`` says otherwise. What they
    should read on a messaging channel also goes into the outbox. Whoever waits for the conversation, the outbox or
    the desk is signalled at the commit.
    """
    seq = _next_seq(session, conversation)
    if visible_to_customer is None:
        visible_to_customer = type in ("message", "state")
    entry = Entry(
        conversation_id=conversation.id,
        seq=seq,
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
    )
    session.add(entry)
    session.flush()
    if type == "message" and author != "customer" and visible_to_customer and conversation.channel != WEBSITE:
        session.add(Delivery(entry_id=entry.id, conversation_id=conversation.id))
        announce(session, OUTBOX)
    announce(session, conversation_topic(conversation.id))
    announce(session, DESK)
    return entry


def entries_after(
    session: Session, conversation_id: str, seq: int, *, customers_only: bool, limit: int = PAGE
) -> list[Entry]:
    """Read the entries with a number above ``seq``, in order; ``customers_only`` leaves out what is not for them."""
    query = select(Entry).where(Entry.conversation_id == conversation_id, Entry.seq > seq)
    if customers_only:
        query = query.where(Entry.visible_to_customer)
    return list(session.scalars(query.order_by(Entry.seq).limit(limit)))


def _next_seq(session: Session, conversation: Conversation) -> int:
    session.flush()
    # One statement takes the number and, on PostgreSQL, the row's lock: two writers never share a number.
    seq = session.execute(
        update(Conversation)
        .where(Conversation.id == conversation.id)
        .values(last_seq=Conversation.last_seq + 1)
        .returning(Conversation.last_seq)
        .execution_options(synchronize_session=False)
    ).scalar_one()
    set_committed_value(conversation, "last_seq", seq)
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _ORDER_LOCK})
    return seq
