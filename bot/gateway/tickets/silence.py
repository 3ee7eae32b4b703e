"""Nobody waits in silence: if an agent does not answer, the customer is queued again; a silent customer is asked.

Every gateway checks all conversations that humans have, every few seconds; each step locks the conversation and
checks again, so that it happens once. The times are set in ``desk.yml``.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import func, select
from sqlalchemy.orm import defer

from bot.gateway.conversations import transcript
from bot.gateway.conversations.tables import Conversation, Entry
from bot.gateway.platform.clock import Clock
from bot.gateway.platform.database import Database, DatabaseAwayError
from bot.gateway.platform.transaction import Transaction
from bot.gateway.tickets import availability, line, notices, presence, snoozing
from bot.gateway.tickets import life_cycle as tickets
from bot.gateway.tickets.desk_settings import DeskSettings
from bot.gateway.tickets.services import TicketServices
from bot.gateway.tickets.tables import Agent, Ticket

# Seconds between two checks: the times are minutes.
LOOK_EVERY = 15.0
# Checks between two rounds in which everybody in the queue hears what has changed for them.
TELL_EVERY = 4

Step = Literal["agent_silent", "remind", "close", "wake"]


@dataclass(frozen=True)
class Spoken:
    """When the two sides of a conversation last wrote."""

    customer: datetime | None
    agent: datetime | None


def due(session: Transaction, services: TicketServices, now: datetime) -> list[str]:
    """The tickets that need a step now."""
    settings = services.desk
    rows = session.execute(
        select(Ticket, Agent)
        .options(defer(Ticket.package))
        .join(Agent, Agent.id == Ticket.agent_id)
        .where(Ticket.state == "accepted")
    ).all()
    spoken = _spoken(session, [ticket.conversation_id for ticket, _ in rows])
    nothing = Spoken(None, None)
    return [
        ticket.id
        for ticket, agent in rows
        if _step(settings, ticket, agent, spoken.get(ticket.conversation_id, nothing), now) is not None
    ]


def act(session: Transaction, services: TicketServices, ticket_id: str, now: datetime) -> Step | None:
    """Take the step that one ticket needs; returns which it was."""
    conversation_id = session.scalar(select(Ticket.conversation_id).where(Ticket.id == ticket_id))
    conversation = None if conversation_id is None else transcript.lock(session, conversation_id)
    ticket = session.get(Ticket, ticket_id, populate_existing=True)
    agent = None if ticket is None or ticket.agent_id is None else session.get(Agent, ticket.agent_id)
    if conversation is None or ticket is None or agent is None or ticket.state != "accepted":
        return None
    spoken = _spoken(session, [conversation.id]).get(conversation.id, Spoken(None, None))
    step = _step(services.desk, ticket, agent, spoken, now)
    if step == "agent_silent":
        _back_to_the_line(session, services, ticket, conversation, agent, now)
    elif step == "remind":
        ticket.reminded_at = now
        notices.say(session, services, conversation, notices.still_there(agent.name), now)
    elif step == "close":
        tickets.complete(
            session, services, ticket, conversation, "no_reply", "", notices.closed_for_silence(agent.name), now
        )
    elif step == "wake":
        snoozing.wake(session, ticket, conversation, now)
    return step


def _step(settings: DeskSettings, ticket: Ticket, agent: Agent, spoken: Spoken, now: datetime) -> Step | None:
    if ticket.snoozed_until is not None:
        return "wake" if ticket.snoozed_until <= now else None
    accepted = ticket.accepted_at or now
    answered = spoken.agent is not None and spoken.agent >= accepted
    if not answered or (spoken.customer is not None and spoken.agent is not None and spoken.customer > spoken.agent):
        since = max(accepted, spoken.customer or accepted)
        gone = presence.presence_of(agent, now) == "offline"
        limit = settings.agent_gone if gone and agent.seen_at is not None else settings.agent_silent
        return "agent_silent" if now - since >= limit else None
    since = spoken.agent or accepted
    if ticket.reminded_at is None or ticket.reminded_at < since:
        return "remind" if now - since >= settings.customer_reminder else None
    return "close" if now - ticket.reminded_at >= settings.customer_close else None


def _back_to_the_line(
    session: Transaction,
    services: TicketServices,
    ticket: Ticket,
    conversation: Conversation,
    agent: Agent,
    now: datetime,
) -> None:
    minutes = int((now - (ticket.accepted_at or now)).total_seconds() // 60)
    transcript.append(
        session,
        conversation,
        type="note",
        author="system",
        now=now,
        text=f"Queued again: the customer had no answer from {agent.name}, who has had this for {minutes} minutes.",
        detail={"agent_silent": agent.id},
    )
    found = availability.of(session, services, ticket, now)
    said = found.said(services.desk, now)
    tickets.requeue(
        session, services, ticket, conversation, lambda place: notices.agent_silent(agent.name, place, said), now
    )


def _spoken(session: Transaction, conversation_ids: list[str]) -> dict[str, Spoken]:
    rows = session.execute(
        select(Entry.conversation_id, Entry.author, func.max(Entry.at))
        .where(
            Entry.conversation_id.in_(conversation_ids),
            Entry.type == "message",
            Entry.author.in_(("customer", "human")),
        )
        .group_by(Entry.conversation_id, Entry.author)
    )
    last: dict[str, dict[str, datetime]] = {}
    for conversation_id, author, at in rows:
        last.setdefault(conversation_id, {})[author] = at
    return {key: Spoken(sides.get("customer"), sides.get("human")) for key, sides in last.items()}


class SilenceMonitor:
    """Checks again and again until it is cancelled; any number may run."""

    def __init__(self, database: Database, clock: Clock, services: TicketServices) -> None:
        self._database = database
        self._services = services
        self._clock = clock

    async def run(self) -> None:
        """Check all conversations that humans have."""
        signals = self._database.signals
        notifier = line.QueueNotifier(self._database, self._clock, self._services)
        looks = 0
        with signals.subscribe("silence") as never:
            while not signals.closed:
                with suppress(DatabaseAwayError):
                    await self.look()
                    if looks % TELL_EVERY == 0:
                        # Agents come and go without anybody leaving the queue: waiting times change with them.
                        await notifier.tell_all()
                looks += 1
                await never.wait(LOOK_EVERY)

    async def look(self) -> list[Step]:
        """Take every step that is due now, one transaction each; returns the steps."""
        done = []
        for ticket_id in await self._database.read(due, self._services, self._clock()):
            step = await self._database.run(act, self._services, ticket_id, self._clock())
            if step is not None:
                done.append(step)
        return done
