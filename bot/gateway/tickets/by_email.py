"""Customers who left an e-mail address: they do not wait, and are answered there unless they come back."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from bot.gateway.conversations.tables import Conversation, Entry
from bot.gateway.platform.transaction import Transaction
from bot.gateway.tickets import availability, line, meanwhile, notices
from bot.gateway.tickets.services import TicketServices
from bot.gateway.tickets.tables import Ticket


def is_gone(session: Transaction, conversation: Conversation, ticket: Ticket) -> bool:
    """Whether the customer left an address and has written nothing since: nobody reads here what is said now."""
    if not (ticket.contact or {}).get("address"):
        return False
    states = select(Entry.seq, Entry.detail).where(Entry.conversation_id == conversation.id, Entry.type == "state")
    newest_first = session.execute(states.order_by(Entry.seq.desc()))
    left_at = next((row.seq for row in newest_first if "answer_to" in (row.detail or {})), 0)
    written_since = select(Entry.id).where(
        Entry.conversation_id == conversation.id,
        Entry.type == "message",
        Entry.author == "customer",
        Entry.seq > left_at,
    )
    return session.scalar(written_since.limit(1)) is None


def wait_here_again(
    session: Transaction, services: TicketServices, ticket: Ticket, conversation: Conversation, now: datetime
) -> None:
    """Who was to be answered by e-mail wants a person here after all: the ticket keeps its place, and they hear it."""
    ticket.contact, ticket.keeps_place = None, False
    found = availability.of(session, services, ticket, now)
    notice = notices.queued(line.position(session, ticket), None, found.said(services.desk, now))
    meanwhile.rejoin(session, services, conversation, ticket, notice, now)
