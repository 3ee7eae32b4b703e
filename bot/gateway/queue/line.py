"""The line of customers who wait for a human: who is before whom, and telling them when it moves."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from bot.gateway.clock import Clock
from bot.gateway.conversations import owner, transcript
from bot.gateway.database import Database, DatabaseAwayError
from bot.gateway.queue import presence, routing
from bot.gateway.queue.desk_settings import desk_settings
from bot.gateway.tables import Agent, Conversation, Entry, Ticket

MOVED = "line"
"""The signal that somebody left the line."""

# A longer line is told of its moves when it has become shorter.
MOST_TOLD = 50
# Tickets among which an agent's next one is looked for; who is behind them has hours to go.
MOST_CONSIDERED = 1000


def position(session: Session, ticket: Ticket) -> int:
    """The place in the line, from 1: the tickets queued before this one, and one."""
    before = or_(Ticket.rank_at < ticket.rank_at, and_(Ticket.rank_at == ticket.rank_at, Ticket.id < ticket.id))
    return 1 + (session.scalar(select(func.count()).where(Ticket.state == "queued", before)) or 0)


def waiting(session: Session) -> list[str]:
    """The ids of the tickets in the line, the first ones first."""
    line = select(Ticket.id).where(Ticket.state == "queued").order_by(Ticket.rank_at, Ticket.id).limit(MOST_TOLD)
    return list(session.scalars(line))


def for_agent(session: Session, agent: Agent, now: datetime) -> list[str]:
    """The ids of the tickets that an agent may take, whose turn it is first."""
    settings = desk_settings(session)
    rows = session.execute(
        select(Ticket.id, Ticket.skill, Ticket.language, Ticket.queued_at, Ticket.rank_at, Ticket.assigned_to)
        .where(Ticket.state == "queued")
        .order_by(Ticket.rank_at, Ticket.id)
        .limit(MOST_CONSIDERED)
    )
    waiting_now = [
        routing.Waiting(row.id, row.skill, row.language, row.queued_at, row.rank_at, row.assigned_to) for row in rows
    ]
    able = routing.AtWork(agent.id, frozenset(agent.skills), frozenset(agent.languages), 1)
    online = {one.id for one in presence.at_work(session, now)}
    mine = [one for one in waiting_now if routing.may_take(settings, able, one, now, online)]
    return [one.id for one in sorted(mine, key=lambda one: one.assigned_to != agent.id)]


def lock_if_free(session: Session, ticket_id: str) -> bool:
    """Lock a ticket's conversation unless another transaction has it."""
    conversation_id = session.scalar(
        select(Conversation.id)
        .join(Ticket, Ticket.conversation_id == Conversation.id)
        .where(Ticket.id == ticket_id)
        .with_for_update(of=Conversation, skip_locked=True)
    )
    return conversation_id is not None


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
