"""How things stand for somebody in the queue, when they ask: the place, the waiting time, who is there."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select

from bot.gateway.conversations import transcript
from bot.gateway.conversations.tables import Conversation, Entry
from bot.gateway.conversations.wording import in_words
from bot.gateway.platform.transaction import Transaction
from bot.gateway.tickets import availability, line, notices, waiting_time
from bot.gateway.tickets.services import TicketServices
from bot.gateway.tickets.tables import Ticket
from bot.handoff.reasons import ReasonCode


def tell(
    session: Transaction, services: TicketServices, conversation: Conversation, ticket: Ticket, now: datetime
) -> Entry:
    """Say it as it is now, not as it was promised; in other words to somebody who has read the same."""
    place = line.position(session, ticket)
    load = waiting_time.load_of(session, services, ticket, place, now)
    expected = waiting_time.forecast(session, services, load)
    found = availability.of(session, services, ticket, now)
    wait = None if expected is None or not found.somebody else waiting_time.shown(services.desk, expected)
    notice = notices.waiting(place, wait, found.said(services.desk, now))
    ways = {in_words(services.wording, conversation, one.said): one for one in _ways(notice, place)}
    said = transcript.last_said(session, conversation.id)
    if said is not None and said.text in ways:
        notice = ways[min(ways, key=lambda words: _last_told(session, conversation, words))]
    # Who is in danger has something else to do than to choose.
    notice = notice.without_choices() if ticket.reason == ReasonCode.DANGER.value else notice
    return notices.say(session, services, conversation, notice, now)


def _ways(notice: notices.Notice, place: int) -> tuple[notices.Notice, ...]:
    """How it can be said to somebody who asks again and again."""
    return notice, notices.unchanged(), notices.takes_long(place)


def _last_told(session: Transaction, conversation: Conversation, words: str) -> int:
    """The number of the message by which the customer was told so in so many words; 0 for never."""
    told = select(func.max(Entry.seq)).where(
        Entry.conversation_id == conversation.id, Entry.author == "system", Entry.text == words
    )
    return session.scalar(told) or 0
