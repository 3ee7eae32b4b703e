"""Who is at work: what each agent chose, whether their desk still shows a sign of life, how much they have in hand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import func, or_, select

from bot.gateway.platform.errors import RequestError
from bot.gateway.platform.signals import DESK, announce
from bot.gateway.platform.transaction import Transaction
from bot.gateway.tickets.routing import AtWork
from bot.gateway.tickets.tables import Agent, Ticket

Presence = Literal["online", "away", "offline"]
PRESENCES: tuple[Presence, ...] = ("online", "away", "offline")

# A desk's stream beats every 15 s at the latest; six missed beats are no hiccup of a network any more.
SIGN_OF_LIFE = timedelta(seconds=90)
# Writing each beat down would be a write for each agent and beat: one in a third of the time above is enough.
BEAT_EVERY = timedelta(seconds=30)


class UnknownPresenceError(RequestError):
    """Not one of ``online``, ``away`` and ``offline``."""

    status, code = 400, "bad_request"


def choose(session: Transaction, agent_id: str, presence: str, now: datetime) -> Agent:
    """An agent says that they are online, away or offline; who says so is there."""
    if presence not in PRESENCES:
        raise UnknownPresenceError("Presence is online, away or offline.")
    agent = session.get_one(Agent, agent_id)
    agent.presence = presence
    agent.seen_at = None if presence == "offline" else now
    announce(session, DESK)
    return agent


def beat(session: Transaction, agent_id: str, now: datetime) -> None:
    """A sign of life of an agent's desk; cheap to call often, it writes every half minute at most."""
    agent = session.get(Agent, agent_id)
    if agent is None or (agent.seen_at is not None and now - agent.seen_at < BEAT_EVERY):
        return
    was = presence_of(agent, now)
    agent.seen_at = now
    if presence_of(agent, now) != was:
        announce(session, DESK)


def presence_of(agent: Agent, now: datetime) -> Presence:
    """What an agent chose, or ``offline`` when their desk has been silent for too long."""
    if agent.presence == "offline" or agent.seen_at is None or now - agent.seen_at > SIGN_OF_LIFE:
        return "offline"
    return "away" if agent.presence == "away" else "online"


def at_work(session: Transaction, now: datetime) -> list[Agent]:
    """The agents who are online, by id."""
    query = select(Agent).where(
        Agent.presence == "online", Agent.seen_at >= now - SIGN_OF_LIFE, Agent.disabled_at.is_(None)
    )
    return list(session.scalars(query.order_by(Agent.id)))


def in_hand(session: Transaction, now: datetime) -> Mapping[str, int]:
    """How many conversations each agent has, by agent's id; snoozed ones aside."""
    awake = or_(Ticket.snoozed_until.is_(None), Ticket.snoozed_until <= now)
    rows = session.execute(
        select(Ticket.agent_id, func.count()).where(Ticket.state == "accepted", awake).group_by(Ticket.agent_id)
    )
    return {agent_id: count for agent_id, count in rows if agent_id is not None}


def free_places(session: Transaction, agent: Agent, now: datetime) -> int:
    """How many more conversations an agent can take."""
    return max(0, agent.capacity - in_hand(session, now).get(agent.id, 0))


def able(agent: Agent, free: int) -> AtWork:
    """An agent as :mod:`bot.gateway.tickets.routing` sees them, with room for so many more conversations."""
    return AtWork(agent.id, frozenset(agent.skills), frozenset(agent.languages), free)
