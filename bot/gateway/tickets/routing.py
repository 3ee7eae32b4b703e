"""Whose turn it is, and who may take it: by skill, language and priority, such that nobody starves.

The queue is ordered by ``rank_at``: the moment somebody came, less a head start for their priority. All who wait grow
older together, so that an order once given never turns round, a place only moves back for somebody with a greater head
start, and a customer is never overtaken by one who came later than the difference. Skill and language matter at first
and, as somebody waits longer, no more. Everything here is plain arithmetic: the queue and the simulator share it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from bot.gateway.tickets.desk_settings import GENERAL, DeskSettings


@dataclass(frozen=True)
class Waiting:
    """A ticket in the queue."""

    id: str
    skill: str
    language: str
    queued_at: datetime
    rank_at: datetime
    assigned_to: str | None = None


@dataclass(frozen=True)
class AtWork:
    """An agent who could take it."""

    id: str
    skills: frozenset[str]
    languages: frozenset[str]
    free: int
    """How many more conversations they can take."""


def rank_of(settings: DeskSettings, queued_at: datetime, priority: str) -> datetime:
    """The moment by which the queue is ordered, the earliest first."""
    return queued_at - settings.head_start[priority]


def may_take(
    settings: DeskSettings, agent: AtWork, ticket: Waiting, now: datetime, online: Collection[str] = ()
) -> bool:
    """Whether this agent should get that ticket now; ``online`` names all who are at work.

    What is meant for one agent is theirs, whatever it asks for: somebody chose them. Others get it only while they are
    not at work. A skill or a language that nobody waits out is dropped after the times in ``desk.yml``.
    """
    if ticket.assigned_to == agent.id:
        return True
    if ticket.assigned_to is not None and ticket.assigned_to in online:
        return False
    waited = now - ticket.queued_at
    skilled = ticket.skill == GENERAL or ticket.skill in agent.skills or waited >= settings.any_skill_after
    understood = ticket.language in agent.languages or waited >= settings.any_language_after
    return skilled and understood


def in_turn(
    settings: DeskSettings, agent: AtWork, line: Iterable[Waiting], now: datetime, online: Collection[str] = ()
) -> list[Waiting]:
    """What this agent may take now, whose turn it is first; nothing for an agent without room.

    First what is meant for them, then everything else; each in the order of the queue.
    """
    if agent.free <= 0:
        return []
    able = [ticket for ticket in line if may_take(settings, agent, ticket, now, online)]
    return sorted(able, key=lambda ticket: (ticket.assigned_to != agent.id, *_place(ticket)))


def next_for(
    settings: DeskSettings, agent: AtWork, line: Iterable[Waiting], now: datetime, online: Collection[str] = ()
) -> Waiting | None:
    """The ticket that this agent should take next, or none."""
    return next(iter(in_turn(settings, agent, line, now, online)), None)


def in_order(line: Iterable[Waiting]) -> list[Waiting]:
    """The queue, the first ones first."""
    return sorted(line, key=_place)


def _place(ticket: Waiting) -> tuple[datetime, str]:
    """Ids begin with the time at which they were made: of equals, the first to come."""
    return ticket.rank_at, ticket.id
