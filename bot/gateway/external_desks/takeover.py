"""Our own desk takes a customer over from an outside desk that is away, and says so to both sides."""

from __future__ import annotations

from datetime import datetime

from bot.gateway.conversations import transcript
from bot.gateway.conversations.tables import Conversation
from bot.gateway.platform.transaction import Transaction
from bot.gateway.tickets import life_cycle as tickets
from bot.gateway.tickets import notices
from bot.gateway.tickets.services import TicketServices
from bot.gateway.tickets.tables import Ticket


def by_our_desk(
    session: Transaction,
    services: TicketServices,
    conversation: Conversation,
    ticket: Ticket,
    title: str,
    now: datetime,
) -> None:
    """Tell our agents and the customer; a conversation that somebody there had goes back into the queue, well ahead."""
    if ticket.state not in ("queued", "accepted"):
        return
    note = f"{title} could not be reached. This customer is in our own queue now."
    transcript.append(session, conversation, type="note", author="system", text=note, now=now)
    notice = notices.moving_desks()
    if ticket.state == "accepted":
        tickets.requeue(session, services, ticket, conversation, lambda _place: notice, now)
    else:
        notices.say(session, services, conversation, notice, now)
