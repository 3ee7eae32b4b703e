"""What an agent writes to a customer: once each, and only by the agent who has the conversation."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from bot.gateway.conversations import transcript
from bot.gateway.conversations.tables import Entry
from bot.gateway.platform.transaction import Transaction
from bot.gateway.tickets.holding import held_by
from bot.gateway.tickets.tables import Agent


def reply(session: Transaction, ticket_id: str, agent: Agent, client_seq: int, text: str, now: datetime) -> Entry:
    """Write a reply; the same number with the same text again answers the first one.

    The number alone would not do: a desk that was reloaded may count from the beginning again, and an agent's words
    must never be swallowed.
    """
    ticket, conversation = held_by(session, ticket_id, agent)
    earlier = session.scalars(
        select(Entry).where(
            Entry.conversation_id == conversation.id,
            Entry.author == "human",
            Entry.type == "message",
            Entry.client_seq == client_seq,
            Entry.at >= ticket.accepted_at,
        )
    ).all()
    for entry in earlier:
        if entry.text == text:
            return entry
    return transcript.append(
        session, conversation, author="human", author_name=agent.name, text=text, now=now, client_seq=client_seq
    )
