"""The queue of customers who wait for a human: who is before whom, and telling them when it moves."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, or_, select

from bot.gateway.conversations import owner, transcript
from bot.gateway.conversations.tables import Conversation, Entry
from bot.gateway.platform.clock import Clock
from bot.gateway.platform.database import Database, DatabaseAwayError
from bot.gateway.platform.transaction import Transaction
from bot.gateway.tickets import notices, presence, routing, waiting_time
from bot.gateway.tickets.desk_settings import GENERAL, DeskSettings
from bot.gateway.tickets.services import TicketServices
from bot.gateway.tickets.states import OPEN
from bot.gateway.tickets.tables import Agent, Ticket

MOVED = "line"
"""The signal that somebody left the queue."""

# Of a longer queue only the first so many are told of each move.
MOST_TOLD = 50
# A page shows another waiting time when it has changed by this share (and two minutes).
SHOWN_CHANGE = 0.25
# A message says that it takes longer when it takes longer by this share and so many minutes.
TOLD_CHANGE = 0.5
TOLD_MINUTES = 10
# Tickets for an agent that are tried while others take those before; so many others do not ask at once.
MOST_CONSIDERED = 1000
FIRST_CONSIDERED = 40


def position(session: Transaction, ticket: Ticket) -> int:
    """The place in the queue, counted from 1."""
    before = or_(Ticket.rank_at < ticket.rank_at, and_(Ticket.rank_at == ticket.rank_at, Ticket.id < ticket.id))
    return 1 + (session.scalar(select(func.count()).where(Ticket.state == "queued", before)) or 0)


def waiting(session: Transaction) -> list[str]:
    """The ids of the first tickets in the queue, in order."""
    line = select(Ticket.id).where(Ticket.state == "queued").order_by(Ticket.rank_at, Ticket.id).limit(MOST_TOLD)
    return list(session.scalars(line))


def for_agent(session: Transaction, services: TicketServices, agent: Agent, now: datetime) -> Iterator[str]:
    """The ids of the tickets that an agent may take, next first (:func:`routing.in_turn`)."""
    settings = services.desk
    able = presence.able(agent, presence.free_places(session, agent, now))
    online = _awaited_at_work(session, now)
    for page in within_reach(session, settings, able, now, online):
        yield from (ticket.id for ticket in routing.in_turn(settings, able, page, now, online))


def _awaited_at_work(session: Transaction, now: datetime) -> set[str]:
    """The agents at work for whom tickets are kept; mostly none are, and then nobody's presence has to be read."""
    kept = select(Ticket.assigned_to).where(Ticket.state == "queued", Ticket.assigned_to.is_not(None)).distinct()
    awaited = {agent_id for agent_id in session.scalars(kept) if agent_id is not None}
    return awaited & {one.id for one in presence.at_work(session, now)} if awaited else awaited


def within_reach(
    session: Transaction, settings: DeskSettings, able: routing.AtWork, now: datetime, online: Collection[str]
) -> Iterator[list[routing.Waiting]]:
    """The tickets that :mod:`routing` would let an agent take, in the order of their turn, page by page.

    It reads only those: behind hundreds of tickets for a skill that this agent lacks there may be one for them.
    """
    query = select(Ticket.id, Ticket.skill, Ticket.language, Ticket.queued_at, Ticket.rank_at, Ticket.assigned_to)
    query = query.where(Ticket.state == "queued").order_by(Ticket.rank_at, Ticket.id)
    theirs = query.where(Ticket.assigned_to == able.id)
    others = query.where(
        or_(Ticket.assigned_to.is_(None), and_(Ticket.assigned_to != able.id, Ticket.assigned_to.not_in(online))),
        or_(
            Ticket.skill.in_((GENERAL, *able.skills)),
            Ticket.queued_at <= now - settings.any_skill_after,
        ),
        or_(Ticket.language.in_(able.languages), Ticket.queued_at <= now - settings.any_language_after),
    )
    # Nearly always the first is taken: who is behind is read only when others took all before.
    pages = ((theirs, 0, MOST_CONSIDERED), (others, 0, FIRST_CONSIDERED), (others, FIRST_CONSIDERED, MOST_CONSIDERED))
    for wanted, first, last in pages:
        rows = session.execute(wanted.offset(first).limit(last - first)).all()
        yield [
            routing.Waiting(row.id, row.skill, row.language, row.queued_at, row.rank_at, row.assigned_to)
            for row in rows
        ]


def lock_if_free(session: Transaction, ticket_id: str) -> bool:
    """Lock a ticket's conversation unless another transaction has it."""
    conversation_id = session.scalar(
        select(Conversation.id)
        .join(Ticket, Ticket.conversation_id == Conversation.id)
        .where(Ticket.id == ticket_id)
        .with_for_update(of=Conversation, skip_locked=True)
    )
    return conversation_id is not None


def tell_position(session: Transaction, services: TicketServices, ticket_id: str, now: datetime) -> None:
    """Show a waiting customer the current place and waiting time, if they differ from those shown.

    A page shows them live; a messaging channel gets a sentence only when they have really changed.
    """
    ticket = session.get(Ticket, ticket_id)
    conversation = None if ticket is None else transcript.lock(session, ticket.conversation_id)
    if ticket is None or conversation is None:
        return
    session.refresh(ticket)
    if ticket.state != "queued" or conversation.owner != owner.QUEUE:
        return
    if (ticket.contact or {}).get("address"):
        return  # answered by e-mail: nobody waits for a place
    shown = session.scalar(
        select(Entry.detail)
        .where(Entry.conversation_id == conversation.id, Entry.type == "state")
        .order_by(Entry.seq.desc())
        .limit(1)
    )
    settings = services.desk
    place = position(session, ticket)
    load = waiting_time.load_of(session, services, ticket, place, now)
    expected = waiting_time.forecast(session, services, load) if load.online else None
    wait = None if expected is None else waiting_time.shown(settings, expected)
    before = shown or {}
    if before.get("position") != place or _differs(before.get("wait"), wait):
        owner.write_state(session, conversation, now=now, position=place, wait=wait)
    told = ticket.told or {}
    if conversation.channel != transcript.WEBSITE and _really_changed(told, place, wait):
        ticket.told = {"position": place, "p90_minutes": None if wait is None else wait["p90_minutes"]}
        notices.say(session, services, conversation, notices.moved(place, wait), now)


def _differs(before: Mapping[str, Any] | None, wait: Mapping[str, Any] | None) -> bool:
    """Whether a page should show another waiting time; a minute more or less does not count."""
    if before is None or wait is None:
        return before is not wait
    change = abs(before["p90_minutes"] - wait["p90_minutes"])
    return bool(before["too_wide"] != wait["too_wide"] or change >= max(2, SHOWN_CHANGE * before["p90_minutes"]))


def _really_changed(told: Mapping[str, Any], place: int, wait: Mapping[str, Any] | None) -> bool:
    """Whether to tell somebody on a messaging channel: they are half as far back, or it will take much longer."""
    told_place, told_minutes = told.get("position"), told.get("p90_minutes")
    if told_place is not None and place < told_place and (place == 1 or place <= told_place / 2):
        return True
    if told_minutes is None or wait is None:
        return False
    return bool(wait["p90_minutes"] >= told_minutes + max(TOLD_MINUTES, TOLD_CHANGE * told_minutes))


class QueueNotifier:
    """Tells everybody in the queue when it moves, until it is cancelled; several may run, each move is told once."""

    def __init__(self, database: Database, clock: Clock, services: TicketServices) -> None:
        self._database = database
        self._services = services
        self._clock = clock

    async def run(self) -> None:
        """Tell everybody whenever the queue moves."""
        signals = self._database.signals
        with signals.subscribe(MOVED) as moved:
            while not signals.closed:
                if await moved.wait():
                    await self.tell_all()

    async def tell_all(self) -> None:
        """Tell everybody now, one transaction each: two conversations locked at once could deadlock."""
        with suppress(DatabaseAwayError):
            for ticket_id in await self._database.read(waiting):
                await self._database.run(tell_position, self._services, ticket_id, self._clock())


def open_ticket_of(session: Transaction, conversation: Conversation) -> Ticket | None:
    """The ticket of a conversation that waits or is with a human."""
    return session.scalar(select(Ticket).where(Ticket.conversation_id == conversation.id, Ticket.state.in_(OPEN)))
