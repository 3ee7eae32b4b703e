"""The note that fits what a waiting customer wrote, where nothing can be answered; never the same twice running."""

from __future__ import annotations

from bot.contract import names
from bot.gateway.conversations import transcript
from bot.gateway.conversations.tables import Conversation
from bot.gateway.conversations.wording import in_words
from bot.gateway.platform.transaction import Transaction
from bot.gateway.tickets import notices
from bot.gateway.tickets.notices import Notice
from bot.gateway.tickets.services import TicketServices
from bot.gateway.tickets.tables import Ticket
from bot.handoff.reasons import ReasonCode
from bot.nlu.reading.own_question import asks
from bot.wording.sentences import wording

# A customer's last messages, among which they may have told of a death.
_LOOKED_BACK = 20
ADDED = notices.added()
ADDED_AGAIN = notices.added(again=True)
THANKED = Notice(wording("queue.thanked"))
QUESTION_KEPT = Notice(wording("queue.question_kept"))
SORRY = Notice(wording("queue.sorry_and_added"))
SEEN_FIRST = Notice(wording("queue.seen_first"))
SEEN_FIRST_AGAIN = Notice(wording("queue.seen_first_again"))
WITH_CARE = Notice(wording("queue.with_care"))
WITH_CARE_AGAIN = Notice(wording("queue.with_care_again"))

_ANGRY = frozenset({"complaint", "insult", "sarcasm", "threat"})


def wants_care(
    session: Transaction, services: TicketServices, conversation: Conversation, ticket: Ticket | None
) -> bool:
    """Whether a person alone should speak to the customer, who is in danger or mourns."""
    return _in_danger(ticket) or _mourns(session, services, conversation)


def note(
    session: Transaction,
    services: TicketServices,
    conversation: Conversation,
    ticket: Ticket | None,
    text: str,
    intent: str,
) -> Notice:
    """Say in fitting words that a person reads it; ``intent`` is what a message was read as."""
    fitting = _fitting(session, services, conversation, ticket, text, intent)
    said = transcript.last_said(session, conversation.id)
    last = "" if said is None else said.text
    return next(one for one in fitting if in_words(services.wording, conversation, one.said) != last)


def _fitting(
    session: Transaction,
    services: TicketServices,
    conversation: Conversation,
    ticket: Ticket | None,
    text: str,
    intent: str,
) -> tuple[Notice, ...]:
    """What could be said, the most fitting first."""
    if intent == names.THANKS:
        return THANKED, ADDED, ADDED_AGAIN
    if _in_danger(ticket):
        return SEEN_FIRST, SEEN_FIRST_AGAIN
    felt = None if services.feelings is None else services.feelings.read(text)
    if (felt is not None and felt.kind == "distress") or _mourns(session, services, conversation):
        return WITH_CARE, WITH_CARE_AGAIN
    if felt is not None and felt.kind in _ANGRY:
        return SORRY, ADDED_AGAIN
    if asks(text):
        return QUESTION_KEPT, ADDED_AGAIN
    return ADDED, ADDED_AGAIN


def _in_danger(ticket: Ticket | None) -> bool:
    return ticket is not None and ticket.reason == ReasonCode.DANGER.value


def _mourns(session: Transaction, services: TicketServices, conversation: Conversation) -> bool:
    if services.feelings is None:
        return False
    written = transcript.last_written(session, conversation.id, _LOOKED_BACK)
    felt = (services.feelings.read(text) for text in written)
    return any(one is not None and one.kind == "bereavement" for one in felt)
