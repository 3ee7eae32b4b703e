"""The desk's lists, page by page: nothing is out of reach, and who waits stands in the order of the queue."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, or_, select, tuple_

from bot.gateway.desk import notes, views
from bot.gateway.platform.errors import RequestError
from bot.gateway.platform.transaction import Transaction
from bot.gateway.tickets import line
from bot.gateway.tickets.states import UNFINISHED
from bot.gateway.tickets.tables import Ticket

# One page; the desk asks for the next one as somebody goes on reading.
PAGE = 200
LONGEST_CURSOR = 200

LISTS = ("waiting", "mine", "team", "closed", "all")
HISTORY = ("closed", "all")
"""The lists of what is over, which have no end; the others are the work of now."""


class BadCursorError(RequestError):
    """The cursor is none that a page of this desk gave."""

    status, code = 400, "bad_cursor"


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
            raise BadCursorError("The cursor is not from a list of tickets.") from error


def page(
    session: Transaction,
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

    ``waiting`` is the queue itself, the first one first, and then the call-backs by their time. The others stand oldest
    first; of the closed ones and of all, which have no end, the first page holds the newest and the next page those
    before them. ``since`` and ``until`` bound the day they came, or were closed. Each ticket says whether a colleague
    ``mentioned`` this agent in it, who has not looked since.
    """
    keys = session.execute(keys_of(which, agent_id, cursor=cursor, since=since, until=until).limit(most + 1)).all()
    more, keys = len(keys) > most, keys[:most]
    following = str(Cursor(keys[-1][1], keys[-1][2], keys[-1][0])) if more else None
    if which in HISTORY:
        keys = keys[::-1]
    # Apart from the look for who is next: sorting would carry along all that a ticket shows.
    found = session.execute(views.with_names().where(Ticket.id.in_([key[0] for key in keys])))
    by_id = {row[0].id: row for row in found}
    rows = [by_id[key[0]] for key in keys]
    mentioned = notes.unseen(session, agent_id)
    unanswered = views.unanswered_since(session, [row[1].id for row in rows])
    places = _places(session, [row[0] for row in rows]) if which == "waiting" else {}
    tickets = []
    for ticket, conversation, agent, *brief in rows:
        since_when, place = unanswered.get(conversation.id), places.get(ticket.id)
        told = views.shown(ticket, conversation, agent, views.Brief(*brief), since_when, place, now)
        tickets.append(told | {"mentioned": ticket.id in mentioned})
    return {"tickets": tickets, "next": following}


def keys_of(
    which: str,
    agent_id: str,
    *,
    cursor: Cursor | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> Select[str, int, datetime]:
    """The tickets of a list as ``(id, group, at)``, in its order or, of :data:`HISTORY`, the newest first."""
    group, at = _order(which)
    query = select(Ticket.id, group, at).where(_belongs(which, agent_id))
    if since is not None:
        query = query.where(at >= since)
    if until is not None:
        query = query.where(at < until)
    backwards = which in HISTORY
    if cursor is not None:
        query = query.where(_after(cursor, group if which == "waiting" else None, at, backwards))
    # A list of one group is ordered by columns alone, as its index is.
    first = (group,) if which == "waiting" else ()
    return query.order_by(*first, at.desc() if backwards else at, Ticket.id.desc() if backwards else Ticket.id)


def waiting_count(session: Transaction) -> int:
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
            # The first says nothing new; it is what the index of closed tickets holds.
            return and_(Ticket.closed_at.is_not(None), Ticket.state.not_in(UNFINISHED))
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
        # None of these is null: `_belongs` leaves such tickets out.
        return literal(0), cast("ColumnElement[datetime]", Ticket.closed_at.expression)
    return literal(0), Ticket.created_at.expression


def _after(
    cursor: Cursor, group: ColumnElement[int] | None, at: ColumnElement[datetime], backwards: bool
) -> ColumnElement[bool]:
    here, there = tuple_(at, Ticket.id), tuple_(literal(cursor.at, at.type), cursor.ticket_id)
    later = here < there if backwards else here > there
    return later if group is None else or_(group > cursor.group, and_(group == cursor.group, later))


def _places(session: Transaction, tickets: Sequence[Ticket]) -> dict[str, int]:
    """The places in the queue of neighbours: the first is counted, the others follow it."""
    queued = [ticket for ticket in tickets if ticket.state == "queued"]
    if not queued:
        return {}
    first = line.position(session, queued[0])
    return {ticket.id: first + number for number, ticket in enumerate(queued)}
