"""The supervisor's page: who waits, who works, whether people are answered in time, and whether promises were kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.sql.selectable import Subquery

from bot.gateway.conversations import transcript
from bot.gateway.desk import lists
from bot.gateway.desk.moments import moment
from bot.gateway.desk.roles import Permission, permissions, role_of
from bot.gateway.platform.transaction import Transaction
from bot.gateway.tickets import life_cycle, notices, presence, waiting_time
from bot.gateway.tickets.refusals import NotWaitingError, UnknownTicketError
from bot.gateway.tickets.services import TicketServices
from bot.gateway.tickets.tables import EXTERNAL_ROLE, Agent, Ticket
from bot.handoff.reasons import ReasonCode

# 80 % within 20 s is the telephone's old rule; in a chat people expect somebody within two minutes.
ANSWERED_WITHIN = timedelta(minutes=2)
WINDOW = timedelta(days=7)
# More than a busy team closes in a week; the newest count.
MOST_TICKETS = 5000


def overview(session: Transaction, agent_id: str, now: datetime) -> dict[str, Any]:
    """Everything on the page, as of ``now``; times in seconds, shares from 0 to 1, None where nothing was measured."""
    since = now - WINDOW
    came = recent(since)
    waits = [_seconds(*row) for row in session.execute(answered(came))]
    states, codes = Counter[str](), Counter[str]()
    for state, reason, count in session.execute(counts(came)):
        states[state] += count
        codes[reason] += count
    return {
        "at": moment(now),
        "since": moment(since),
        "waiting": lists.page(session, "waiting", agent_id, now)["tickets"],
        "waiting_count": lists.waiting_count(session),
        "agents": _agents(session, now),
        "levels": levels(waits, tickets=states.total(), abandoned=states["abandoned"]),
        "promises": waiting_time.kept(session, since),
        "reasons": reasons(codes),
        "outcomes": [{"state": state, "count": count} for state, count in states.most_common()],
    }


def recent(since: datetime) -> Subquery:
    """The newest tickets that came since then, by what is counted of them: all of it stands in one index."""
    columns = select(Ticket.created_at, Ticket.accepted_at, Ticket.state, Ticket.reason)
    newest = columns.where(Ticket.created_at >= since).order_by(Ticket.created_at.desc(), Ticket.id.desc())
    return newest.limit(MOST_TICKETS).subquery()


def counts(came: Subquery) -> Select[Any]:
    """How many of them have each state and reason."""
    return select(came.c.state, came.c.reason, func.count()).group_by(came.c.state, came.c.reason)


def answered(came: Subquery) -> Select[Any]:
    """When each of them came and was accepted, where somebody accepted it."""
    return select(came.c.created_at, came.c.accepted_at).where(came.c.accepted_at.is_not(None))


def levels(waits: Iterable[float], *, tickets: int, abandoned: int) -> dict[str, Any]:
    """How long people waited who came in the window; ``waits`` are seconds, of those who were answered."""
    waits = sorted(waits)
    in_time = sum(1 for seconds in waits if seconds <= ANSWERED_WITHIN.total_seconds())
    return {
        "target_seconds": int(ANSWERED_WITHIN.total_seconds()),
        "tickets": tickets,
        "answered": len(waits),
        "abandoned": abandoned,
        "in_time": in_time / len(waits) if waits else None,
        "p50_seconds": _quantile(waits, 0.5),
        "p90_seconds": _quantile(waits, 0.9),
    }


def reasons(counted: Counter[str]) -> list[dict[str, Any]]:
    """How often each of the eight reasons came, the most frequent first; one that never came is 0."""
    codes = sorted((code.value for code in ReasonCode), key=lambda code: -counted[code])
    return [{"code": code, "count": counted[code]} for code in codes]


def release(session: Transaction, services: TicketServices, ticket_id: str, agent: Agent, now: datetime) -> Ticket:
    """Put a colleague's conversation back into the queue, by the time at which its customer came."""
    ticket = session.get(Ticket, ticket_id)
    conversation = None if ticket is None else transcript.lock(session, ticket.conversation_id)
    if ticket is None or conversation is None:
        raise UnknownTicketError("There is no such ticket.")
    session.refresh(ticket)
    if ticket.state == "queued":
        return ticket
    if ticket.state != "accepted":
        raise NotWaitingError("This conversation is closed.")
    life_cycle.requeue(session, services, ticket, conversation, lambda _place: notices.sent_on(agent.name), now)
    return ticket


def team(session: Transaction, now: datetime) -> list[dict[str, Any]]:
    """Everybody who answers customers, by name, with whether they are at work and how much room they have."""
    held = presence.in_hand(session, now)
    ours = select(Agent).where(Agent.disabled_at.is_(None), Agent.role != EXTERNAL_ROLE)
    rows = session.scalars(ours.order_by(Agent.name, Agent.id))
    return [
        {
            "id": one.id,
            "name": one.name,
            "role": one.role,
            "presence": presence.presence_of(one, now),
            "conversations": held.get(one.id, 0),
            "capacity": one.capacity,
            "skills": list(one.skills),
            "languages": list(one.languages),
        }
        for one in rows
        if Permission.ANSWER in permissions(role_of(one.role))
    ]


def _agents(session: Transaction, now: datetime) -> list[dict[str, Any]]:
    order = {"online": 0, "away": 1, "offline": 2}
    return sorted(team(session, now), key=lambda one: order[one["presence"]])


def _seconds(came: datetime, accepted: datetime) -> float:
    return max(0.0, (accepted - came).total_seconds())


def _quantile(ordered: Sequence[float], share: float) -> float | None:
    """The smallest value that at least this share of all does not exceed."""
    if not ordered:
        return None
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
