"""The note that fits what a waiting customer wrote, where nothing can be answered; never the same twice running.

Whoever is frightened, lost or relieved hears a kind sentence before it is said where their message goes.
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.contract import names
from bot.gateway.conversations import transcript
from bot.gateway.conversations.tables import Conversation
from bot.gateway.platform.transaction import Transaction
from bot.gateway.tickets import notices, other_words
from bot.gateway.tickets.notices import Notice
from bot.gateway.tickets.services import TicketServices
from bot.gateway.tickets.tables import Ticket
from bot.handoff.reasons import ReasonCode
from bot.nlu.reading.own_question import asks
from bot.nlu.tone.feelings import FeelingKind
from bot.nlu.tone.waiting import WaitingFeeling, felt_while_waiting
from bot.wording.sentences import Wording, wording

# A customer's last messages, among which they may have told of a death.
_LOOKED_BACK = 20
# And among which they may have complained: what is added to a complaint is no mere entry.
_ANGRY_WITHIN = 4
ADDED = notices.added()
ADDED_AGAIN = notices.added(again=True)
THANKED = Notice(wording("queue.thanked"))
QUESTION_KEPT = Notice(wording("queue.question_kept"))
SORRY = Notice(wording("queue.sorry_and_added"))
SEEN_FIRST = Notice(wording("queue.seen_first"))
SEEN_FIRST_AGAIN = Notice(wording("queue.seen_first_again"))
WITH_CARE = Notice(wording("queue.with_care"))
WITH_CARE_AGAIN = Notice(wording("queue.with_care_again"))

SORRY_AGAIN = Notice(wording("queue.sorry_again"))
TOLD_ABOVE = Notice(wording("queue.told_above"))
_KEPT = Notice(wording("queue.kept_for_person"))
_GOES_THROUGH_IT = Notice(wording("queue.goes_through_it"))

FELT: Mapping[WaitingFeeling, tuple[Wording, Wording]] = {
    "frightened": (wording("queue.felt_frightened"), wording("queue.felt_frightened_again")),
    "relieved": (wording("queue.felt_relieved"), wording("queue.felt_relieved_again")),
    "lost": (wording("queue.felt_lost"), wording("queue.felt_lost_again")),
}
"""A kind sentence in front of the note, the second time in other words; who is impatient hears how things stand."""
_ANGRY: frozenset[FeelingKind] = frozenset({"complaint", "insult", "sarcasm", "threat"})


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
    *,
    upset: bool = False,
) -> Notice:
    """Say in fitting words that a person reads it.

    ``intent`` is what a message was read as, ``upset`` whether it sounds so.
    """
    fitting = _fitting(session, services, conversation, ticket, text, intent, upset)
    return other_words.unsaid(session, services, conversation, fitting)


def _fitting(
    session: Transaction,
    services: TicketServices,
    conversation: Conversation,
    ticket: Ticket | None,
    text: str,
    intent: str,
    upset: bool,
) -> tuple[Notice, ...]:
    """What could be said, the most fitting first."""
    moved = None if services.feelings is None else services.feelings.read(text)
    feels = felt_while_waiting(text)
    if intent == names.THANKS and feels is None:
        return THANKED, ADDED, ADDED_AGAIN
    if _in_danger(ticket):
        return (*_felt(feels, SEEN_FIRST, SEEN_FIRST_AGAIN), SEEN_FIRST, SEEN_FIRST_AGAIN)
    if (moved is not None and moved.kind == "distress") or _mourns(session, services, conversation):
        care = _felt(feels, WITH_CARE_AGAIN, WITH_CARE_AGAIN) if feels in {"lost", "frightened"} else ()
        return (*care, WITH_CARE, WITH_CARE_AGAIN)
    if upset or feels == "angry" or (moved is not None and moved.kind in _ANGRY):
        return SORRY, SORRY_AGAIN
    if feels == "lost":
        return _felt(feels, _GOES_THROUGH_IT, _GOES_THROUGH_IT)
    if feels in FELT:
        return _felt(feels, _KEPT, ADDED_AGAIN)
    kept = (QUESTION_KEPT, ADDED_AGAIN) if asks(text) else (ADDED, ADDED_AGAIN)
    return (SORRY, kept[0]) if _was_angry(session, services, conversation, ticket) else kept


def _felt(feels: WaitingFeeling | None, noted: Notice, noted_again: Notice) -> tuple[Notice, ...]:
    """The note behind a kind sentence, in two ways; none where nothing was felt that has one."""
    if feels is None or feels not in FELT:
        return ()
    first, again = FELT[feels]
    return noted.after(first), noted_again.after(again)


def _in_danger(ticket: Ticket | None) -> bool:
    return ticket is not None and ticket.reason == ReasonCode.DANGER.value


def _mourns(session: Transaction, services: TicketServices, conversation: Conversation) -> bool:
    return "bereavement" in _told_of(session, services, conversation, _LOOKED_BACK)


def _was_angry(
    session: Transaction, services: TicketServices, conversation: Conversation, ticket: Ticket | None
) -> bool:
    """Whether the customer came upset, or complained in one of their last messages."""
    came_upset = ticket is not None and ticket.reason == ReasonCode.UPSET_CUSTOMER.value
    return came_upset or bool(_ANGRY & _told_of(session, services, conversation, _ANGRY_WITHIN))


def _told_of(
    session: Transaction, services: TicketServices, conversation: Conversation, within: int
) -> frozenset[FeelingKind]:
    """What moved the customer in so many of their last messages."""
    if services.feelings is None:
        return frozenset()
    felt = (services.feelings.read(text) for text in transcript.last_written(session, conversation.id, within))
    return frozenset(one.kind for one in felt if one is not None)
