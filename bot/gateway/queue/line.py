"""The line of customers who wait for a human: who is before whom, and telling them when it moves."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from bot.gateway.clock import Clock
from bot.gateway.conversations import owner, transcript
from bot.gateway.database import Database, DatabaseAwayError
from bot.gateway.tables import Entry, Ticket

MOVED = "line"
"""The signal that somebody left the line."""

# A longer line is told of its moves when it has become shorter.
MOST_TOLD = 50


def position(session: Session, ticket: Ticket) -> int:
    """The place in the line, from 1: the tickets queued before this one, and one."""
    before = or_(
        Ticket.created_at < ticket.created_at, and_(Ticket.created_at == ticket.created_at, Ticket.id < ticket.id)
    )
    return 1 + (session.scalar(select(func.count()).where(Ticket.state == "queued", before)) or 0)


def waiting(session: Session) -> list[str]:
    """The ids of the tickets in the line, the first ones first."""
    line = select(Ticket.id).where(Ticket.state == "queued").order_by(Ticket.created_at, Ticket.id).limit(MOST_TOLD)
    return list(session.scalars(line))


def tell_position(session: Session, ticket_id: str, now: datetime) -> None:
    """Show a waiting customer's page the present place, if it is another one than it shows."""
    ticket = session.get(Ticket, ticket_id)
    conversation = None if ticket is None else transcript.lock(session, ticket.conversation_id)
    if ticket is None or conversation is None:
        return
    session.refresh(ticket)
    if ticket.state != "queued" or conversation.owner != owner.QUEUE:
        return
    shown = session.scalar(
        select(Entry.detail)
        .where(Entry.conversation_id == conversation.id, Entry.type == "state")
        .order_by(Entry.seq.desc())
        .limit(1)
    )
    place = position(session, ticket)
    if shown is None or shown.get("position") != place:
        owner.write_state(session, conversation, now=now, position=place)


class Teller:
    """Tells everybody in the line when it moves, until it is cancelled; several may run, a place is told once."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def run(self) -> None:
        """Wait for the line to move."""
        signals = self._database.signals
        with signals.subscribe(MOVED) as moved:
            while not signals.closed:
                if await moved.wait():
                    await self.tell_all()

    async def tell_all(self) -> None:
        """Tell everybody now, one transaction each: two conversations locked at once could deadlock."""
        with suppress(DatabaseAwayError):
            for ticket_id in await self._database.read(waiting):
                await self._database.run(tell_position, ticket_id, self._clock())
