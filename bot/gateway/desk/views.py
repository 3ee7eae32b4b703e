"""Tickets and entries as the desk's API shows them (``docs/reference/web-api.md``)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import Session

from bot.gateway.tables import Agent, Conversation, Delivery, Entry, Ticket

# What a list shows at most; nobody scrolls further.
MOST_TICKETS = 200
# The newest of a conversation that a page loads.
MOST_ENTRIES = 1000

LISTS = ("waiting", "mine", "team", "closed")
_OPEN = ("queued", "accepted")


def tickets(session: Session, which: str, agent_id: str, now: datetime) -> list[dict[str, Any]]:
    """One of the desk's lists, oldest first; of the closed ones the newest 200."""
    query = _with_names()
    if which == "waiting":
        query = query.where(Ticket.state == "queued")
    elif which == "mine":
        query = query.where(Ticket.state == "accepted", Ticket.agent_id == agent_id)
    elif which == "team":
        query = query.where(Ticket.state == "accepted", Ticket.agent_id != agent_id)
    else:
        query = query.where(Ticket.state.not_in(_OPEN))
    if which == "closed":
        rows = session.execute(query.order_by(Ticket.closed_at.desc(), Ticket.id).limit(MOST_TICKETS)).all()[::-1]
    else:
        rows = list(session.execute(query.order_by(Ticket.created_at, Ticket.id).limit(MOST_TICKETS)).all())
    return [_ticket(ticket, conversation, agent, now) for ticket, conversation, agent in rows]


def ticket(session: Session, ticket_id: str, now: datetime) -> dict[str, Any] | None:
    """One ticket, or none."""
    row = session.execute(_with_names().where(Ticket.id == ticket_id)).first()
    return None if row is None else _ticket(row[0], row[1], row[2], now)


def ticket_and_story(session: Session, ticket_id: str, now: datetime) -> dict[str, Any] | None:
    """One ticket with its package and its conversation's entries, or none."""
    row = session.execute(_with_names().where(Ticket.id == ticket_id)).first()
    if row is None:
        return None
    found, conversation, agent = row
    newest = session.scalars(
        select(Entry).where(Entry.conversation_id == conversation.id).order_by(Entry.seq.desc()).limit(MOST_ENTRIES)
    ).all()
    return {
        "ticket": _ticket(found, conversation, agent, now),
        "handoff": found.package,
        "entries": entries(session, newest[::-1]),
    }


def tickets_of(session: Session, conversation_ids: Iterable[str]) -> dict[str, str]:
    """The newest ticket of each of these conversations, by the conversation's id."""
    rows = session.execute(
        select(Ticket.conversation_id, Ticket.id)
        .where(Ticket.conversation_id.in_(set(conversation_ids)))
        .order_by(Ticket.created_at, Ticket.id)
    )
    return {row[0]: row[1] for row in rows}


def entries(session: Session, rows: Sequence[Entry]) -> list[dict[str, Any]]:
    """Entries with how their delivery stands."""
    found = session.execute(
        select(Delivery.entry_id, Delivery.state).where(Delivery.entry_id.in_([entry.id for entry in rows]))
    )
    states = {row[0]: row[1] for row in found}
    return [_entry(entry, states.get(entry.id)) for entry in rows]


def moment(at: datetime) -> str:
    """ISO 8601 in UTC."""
    return at.isoformat().replace("+00:00", "Z")


def _with_names() -> Select[Ticket, Conversation, Agent]:
    query = select(Ticket, Conversation, Agent).join(Conversation, Conversation.id == Ticket.conversation_id)
    return query.join(Agent, Agent.id == Ticket.agent_id, isouter=True)


def _ticket(found: Ticket, conversation: Conversation, agent: Agent | None, now: datetime) -> dict[str, Any]:
    reason = found.package["reason"]
    return {
        "id": found.id,
        "conversation_id": conversation.id,
        "state": found.state,
        "reason": {"code": reason["code"], "text": reason["text"]},
        "summary": found.package["summary"],
        "customer_name": conversation.customer.get("name"),
        "channel": conversation.channel,
        "created_at": moment(found.created_at),
        "age_seconds": max(0, int((now - found.created_at).total_seconds())),
        "agent": None if agent is None else {"id": agent.id, "name": agent.name},
        "last_seq": conversation.last_seq,
    }


def _entry(entry: Entry, delivery: str | None) -> dict[str, Any]:
    return {
        "seq": entry.seq,
        "at": moment(entry.at),
        "author": entry.author,
        "author_name": entry.author_name,
        "type": entry.type,
        "text": _state_in_words(entry.detail or {}) if entry.type == "state" else entry.text,
        # Titles only: agents read what was offered, they do not press it.
        "choices": [{"title": choice["title"]} for choice in entry.choices],
        "citation": entry.citation and {key: entry.citation.get(key) for key in ("title", "heading", "url")},
        # A message that was stopped because a human took over did not arrive either.
        "delivery": "failed" if delivery == "cancelled" else delivery,
        "trace": entry.detail if entry.type == "trace" else None,
        "client_seq": entry.client_seq if entry.author == "human" else None,
    }


def _state_in_words(detail: Mapping[str, Any]) -> str:
    match detail.get("owner"):
        case "queue":
            return f"Waiting for a person, number {detail.get('position') or '?'} in line."
        case "human":
            return f"With {detail.get('agent_name') or 'a person'}."
        case _:
            return "With the assistant."


def changed_deliveries(session: Session, entry_ids: Iterable[int]) -> list[Entry]:
    """Of these entries, the ones whose delivery has ended."""
    ended = and_(Delivery.entry_id.in_(set(entry_ids)), or_(Delivery.state != "waiting"))
    return list(session.scalars(select(Entry).join(Delivery, Delivery.entry_id == Entry.id).where(ended)))
