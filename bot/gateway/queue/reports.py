"""Counts for the supervisor: why conversations came, who waits, who works, how good the promises were."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.gateway.queue import hours, presence, waiting_time
from bot.gateway.queue.desk_settings import PRIORITIES, desk_settings
from bot.gateway.tables import Agent, Ticket
from bot.handoff.reasons import ReasonCode

DAYS = 28


def reasons(session: Session, now: datetime, days: int = DAYS) -> dict[str, int]:
    """How many hand-offs each of the eight reasons caused; a reason that caused none is 0."""
    rows = session.execute(
        select(Ticket.reason, func.count())
        .where(Ticket.created_at >= now - timedelta(days=days))
        .group_by(Ticket.reason)
    )
    counted: dict[str, int] = {row[0]: row[1] for row in rows}
    return {code.value: counted.get(code.value, 0) for code in ReasonCode}


def outcomes(session: Session, now: datetime, days: int = DAYS) -> dict[str, int]:
    """How tickets ended: their state, and for completed ones their outcome."""
    rows = session.execute(
        select(Ticket.state, Ticket.outcome, func.count())
        .where(Ticket.closed_at >= now - timedelta(days=days))
        .group_by(Ticket.state, Ticket.outcome)
    )
    counted: dict[str, int] = {}
    for state, outcome, count in rows:
        name = outcome if state == "completed" and outcome else state
        counted[name] = counted.get(name, 0) + count
    return counted


def waiting(session: Session, now: datetime) -> dict[str, Any]:
    """The line now: how many wait, the longest wait of each priority in seconds, how many wait for whom.

    ``{count, longest_seconds: {priority: seconds | null}, by_skill: {skill: count}, scheduled}``.
    """
    rows = session.execute(
        select(Ticket.priority, Ticket.skill, func.count(), func.min(Ticket.created_at))
        .where(Ticket.state == "queued")
        .group_by(Ticket.priority, Ticket.skill)
    ).all()
    oldest: dict[str, datetime] = {}
    by_skill: dict[str, int] = {}
    for row in rows:
        by_skill[row.skill] = by_skill.get(row.skill, 0) + row[2]
        first = row[3].replace(tzinfo=now.tzinfo) if row[3].tzinfo is None else row[3]
        oldest[row.priority] = min(first, oldest.get(row.priority, first))
    longest = {
        name: None if name not in oldest else max(0, int((now - oldest[name]).total_seconds())) for name in PRIORITIES
    }
    scheduled = session.scalar(select(func.count()).where(Ticket.state == "scheduled")) or 0
    return {"count": sum(by_skill.values()), "longest_seconds": longest, "by_skill": by_skill, "scheduled": scheduled}


def agents(session: Session, now: datetime) -> list[dict[str, Any]]:
    """Who works: presence, conversations in hand, capacity, skills and languages of every open account."""
    in_hand = presence.in_hand(session, now)
    rows = session.scalars(select(Agent).where(Agent.disabled_at.is_(None)).order_by(Agent.name, Agent.id))
    return [
        {
            "id": agent.id,
            "name": agent.name,
            "presence": presence.presence_of(agent, now),
            "in_hand": in_hand.get(agent.id, 0),
            "capacity": agent.capacity,
            "skills": list(agent.skills),
            "languages": list(agent.languages),
        }
        for agent in rows
    ]


def overview(session: Session, now: datetime, days: int = DAYS) -> dict[str, Any]:
    """Everything above, and whether the desk is open: the supervisor's page in one answer."""
    settings = desk_settings(session)
    opens = hours.next_open(settings, now)
    return {
        "days": days,
        "open": hours.is_open(settings, now),
        "opens_at": None if opens is None else opens.isoformat().replace("+00:00", "Z"),
        "waiting": waiting(session, now),
        "agents": agents(session, now),
        "reasons": reasons(session, now, days),
        "outcomes": outcomes(session, now, days),
        "waiting_time": waiting_time.quality(session, now, days),
    }
