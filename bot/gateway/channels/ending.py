"""A visitor ends a conversation: its key opens nothing any more, and nobody keeps a place in the queue for it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from bot.gateway.conversations import transcript
from bot.gateway.conversations.owner import BOT, QUEUE, kind
from bot.gateway.conversations.tables import Conversation
from bot.gateway.platform.transaction import Transaction
from bot.gateway.tickets import callbacks, reminders
from bot.gateway.tickets import life_cycle as tickets
from bot.gateway.tickets.services import TicketServices
from bot.gateway.tickets.tables import Ticket

LEFT = "The customer has ended the conversation in their browser and reads nothing here any more."
"""What an agent who is talking to them reads."""


def end(session: Transaction, services: TicketServices, conversation: Conversation, now: datetime) -> str:
    """Do so for a locked conversation; gives who answered until then: ``bot``, ``queue`` or ``human``."""
    was = kind(conversation.owner)
    conversation.token_hash = None
    tickets.abandon(session, services, conversation, now)
    reminders.cancel_all(session, conversation, now)
    scheduled = select(Ticket).where(Ticket.conversation_id == conversation.id, Ticket.state == "scheduled")
    for ticket in session.scalars(scheduled).all():
        # Nobody would be here to be called back.
        callbacks.cancel(session, services, conversation, ticket, now)
    if was not in (BOT, QUEUE):
        transcript.append(session, conversation, author="system", type="note", text=LEFT, now=now)
    return was
