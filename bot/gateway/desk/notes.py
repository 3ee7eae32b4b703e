"""Notes among colleagues on a conversation: customers never see them, and who is named in one hears of it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select, update

from bot.gateway.conversations import transcript
from bot.gateway.conversations.tables import Entry
from bot.gateway.desk.tables import Mention
from bot.gateway.platform.transaction import Transaction
from bot.gateway.tickets.refusals import UnknownColleagueError, UnknownTicketError
from bot.gateway.tickets.tables import Agent, Ticket

MOST_MENTIONS = 10


def write(
    session: Transaction,
    ticket_id: str,
    agent: Agent,
    client_seq: int,
    text: str,
    mentioned: Collection[str],
    now: datetime,
) -> Entry:
    """Write a note; the same number with the same text by the same agent again answers the first one."""
    ticket = session.get(Ticket, ticket_id)
    conversation = None if ticket is None else transcript.lock(session, ticket.conversation_id)
    if ticket is None or conversation is None:
        raise UnknownTicketError("There is no such ticket.")
    earlier = session.scalars(
        select(Entry).where(
            Entry.conversation_id == conversation.id,
            Entry.type == "note",
            Entry.author_name == agent.name,
            Entry.client_seq == client_seq,
        )
    ).all()
    for entry in earlier:
        if entry.text == text:
            return entry
    ids = sorted(set(mentioned) - {agent.id})
    named = session.scalars(
        select(Agent).where(Agent.id.in_(ids), Agent.disabled_at.is_(None)).order_by(Agent.name)
    ).all()
    if len(named) != len(ids):
        raise UnknownColleagueError("Somebody you mentioned no longer has an account.")
    entry = transcript.append(
        session,
        conversation,
        type="note",
        author="human",
        author_name=agent.name,
        text=text,
        now=now,
        client_seq=client_seq,
        detail={"mentions": [{"id": one.id, "name": one.name} for one in named]},
    )
    session.flush()
    session.add_all(Mention(entry_id=entry.id, ticket_id=ticket.id, agent_id=one.id) for one in named)
    return entry


def unseen(session: Transaction, agent_id: str) -> set[str]:
    """The tickets in which a colleague named this agent, who has not looked since."""
    return set(
        session.scalars(select(Mention.ticket_id).where(Mention.agent_id == agent_id, Mention.seen_at.is_(None)))
    )


def looked(session: Transaction, ticket_id: str, agent_id: str, now: datetime) -> None:
    """The agent has opened the ticket: whatever named them there is read."""
    session.execute(
        update(Mention)
        .where(Mention.ticket_id == ticket_id, Mention.agent_id == agent_id, Mention.seen_at.is_(None))
        .values(seen_at=now)
        .execution_options(synchronize_session=False)
    )
