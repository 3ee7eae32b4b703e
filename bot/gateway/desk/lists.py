"""The desk's lists, page by page: nothing is out of reach, and who waits stands in the order of the line."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, literal, or_, select
from sqlalchemy.orm import Session

from bot.errors import WarmlineError
from bot.gateway.conversations.tables import Conversation
from bot.gateway.desk import notes, views
from bot.gateway.tickets import line
from bot.gateway.tickets.states import ENDED
from bot.gateway.tickets.tables import Agent, Ticket

# One page; the desk asks for the next one as somebody goes on reading.
PAGE = 200
LONGEST_CURSOR = 200

LISTS = ("waiting", "mine", "team", "closed", "all")
HISTORY = ("closed", "all")
"""The lists of what is over; the others are the work of now."""
HISTORY = ("closed", "all")
"""The lists of what is over, which have no end; the others are the work of now."""


class BadCursorError(WarmlineError):
    """The cursor is none that a page of this desk gave."""


@dataclass(frozen=True)
class Cursor:
    """Where the next page begins: after this ticket."""

    group: int
    at: datetime
    ticket_id: str

    def __str__(self) -> str:
        """Write it as one word for an address."""
        text = json.dumps([self.group, self.at.isoformat(), self.ticket_id])
        return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")

    @classmethod
    def read(cls, text: str) -> Cursor:
        """Read what :meth:`__str__` wrote; :class:`BadCursorError` for anything else."""
        try:
            group, at, ticket_id = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
            moment = datetime.fromisoformat(at)
            if not isinstance(ticket_id, str) or group not in (0, 1) or moment.tzinfo is None:
                raise ValueError
            return cls(int(group), moment, ticket_id)
        except (ValueError, TypeError, binascii.Error, RecursionError) as error:
            raise BadCursorError("The cursor is not one that a list of tickets gave.") from error


def page(
    session: Session,
    which: str,
    agent_id: str,
    now: datetime,
    *,
    cursor: Cursor | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    most: int = PAGE,
) -> dict[str, Any]:
    """One page of a list: ``{"tickets": [Ticket], "next": CURSOR | None}``.

    ``waiting`` is the line itself, the first one first, and then the call-backs by their time. The others stand oldest
    first; of the closed ones and of all, which have no end, the first page holds the newest and the next page those
    before them. ``since`` and ``until`` bound the day they came, or were closed. Each ticket says whether a colleague
    ``mentioned`` this agent in it, who has not looked since.
    """
    group, at = _order(which)
    query = (
        select(Ticket, Conversation, Agent, group, at)
        .join(Conversation, Conversation.id == Ticket.conversation_id)
        .join(Agent, Agent.id == Ticket.agent_id, isouter=True)
        .where(_belongs(which, agent_id))
    )
    if since is not None:
        query = query.where(at >= since)
    if until is not None:
        query = query.where(at < until)
    backwards = which in HISTORY
    if cursor is not None:
        query = query.where(_after(cursor, group, at, backwards))
    query = query.order_by(group, at.desc() if backwards else at, Ticket.id.desc() if backwards else Ticket.id)
    rows = session.execute(query.limit(most + 1)).all()
    more, rows = len(rows) > most, rows[:most]
    following = str(Cursor(rows[-1][3], rows[-1][4], rows[-1][0].id)) if more else None
    if backwards:
        rows = rows[::-1]
    mentioned = notes.unseen(session, agent_id)
    unanswered = views.unanswered_since(session, [row[1].id for row in rows])
    places = _places(session, [row[0] for row in rows]) if which == "waiting" else {}
    tickets = [
        views.shown(row[0], row[1], row[2], unanswered.get(row[1].id), places.get(row[0].id), now)
        | {"mentioned": row[0].id in mentioned}
        for row in rows
    ]
    return {"tickets": tickets, "next": following}


def waiting_count(session: Session) -> int:
    """How many wait, call-backs included."""
    return session.scalar(select(func.count()).where(Ticket.state.in_(("queued", "scheduled")))) or 0


def _belongs(which: str, agent_id: str) -> ColumnElement[bool]:
    match which:
        case "waiting":
            return Ticket.state.in_(("queued", "scheduled"))
        case "mine":
            return and_(Ticket.state == "accepted", Ticket.agent_id == agent_id)
        case "team":
            return and_(Ticket.state == "accepted", Ticket.agent_id != agent_id)
        case "closed":
            return Ticket.state.in_(ENDED)
        case _:
            return literal(True)


def _order(which: str) -> tuple[ColumnElement[int], ColumnElement[datetime]]:
    """What a list is ordered by: a group, then a time."""
    if which == "waiting":
        queued = Ticket.state == "queued"
        at = case(
            (queued, func.coalesce(Ticket.rank_at, Ticket.created_at)),
            else_=func.coalesce(Ticket.callback_at, Ticket.created_at),
        )
        return case((queued, 0), else_=1), at
    if which == "closed":
        return literal(0), func.coalesce(Ticket.closed_at, Ticket.created_at)
    return literal(0), Ticket.created_at.expression


def _after(
    cursor: Cursor, group: ColumnElement[int], at: ColumnElement[datetime], backwards: bool
) -> ColumnElement[bool]:
    later = at < cursor.at if backwards else at > cursor.at
    beside = Ticket.id < cursor.ticket_id if backwards else Ticket.id > cursor.ticket_id
    return or_(group > cursor.group, and_(group == cursor.group, or_(later, and_(at == cursor.at, beside))))


def _places(session: Session, tickets: Sequence[Ticket]) -> dict[str, int]:
    """The places in the line of neighbours: the first is counted, the others follow it."""
    queued = [ticket for ticket in tickets if ticket.state == "queued"]
    if not queued:
        return {}
    first = line.position(session, queued[0])
    return {ticket.id: first + number for number, ticket in enumerate(queued)}
