"""Rows of the queue and of the desk, written as they stand at a moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot.gateway.tickets import routing
from bot.gateway.tickets.desk_settings import DEFAULT
from bot.gateway.tickets.tables import Agent, Ticket
from tests.gateway.making import new_conversation
from tests.gateway.tickets.scene import NOON


@dataclass(frozen=True)
class Came:
    """Somebody who waits, and for how long."""

    minutes: int
    priority: str = "normal"
    skill: str = "general"
    language: str = "en"
    to: str | None = None


def at_desk(
    name: str, chosen: str = "online", skills: tuple[str, ...] = (), languages: tuple[str, ...] = ("en",)
) -> Agent:
    """An agent whose desk has just shown a sign of life."""
    return Agent(
        id=name, username=name, name=name, role="agent", password_hash="none",
        presence=chosen, seen_at=NOON, skills=list(skills), languages=list(languages), capacity=5,
    )  # fmt: skip


def in_line(session: Session, number: int, one: Came, now: datetime = NOON) -> Ticket:
    """A row of the queue."""
    came = now - timedelta(minutes=one.minutes)
    ticket = Ticket(
        id=f"t{number:02}", conversation_id=new_conversation(session, f"c{number}", "web", "queue").id, state="queued",
        package={}, created_at=came, queued_at=came, rank_at=routing.rank_of(DEFAULT, came, one.priority),
        priority=one.priority, skill=one.skill, language=one.language, assigned_to=one.to,
    )  # fmt: skip
    session.add(ticket)
    session.flush()
    return ticket


def as_waiting(ticket: Ticket) -> routing.Waiting:
    """The same ticket as the rule sees it."""
    assert ticket.queued_at is not None
    assert ticket.rank_at is not None
    return routing.Waiting(
        ticket.id, ticket.skill, ticket.language, ticket.queued_at, ticket.rank_at, ticket.assigned_to
    )
