"""How things stand for somebody in the queue, when they ask: the place, the waiting time, who is there.

Whoever asks who answers, or whether somebody rings, hears that first. Whoever is tired of waiting hears first that we
are sorry.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select

from bot.gateway.conversations import transcript
from bot.gateway.conversations.tables import Conversation, Entry
from bot.gateway.conversations.wording import in_words
from bot.gateway.platform.transaction import Transaction
from bot.gateway.tickets import availability, line, notices, other_words, waiting_time
from bot.gateway.tickets.notices import Notice
from bot.gateway.tickets.services import TicketServices
from bot.gateway.tickets.tables import Ticket
from bot.handoff.reasons import ReasonCode
from bot.nlu.reading.in_line import Asked
from bot.nlu.tone.waiting import felt_while_waiting
from bot.wording.sentences import Wording, wording

_SORRY = (wording("queue.takes_long"), wording("queue.takes_long_again"))
_OF_THE_ANSWER: dict[Asked, tuple[Wording, Wording]] = {
    "by_phone": (wording("queue.in_this_chat"), wording("queue.in_this_chat_again")),
    "who": (wording("queue.who_answers"), wording("queue.who_answers_again")),
    "machine": (wording("queue.with_the_assistant"), wording("queue.with_the_assistant_again")),
}
"""What is said of the person's answer, the second time in other words."""
_ANGRY = frozenset({"complaint", "insult", "sarcasm", "threat"})


def is_annoyed(services: TicketServices, text: str) -> bool:
    """Whether a message is that of somebody who is tired of waiting, or angry."""
    felt = None if services.feelings is None else services.feelings.read(text)
    return felt_while_waiting(text) in {"impatient", "angry"} or (felt is not None and felt.kind in _ANGRY)


def tell(
    session: Transaction,
    services: TicketServices,
    conversation: Conversation,
    ticket: Ticket,
    now: datetime,
    *,
    annoyed: bool = False,
) -> Entry:
    """Say it as it is now, not as it was promised; in other words to somebody who has read the same."""
    place = line.position(session, ticket)
    how = _how_it_stands(session, services, ticket, place, now)
    if annoyed:
        ways: tuple[Notice, ...] = (how.after(_SORRY[0]), notices.unchanged(), how.after(_SORRY[1]))
        notice = _told_longest_ago(session, services, conversation, ways)
    else:
        ways = (how, notices.unchanged(), notices.takes_long(place))
        said = transcript.last_said(session, conversation.id)
        told = {in_words(services.wording, conversation, one.said) for one in ways}
        is_news = said is None or said.text not in told
        notice = how if is_news else _told_longest_ago(session, services, conversation, ways)
    return notices.say(session, services, conversation, _choices_for(ticket, notice), now)


def tell_of_the_answer(
    session: Transaction,
    services: TicketServices,
    conversation: Conversation,
    ticket: Ticket,
    asked: Asked,
    now: datetime,
) -> Entry:
    """Say who answers, and where, and then how things stand; somebody in danger hears that they come first."""
    how = _how_it_stands(session, services, ticket, line.position(session, ticket), now)
    first, again = _OF_THE_ANSWER[asked]
    ways: tuple[Notice, ...] = (how.after(first), how.after(again))
    if _in_danger(ticket) and asked != "machine":
        ways = (notices.answered_here(), *ways)
    return other_words.say(session, services, conversation, [_choices_for(ticket, one) for one in ways], now)


def _how_it_stands(session: Transaction, services: TicketServices, ticket: Ticket, place: int, now: datetime) -> Notice:
    load = waiting_time.load_of(session, services, ticket, place, now)
    expected = waiting_time.forecast(session, services, load)
    found = availability.of(session, services, ticket, now)
    wait = None if expected is None or not found.somebody else waiting_time.shown(services.desk, expected)
    return notices.waiting(place, wait, found.said(services.desk, now))


def _choices_for(ticket: Ticket, notice: Notice) -> Notice:
    """Who is in danger has something else to do than to choose."""
    return notice.without_choices() if _in_danger(ticket) else notice


def _in_danger(ticket: Ticket) -> bool:
    return ticket.reason == ReasonCode.DANGER.value


def _told_longest_ago(
    session: Transaction, services: TicketServices, conversation: Conversation, ways: Sequence[Notice]
) -> Notice:
    """Which of several the customer has not read yet, or not for the longest time."""
    return min(
        ways, key=lambda one: _last_told(session, conversation, in_words(services.wording, conversation, one.said))
    )


def _last_told(session: Transaction, conversation: Conversation, words: str) -> int:
    """The number of the message by which the customer was told so in so many words; 0 for never."""
    told = select(func.max(Entry.seq)).where(
        Entry.conversation_id == conversation.id, Entry.author == "system", Entry.text == words
    )
    return session.scalar(told) or 0
