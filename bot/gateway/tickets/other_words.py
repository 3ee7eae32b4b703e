"""No waiting customer reads the identical sentence twice running: of several ways one that was not said last."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.gateway.conversations import transcript
from bot.gateway.conversations.tables import Conversation, Entry
from bot.gateway.conversations.wording import in_words
from bot.gateway.platform.transaction import Transaction
from bot.gateway.tickets import notices
from bot.gateway.tickets.notices import Notice
from bot.gateway.tickets.services import TicketServices


def unsaid(
    session: Transaction, services: TicketServices, conversation: Conversation, ways: Sequence[Notice]
) -> Notice:
    """The first of the ways, the most fitting first, that is not what the customer heard last."""
    said = transcript.last_said(session, conversation.id)
    last = "" if said is None else said.text
    return next((one for one in ways if in_words(services.wording, conversation, one.said) != last), ways[0])


def say(
    session: Transaction, services: TicketServices, conversation: Conversation, ways: Sequence[Notice], now: datetime
) -> Entry:
    """Say that one."""
    return notices.say(session, services, conversation, unsaid(session, services, conversation, ways), now)


def say_unless_last(
    session: Transaction, services: TicketServices, conversation: Conversation, notice: Notice, now: datetime
) -> bool:
    """Say it, unless it is the last thing that the customer heard; tells whether it was said."""
    last = transcript.last_said(session, conversation.id)
    if last is not None and last.text == in_words(services.wording, conversation, notice.said):
        return False
    notices.say(session, services, conversation, notice, now)
    return True
