"""A time that the customer picked: the ticket leaves the queue, the bot answers meanwhile, a timer brings it back."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.gateway.conversations import owner
from bot.gateway.conversations.tables import Conversation
from bot.gateway.platform.signals import announce
from bot.gateway.platform.transaction import Transaction
from bot.gateway.tickets import hours, line, notices, routing, timers, zones
from bot.gateway.tickets.services import TicketServices
from bot.gateway.tickets.tables import Ticket, Timer

CALLBACK = "callback"
"""The kind of timer that brings a customer back into the queue."""
REMINDER = "callback_reminder"
"""The kind of timer that reminds the customer of the time that they picked."""

# Who picked a time further ahead than this is reminded an hour before.
REMIND_BEFORE = timedelta(hours=1)
REMIND_IF_AHEAD = timedelta(hours=3)


def schedule(
    session: Transaction,
    services: TicketServices,
    conversation: Conversation,
    ticket: Ticket,
    at: datetime,
    now: datetime,
) -> None:
    """Take a ticket out of the line until then, or move the time that it has; the customer reads when."""
    was_waiting = ticket.state == "queued"
    ticket.state, ticket.callback_at, ticket.keeps_place = "scheduled", at, False
    # A picked time is not a wait that the line caused.
    ticket.load = None
    for kind in (CALLBACK, REMINDER):
        timers.cancel(session, ticket_id=ticket.id, kind=kind, now=now)
    due = {CALLBACK: at} | ({REMINDER: at - REMIND_BEFORE} if at - now >= REMIND_IF_AHEAD else {})
    for kind, due_at in due.items():
        key = f"{kind}:{ticket.id}:{now.isoformat()}"
        timers.set_timer(session, key, kind, conversation.id, due_at, ticket_id=ticket.id)
    if was_waiting:
        announce(session, line.MOVED)
        owner.change_owner(session, conversation, owner.BOT, expected_version=conversation.owner_version, now=now)
    said = hours.spoken(services.desk, at, now, zones.zone_of(conversation))
    notices.say(session, services, conversation, notices.callback_set(said), now, about=ticket)


def cancel(
    session: Transaction, services: TicketServices, conversation: Conversation, ticket: Ticket, now: datetime
) -> None:
    """The customer no longer wants to be called back."""
    ticket.state, ticket.closed_at = "abandoned", now
    for kind in (CALLBACK, REMINDER):
        timers.cancel(session, ticket_id=ticket.id, kind=kind, now=now)
    notices.say(session, services, conversation, notices.callback_cancelled(), now)
    # Desks hear of a ticket's changes by states.
    owner.write_state(session, conversation, now=now)


def is_due(session: Transaction, services: TicketServices, timer: Timer, now: datetime) -> None:
    """The time has come: back into the line, before those who came meanwhile."""
    conversation = session.get_one(Conversation, timer.conversation_id)
    ticket = session.get(Ticket, timer.ticket_id, populate_existing=True)
    if ticket is None or ticket.state != "scheduled":
        return
    if line.open_ticket_of(session, conversation) is not None:
        # The customer is in the line, or with a human, for something else by now: one conversation, one ticket.
        ticket.state, ticket.closed_at, ticket.outcome = "completed", now, "merged"
        return
    settings = services.desk
    ticket.state, ticket.priority, ticket.queued_at = "queued", "high", now
    # Picked times come first: the promise was made before anybody who waits now had come.
    ticket.rank_at = routing.rank_of(settings, now, "urgent")
    session.flush()
    place = line.position(session, ticket)
    owner.change_owner(
        session, conversation, owner.QUEUE, expected_version=conversation.owner_version, now=now, position=place
    )
    notices.say(session, services, conversation, notices.callback_due(place), now)
    announce(session, line.MOVED)


def remind(session: Transaction, services: TicketServices, timer: Timer, now: datetime) -> None:
    """Remind the customer of the time that they picked."""
    conversation = session.get_one(Conversation, timer.conversation_id)
    ticket = session.get(Ticket, timer.ticket_id, populate_existing=True)
    if ticket is not None and ticket.state == "scheduled" and ticket.callback_at is not None:
        said = hours.spoken(services.desk, ticket.callback_at, now, zones.zone_of(conversation))
        notices.say(session, services, conversation, notices.callback_reminder(said), now, about=ticket)
