"""Which conversation is next, for how long a gateway keeps it, and when a message must be tried alone."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, bindparam, func, or_, select

from bot.gateway.conversations import shares, waiting
from bot.gateway.conversations.tables import Conversation, InboxMessage
from bot.gateway.platform.tables import UtcTime
from bot.gateway.platform.transaction import Transaction

# How long a worker's claim lasts unless it is renewed: as long as a killed gateway's customers wait for another one.
LEASE = timedelta(seconds=10)
# A claim that would last longer than this was made before the clock was set back, and has lapsed. Twice the lease,
# because another machine's clock may be ahead of this one's.
_LONGEST_LEASE = 2 * LEASE
# Gateways take turns in claiming while a message is tried alone; any number that nobody else locks.
_CLAIMS_LOCK = 0x5761726D

_FIRST = (
    select(InboxMessage.conversation_id, func.min(InboxMessage.id).label("first_id"))
    .where(InboxMessage.handled_at.is_(None))
    .group_by(InboxMessage.conversation_id)
    .subquery()
)
_NOW = bindparam("now", type_=UtcTime())
_NEXT_CONVERSATION = (
    select(Conversation)
    .join(_FIRST, _FIRST.c.conversation_id == Conversation.id)
    .join(InboxMessage, InboxMessage.id == _FIRST.c.first_id)
    .join(shares.WAITING, shares.WAITING.c.subject == shares.SUBJECT)
    .outerjoin(shares.TurnShare, shares.TurnShare.subject == shares.SUBJECT)
    .where(
        or_(
            InboxMessage.not_before.is_(None),
            InboxMessage.not_before <= _NOW,
            InboxMessage.not_before > bindparam("too_far", type_=UtcTime()),
        ),
        or_(
            Conversation.lease_until.is_(None),
            Conversation.lease_until <= _NOW,
            Conversation.lease_until > bindparam("too_long", type_=UtcTime()),
            Conversation.lease_holder == bindparam("holder"),
        ),
        Conversation.id.not_in(bindparam("busy", expanding=True)),
    )
    .order_by(shares.MANY_WAIT, shares.USED, _FIRST.c.first_id)
    .limit(bindparam("most"))
    .with_for_update(of=Conversation, skip_locked=True)
    .execution_options(populate_existing=True)
)
FIRST_WAITING = (
    select(func.min(InboxMessage.id)).where(InboxMessage.handled_at.is_(None)).group_by(InboxMessage.conversation_id)
)
"""The ids of the messages that come next in their conversations."""
FIRST_TWO_WAITING = (
    select(InboxMessage)
    .where(InboxMessage.conversation_id == bindparam("conversation_id"), InboxMessage.handled_at.is_(None))
    .order_by(InboxMessage.id)
    .limit(2)
    .execution_options(populate_existing=True)
)


def shared(session: Transaction) -> bool:
    """Tell whether other gateways may work on the same database; SQLite has one, which knows what it does."""
    return session.get_bind().dialect.name != "sqlite"


def must_wait(message: InboxMessage, now: datetime) -> bool:
    """Tell whether a message's pause still goes on; not one that a clock set back made longer than any."""
    return message.not_before is not None and now < message.not_before <= now + waiting.LONGEST_DELAY


def is_tried_alone_elsewhere(session: Transaction, holder: str, now: datetime) -> bool:
    """Tell whether another gateway tries a message alone; while any has to be, gateways claim one after another."""
    suspects = select(InboxMessage.id).where(InboxMessage.handled_at.is_(None), InboxMessage.lost > 0)
    if not session.scalar(select(suspects.exists())):
        return False
    session.execute(select(func.pg_advisory_xact_lock(_CLAIMS_LOCK)))
    alone = suspects.join(Conversation, Conversation.id == InboxMessage.conversation_id).where(
        InboxMessage.id.in_(select(_FIRST.c.first_id)), Conversation.lease_holder != holder, _claimed(now)
    )
    return bool(session.scalar(select(alone.exists())))


def others_at_work(session: Transaction, conversation_id: str, now: datetime) -> bool:
    """Tell whether any gateway takes another conversation's turn."""
    others = select(Conversation.id).where(Conversation.id != conversation_id, _claimed(now))
    return bool(session.scalar(select(others.exists())))


def _claimed(now: datetime) -> ColumnElement[bool]:
    return and_(Conversation.lease_until > now, Conversation.lease_until <= now + _LONGEST_LEASE)


def next_conversation(
    session: Transaction, holder: str, busy: Collection[str], now: datetime
) -> tuple[Conversation | None, bool]:
    """The conversation to go on with, and whether there may be another: looking again costs a transaction.

    Several gateways lock what they look at, and one locks no more than it takes: there it may always be.
    """
    several = shared(session)
    found = session.scalars(
        _NEXT_CONVERSATION,
        {
            "holder": holder,
            "busy": list(busy),
            "now": now,
            "too_far": now + waiting.LONGEST_DELAY,
            "too_long": now + _LONGEST_LEASE,
            "most": 1 if several else 2,
        },
    ).all()
    return (found[0] if found else None), several or len(found) > 1
