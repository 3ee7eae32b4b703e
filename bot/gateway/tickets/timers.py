"""Things that are to happen later: durable, once each, in whichever gateway is there when it is time.

A timer is a row. It fires inside the transaction that marks it as done, so that a gateway killed in between leaves it
waiting, and of several gateways one takes it (``docs/decisions/0020-timers-of-our-own.md``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Never

from sqlalchemy import func, select, update

from bot.gateway.conversations import transcript
from bot.gateway.platform.database import insert_if_absent
from bot.gateway.platform.jobs import DONE, Done
from bot.gateway.platform.signals import announce
from bot.gateway.platform.transaction import Transaction
from bot.gateway.tickets.services import TicketServices
from bot.gateway.tickets.tables import Timer

TIMERS = "timers"
"""The signal that a timer was set."""

# A timer that fails has hit a fault of ours, not a busy database: tried again after so long, and so many times.
_RETRY = timedelta(minutes=1)
_MOST_TRIES = 5
# Each is one transaction; half of a gateway's connections are left to customers.
AT_ONCE = 4

Fire = Callable[[Transaction, TicketServices, Timer, datetime], None]
"""What a kind of timer does, in the transaction that marks it as done; the conversation is locked."""


def set_timer(
    session: Transaction,
    key: str,
    kind: str,
    conversation_id: str,
    due_at: datetime,
    *,
    ticket_id: str | None = None,
    data: Mapping[str, Any] | None = None,
) -> None:
    """Set a timer; one with the same key that is there already stays as it is."""
    values = {
        "key": key,
        "kind": kind,
        "conversation_id": conversation_id,
        "ticket_id": ticket_id,
        "data": dict(data or {}),
        "due_at": due_at,
        "attempts": 0,
    }
    session.flush()
    insert_if_absent(session, Timer, values)
    announce(session, TIMERS)


def cancel(session: Transaction, *, ticket_id: str, kind: str, now: datetime) -> None:
    """Call off a ticket's waiting timers of a kind."""
    session.execute(
        update(Timer)
        .where(Timer.ticket_id == ticket_id, Timer.kind == kind, Timer.done_at.is_(None))
        .values(done_at=now, outcome="cancelled")
        .execution_options(synchronize_session="fetch")
    )


def due(session: Transaction, now: datetime) -> list[int]:
    """The timers whose time has come, the oldest first."""
    query = select(Timer.id).where(Timer.done_at.is_(None), Timer.due_at <= now)
    return list(session.scalars(query.order_by(Timer.due_at, Timer.id).limit(100)))


def next_due(session: Transaction) -> datetime | None:
    """When the next timer is due."""
    return session.scalar(select(func.min(Timer.due_at)).where(Timer.done_at.is_(None)))


def fire(
    session: Transaction, services: TicketServices, timer_id: int, kinds: Mapping[str, Fire], now: datetime
) -> bool:
    """Fire one timer if it still waits; tells whether this did."""
    conversation_id = session.scalar(select(Timer.conversation_id).where(Timer.id == timer_id))
    if conversation_id is None or transcript.lock(session, conversation_id) is None:
        return False
    # Read after the lock: another gateway may have been first, or somebody called it off.
    timer = session.get(Timer, timer_id, with_for_update=True, populate_existing=True)
    if timer is None or timer.done_at is not None or timer.due_at > now:
        return False
    timer.done_at, timer.outcome = now, "fired"
    kinds[timer.kind](session, services, timer, now)
    return True


def put_back(session: Transaction, timer_id: int, now: datetime) -> None:
    """Try a timer again that failed, or give it up."""
    timer = session.get(Timer, timer_id, with_for_update=True, populate_existing=True)
    if timer is None or timer.done_at is not None:
        return
    timer.attempts += 1
    timer.due_at = now + _RETRY
    if timer.attempts >= _MOST_TRIES:
        timer.done_at, timer.outcome = now, "failed"


class AlarmClock:
    """Timers as :class:`~bot.gateway.platform.jobs.Jobs`; none is leased: the transaction that claims one fires it."""

    kind = "timer"
    topic = TIMERS
    at_once = AT_ONCE

    def __init__(self, services: TicketServices, kinds: Mapping[str, Fire]) -> None:
        self._services = services
        self._kinds = kinds

    def due(self, session: Transaction, now: datetime) -> list[int]:
        """See :func:`due`."""
        return due(session, now)

    def next_due(self, session: Transaction) -> datetime | None:
        """See :func:`next_due`."""
        return next_due(session)

    def claim(self, session: Transaction, key: int, now: datetime) -> Done | None:
        """See :func:`fire`."""
        return DONE if fire(session, self._services, key, self._kinds, now) else None

    async def do(self, job: Never) -> None:
        """Nothing is left to do."""

    def settle(self, session: Transaction, job: Never, result: None, now: datetime) -> bool:
        """Nothing is left to write down."""
        return False

    def put_back(self, session: Transaction, key: int, now: datetime) -> None:
        """See :func:`put_back`."""
        put_back(session, key, now)
