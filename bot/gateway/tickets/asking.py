"""A conversation that needs a person: into the queue, unless the visitor or address has enough tickets.

Without that, one visitor in sixty conversations stands sixty times before everybody. Who is at the limit is told who
has their request, and stays with the bot: nothing is lost silently. A danger is no matter of limits.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import case, func, or_, select

from bot.gateway.conversations import transcript
from bot.gateway.conversations.tables import Conversation
from bot.gateway.conversations.transcript import WEBSITE
from bot.gateway.platform.transaction import Transaction
from bot.gateway.tickets import life_cycle as tickets
from bot.gateway.tickets import line, notices
from bot.gateway.tickets.notices import Notice
from bot.gateway.tickets.services import TicketServices
from bot.gateway.tickets.states import UNFINISHED
from bot.gateway.tickets.tables import Ticket
from bot.handoff.reasons import ReasonCode
from bot.handoff.request import HandoffRequest


def hand_over(
    session: Transaction, services: TicketServices, conversation: Conversation, request: HandoffRequest, now: datetime
) -> bool:
    """Put a conversation into the line, or tell its customer why not; tells whether it is there."""
    may = request.code is ReasonCode.DANGER or line.open_ticket_of(session, conversation)
    why_not = None if may else no_room(session, services, conversation)
    if why_not is not None:
        notices.say(session, services, conversation, why_not, now)
        return False
    tickets.open_ticket(session, services, conversation, request, now)
    return True


def no_room(session: Transaction, services: TicketServices, conversation: Conversation) -> Notice | None:
    """What a customer reads whose visitor or address has as many open tickets as it may; none when there is room.

    Until the transaction ends nobody else opens a ticket, so two that come at once do not both take the last place.
    """
    settings = services.desk
    session.flush()
    transcript.take_order(session)
    here = Conversation.id == conversation.id
    mine = here if conversation.origin is None else or_(here, Conversation.origin == conversation.origin)
    in_conversation, in_all = session.execute(
        select(func.count(case((here, 1))), func.count())
        .select_from(Ticket)
        .join(Conversation, Conversation.id == Ticket.conversation_id)
        .where(Ticket.state.in_(UNFINISHED), mine)
    ).one()
    by_visitor = in_conversation if conversation.channel == WEBSITE else in_all
    if by_visitor >= settings.tickets_per_visitor:
        return notices.enough_tickets()
    if conversation.channel == WEBSITE and in_all >= settings.tickets_per_address:
        return notices.enough_tickets_nearby()
    return None
