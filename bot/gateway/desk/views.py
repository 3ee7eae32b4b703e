"""Tickets and entries as the desk's API shows them (``docs/reference/web-api.md``)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import defer

from bot.gateway.channels import outbox
from bot.gateway.conversations import rating
from bot.gateway.conversations.formatting import as_told
from bot.gateway.conversations.tables import Conversation, Delivery, Entry
from bot.gateway.desk import marks, suggestions
from bot.gateway.desk.moments import moment
from bot.gateway.platform.transaction import Transaction
from bot.gateway.tickets import line
from bot.gateway.tickets.tables import Agent, Ticket

# The newest of a conversation that a page loads.
MOST_ENTRIES = 1000
# Of a customer's other tickets; who called more often is known by now.
MOST_EARLIER = 20


@dataclass(frozen=True)
class Brief:
    """What a list shows of a ticket's package, which holds a hundred times as much."""

    code: str
    text: str
    """Why it was handed over, as a code and in words."""
    summary: str


BRIEF = (
    Ticket.package[("reason", "code")].as_string(),
    Ticket.package[("reason", "text")].as_string(),
    Ticket.package["summary"].as_string(),
)
"""The columns of a :class:`Brief`."""

COLUMNS_ONLY = (defer(Ticket.package), defer(Conversation.dialogue_state))
"""Leaves out what is large: a list that read it took a second, and nobody looked at it."""


def ticket(session: Transaction, ticket_id: str, now: datetime) -> dict[str, Any] | None:
    """One ticket, or none."""
    row = session.execute(with_names().where(Ticket.id == ticket_id)).first()
    if row is None:
        return None
    return _one(session, row, now)


def ticket_and_story(session: Transaction, ticket_id: str, now: datetime) -> dict[str, Any] | None:
    """One ticket with its package and its conversation's entries, or none."""
    row = session.execute(with_names().where(Ticket.id == ticket_id)).first()
    if row is None:
        return None
    found, conversation = row[:2]
    newest = session.scalars(
        select(Entry).where(Entry.conversation_id == conversation.id).order_by(Entry.seq.desc()).limit(MOST_ENTRIES)
    ).all()
    return {
        "ticket": _one(session, row, now),
        "handoff": found.package,
        "entries": entries(session, newest[::-1]),
        "earlier": earlier(session, found, conversation),
    }


def unanswered_since(session: Transaction, conversation_ids: Collection[str]) -> dict[str, datetime]:
    """When the customer wrote the first message that no person has answered yet, where there is one."""
    message = (Entry.conversation_id.in_(conversation_ids), Entry.type == "message", Entry.visible_to_customer)
    answered = (
        select(Entry.conversation_id, func.max(Entry.seq).label("seq"))
        .where(*message, Entry.author == "human")
        .group_by(Entry.conversation_id)
        .subquery()
    )
    rows = session.execute(
        select(Entry.conversation_id, func.min(Entry.at))
        .join(answered, answered.c.conversation_id == Entry.conversation_id, isouter=True)
        .where(*message, Entry.author == "customer", Entry.seq > func.coalesce(answered.c.seq, 0))
        .group_by(Entry.conversation_id)
    )
    return {row[0]: row[1] for row in rows}


def earlier(session: Transaction, shown: Ticket, conversation: Conversation) -> list[dict[str, Any]]:
    """The same customer's other tickets, newest first: of this conversation, and of others where they are known."""
    same = Ticket.conversation_id == conversation.id
    customer = conversation.customer.get("id")
    # A visitor whom nobody knows has the conversation's own id, and no other conversation.
    if customer and customer != conversation.id:
        same = or_(same, Conversation.customer["id"].as_string() == customer)
    rows = session.execute(
        with_names()
        .where(same, Ticket.id != shown.id)
        .order_by(Ticket.created_at.desc(), Ticket.id)
        .limit(MOST_EARLIER)
    )
    return [
        {
            "ticket_id": ticket.id,
            "at": moment(ticket.created_at),
            "channel": of.channel,
            "state": ticket.state,
            "reason": reason,
            "outcome": ticket.outcome,
            "note": ticket.note or "",
            "agent_name": None if agent is None else agent.name,
        }
        for ticket, of, agent, _, reason, _ in rows
    ]


def writer_of(session: Transaction, ticket_id: str) -> tuple[str | None, str, str, str] | None:
    """Who may write in a ticket's conversation, and where that is: agent, conversation, channel, address."""
    row = session.execute(
        select(Ticket.state, Ticket.agent_id, Conversation.id, Conversation.channel, Conversation.address)
        .join(Conversation, Conversation.id == Ticket.conversation_id)
        .where(Ticket.id == ticket_id)
    ).first()
    return None if row is None else (row[1] if row[0] == "accepted" else None, row[2], row[3], row[4])


def tickets_of(session: Transaction, conversation_ids: Iterable[str]) -> dict[str, str]:
    """The newest ticket of each of these conversations, by the conversation's id."""
    rows = session.execute(
        select(Ticket.conversation_id, Ticket.id)
        .where(Ticket.conversation_id.in_(set(conversation_ids)))
        .order_by(Ticket.created_at, Ticket.id)
    )
    return {row[0]: row[1] for row in rows}


def entries(session: Transaction, rows: Sequence[Entry]) -> list[dict[str, Any]]:
    """Entries with how their delivery stands."""
    found = session.scalars(select(Delivery).where(Delivery.entry_id.in_([entry.id for entry in rows])))
    states = {one.entry_id: "repeated" if one.state == "sent" and outbox.is_repeat(one) else one.state for one in found}
    offered: dict[str, list[int]] = {}
    for entry in rows:
        if entry.type == suggestions.SUGGESTION:
            offered.setdefault(entry.conversation_id, []).append(entry.seq)
    said = {
        (conversation_id, seq): by_offer
        for conversation_id, seqs in offered.items()
        for seq, by_offer in suggestions.verdicts(session, conversation_id, seqs).items()
    }
    taken = {entry.message_id for entry in rows if entry.type == "trace" and entry.message_id is not None}
    marked = marks.marks_of(session, taken) if taken else {}
    return [
        _entry(
            entry,
            states.get(entry.id),
            said.get((entry.conversation_id, entry.seq), {}),
            marked.get(entry.message_id or ""),
        )
        for entry in rows
    ]


def entry_at(session: Transaction, ticket_id: str, seq: int) -> dict[str, Any]:
    """One entry of a ticket's conversation, which must be there."""
    found = session.scalars(
        select(Entry)
        .join(Ticket, Ticket.conversation_id == Entry.conversation_id)
        .where(Ticket.id == ticket_id, Entry.seq == seq)
    ).one()
    return entries(session, [found])[0]


def with_names() -> Select[Any]:
    """Tickets as ``(Ticket, Conversation, Agent or None, *BRIEF)``, without what is large."""
    query = select(Ticket, Conversation, Agent, *BRIEF).options(*COLUMNS_ONLY)
    query = query.join(Conversation, Conversation.id == Ticket.conversation_id)
    return query.join(Agent, Agent.id == Ticket.agent_id, isouter=True)


def _one(session: Transaction, row: Any, now: datetime) -> dict[str, Any]:
    found, conversation, agent, *brief = row
    unanswered = unanswered_since(session, [conversation.id]).get(conversation.id)
    place = line.position(session, found) if found.state == "queued" else None
    return shown(found, conversation, agent, Brief(*brief), unanswered, place, now)


def shown(
    found: Ticket,
    conversation: Conversation,
    agent: Agent | None,
    brief: Brief,
    unanswered: datetime | None,
    place: int | None,
    now: datetime,
) -> dict[str, Any]:
    """One ticket as lists and events show it; ``place`` counts from 1 and is None for whoever is in no queue."""
    # Until a person has answered, the customer waits since they entered the queue, whatever the bot said before.
    since = None if unanswered is None else max(unanswered, found.created_at)
    waiting = {"queued": found.created_at, "accepted": since}.get(found.state)
    return {
        "id": found.id,
        "conversation_id": conversation.id,
        "state": found.state,
        "reason": {"code": brief.code, "text": brief.text},
        "summary": brief.summary,
        "customer_name": conversation.customer.get("name"),
        "skill": found.skill,
        "language": found.language,
        "priority": found.priority,
        "place": place,
        # To the microsecond, always: texts of one shape sort as the line does.
        "rank_at": None if found.rank_at is None else found.rank_at.isoformat(timespec="microseconds"),
        "assigned_to": found.assigned_to,
        "waiting_since": None if waiting is None else moment(waiting),
        "waiting_seconds": None if waiting is None else max(0, int((now - waiting).total_seconds())),
        "snoozed_until": None if found.snoozed_until is None else moment(found.snoozed_until),
        "callback_at": None if found.callback_at is None else moment(found.callback_at),
        "contact": found.contact,
        "outcome": found.outcome,
        "channel": conversation.channel,
        "created_at": moment(found.created_at),
        "age_seconds": max(0, int((now - found.created_at).total_seconds())),
        "agent": None if agent is None else {"id": agent.id, "name": agent.name},
        "last_seq": conversation.last_seq,
    }


def _entry(
    entry: Entry, delivery: str | None, verdicts: Mapping[int, str], mark: Mapping[str, Any] | None
) -> dict[str, Any]:
    detail = entry.detail or {}
    told: dict[str, Any] = {
        "seq": entry.seq,
        "at": moment(entry.at),
        "author": entry.author,
        "author_name": entry.author_name,
        "type": entry.type,
        "text": _state_in_words(detail) if entry.type == "state" else entry.text,
        # Titles only: agents read what was offered, they do not press it.
        "choices": [{"title": choice["title"]} for choice in entry.choices],
        "citation": entry.citation and {key: entry.citation.get(key) for key in ("title", "heading", "url")},
        # A message that was stopped because a human took over did not arrive either.
        "delivery": "failed" if delivery == "cancelled" else delivery,
        "trace": entry.detail if entry.type == "trace" else None,
        "client_seq": entry.client_seq if entry.author == "human" else None,
    }
    if entry.type == "message":
        told |= as_told(entry.detail)
    if entry.type == "trace":
        told["mark"] = mark
    if entry.type == "state":
        told["change"] = {name: detail.get(name) for name in ("owner", "agent_name", "position")}
    if entry.rating is not None:
        told["rating"] = rating.shown(entry)
    if entry.type == "note":
        told["mentions"] = detail.get("mentions", [])
    if entry.type == suggestions.SUGGESTION:
        told["suggestion"] = {
            "for_seq": detail.get("for_seq"),
            "offers": [
                {**offer, "verdict": verdicts.get(number)} for number, offer in enumerate(detail.get("offers", []))
            ],
            "next_action": detail.get("next_action"),
        }
    return told


def _state_in_words(detail: Mapping[str, Any]) -> str:
    match detail.get("owner"):
        case "queue":
            return f"Waiting for a person, number {detail.get('position') or '?'} in the queue."
        case "human":
            return f"With {detail.get('agent_name') or 'a person'}."
        case _:
            return "With the assistant."


def changed_deliveries(session: Transaction, entry_ids: Iterable[int]) -> list[Entry]:
    """Of these entries, the ones whose delivery has ended."""
    ended = and_(Delivery.entry_id.in_(set(entry_ids)), or_(Delivery.state != "waiting"))
    return list(session.scalars(select(Entry).join(Delivery, Delivery.entry_id == Entry.id).where(ended)))
