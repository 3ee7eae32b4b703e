"""A wish that the assistant does while its customer keeps the place in the queue.

The ticket stays in the line and the bot has the conversation until the wish is done; a person may come at any time.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.gateway.conversations import inbox, owner, transcript
from bot.gateway.conversations.tables import Conversation
from bot.gateway.platform.signals import announce
from bot.gateway.platform.transaction import Transaction
from bot.gateway.tickets import line, notices, other_words
from bot.gateway.tickets.services import TicketServices
from bot.gateway.tickets.tables import Ticket
from bot.nlu.reading.in_line import asked_in_line
from bot.nlu.reading.told_wish import wish_told


def offered(session: Transaction, conversation_id: str) -> list[str] | None:
    """The ids of the messages whose wish was offered last, where nothing has been said since."""
    said = transcript.last_said(session, conversation_id)
    payloads = [str(one["payload"]) for one in said.choices] if said is not None else []
    offers = [payload for payload in payloads if payload.startswith(f"{notices.DO_NOW} ")]
    return offers[0].split()[1:] if len(offers) == 1 else None


def begin(
    session: Transaction,
    services: TicketServices,
    conversation: Conversation,
    message_ids: Sequence[str],
    now: datetime,
) -> None:
    """Let the bot take what the customer wrote in the queue, in one turn; the ticket keeps its place."""
    if conversation.owner != owner.QUEUE:
        return
    # As the question that it tells: what was tried in the queue is what is done.
    if not inbox.put_again(session, conversation, message_ids, now=now, put=lambda text: wish_told(text) or text):
        # An old button, whose wish was done: whoever presses it hears so.
        ways = (notices.not_in_line(), notices.unchanged())
        other_words.say(session, services, conversation, ways, now)
        return
    owner.change_owner(session, conversation, owner.BOT, expected_version=conversation.owner_version, now=now)
    notices.say(session, services, conversation, notices.doing_it_meanwhile(), now)


def ticket_beside(session: Transaction, conversation: Conversation) -> Ticket | None:
    """The ticket that waits while the bot has its customer, who did not leave an address to be answered at."""
    if conversation.owner != owner.BOT or conversation.owner_version == 0:
        return None  # nearly always: nobody was ever asked for
    ticket = line.open_ticket_of(session, conversation)
    if ticket is None or ticket.state != "queued" or (ticket.contact or {}).get("address"):
        return None
    return ticket


def rejoin(
    session: Transaction,
    services: TicketServices,
    conversation: Conversation,
    ticket: Ticket,
    notice: notices.Notice,
    now: datetime,
) -> None:
    """Put the conversation back into the queue, in the place that it has kept."""
    place = line.position(session, ticket)
    owner.change_owner(
        session, conversation, owner.QUEUE, expected_version=conversation.owner_version, now=now, position=place
    )
    ticket.told = {"position": place, "p90_minutes": None}
    notices.say(session, services, conversation, notice, now)


def wish_done(session: Transaction, services: TicketServices, conversation: Conversation, now: datetime) -> None:
    """The assistant has done what was wanted: the customer waits on, unless they were not waiting."""
    ticket = ticket_beside(session, conversation)
    if ticket is not None:
        place = line.position(session, ticket)
        rejoin(session, services, conversation, ticket, notices.place_was_kept(place), now)


def needs_nobody(
    session: Transaction, services: TicketServices, conversation: Conversation, text: str, now: datetime
) -> bool:
    """Whether the customer, whom the bot has meanwhile, wants no person any more; what else they want stays to do."""
    if conversation.owner_version == 0:
        return False
    asked = asked_in_line(text)
    if asked is None or asked.asked != "leave" or not asked.surely:
        return False
    ticket = ticket_beside(session, conversation)
    if ticket is None:
        return False
    ticket.state, ticket.closed_at = "abandoned", now
    announce(session, line.MOVED)
    notices.say(session, services, conversation, notices.taken_out(), now)
    return not asked.wants_more
