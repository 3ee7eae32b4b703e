"""The transactions of the worker: take a message, finish its turn, try later, give up.

Each checks what it finds, so that it may run twice, and so that two workers with the same message do its work once: a
message is finished only while it is unhandled, and a turn commits only while the owner's version is still the one it
started from.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Select, select, update

from bot.contract.question import Question, question_in
from bot.contract.reading import as_json
from bot.contract.turn import EventInput, ReminderInput, Turn, input_of
from bot.gateway.conversations import claims, owner, questions, rating, shares, transcript, waiting
from bot.gateway.conversations.brain_client import TurnTaken
from bot.gateway.conversations.formatting import MARKDOWN
from bot.gateway.conversations.inbox import REMINDER
from bot.gateway.conversations.services import ConversationServices
from bot.gateway.conversations.tables import Conversation, InboxMessage
from bot.gateway.conversations.wording import in_words
from bot.gateway.platform.signals import INBOX, announce
from bot.gateway.platform.transaction import Transaction
from bot.handoff.request import HandoffRequest
from bot.wording.catalogue import Catalogue
from bot.wording.sentences import Said

LEASE = claims.LEASE
# Messages kept for a human in one transaction before it is committed.
_MOST_KEPT = 50

_NOT_SAID = ("event", REMINDER)
OVER_BUDGET: Literal["over_budget"] = "over_budget"

Outcome = Literal[
    "answered",
    "handed_off",
    "not_handed_off",
    "kept_for_human",
    "superseded",
    "again",
    "already_handled",
    "over_budget",
]

HELD: Literal["held"] = "held"
"""What :func:`claim` answers when a message waits to be tried alone, or is being tried alone."""


@dataclass(frozen=True)
class Work:
    """A message whose turn is to be taken, as it was when it was claimed."""

    inbox_id: int
    conversation_id: str
    message_id: str
    owner_version: int
    turn: Turn
    received_at: datetime
    attempts: int
    failures: int
    lost: int
    waited_ms: int
    tried_at: datetime | None
    told_to_wait: bool
    more_waiting: bool
    """Another message of this conversation waits behind this one."""
    others_waiting: bool
    """Another conversation may wait: whoever claimed this one should look again."""
    address: str

    @property
    def is_event(self) -> bool:
        """Not said by the customer, who therefore does not wait for an answer."""
        return isinstance(self.turn.input, EventInput | ReminderInput)

    @property
    def goes_alone(self) -> bool:
        """Tell whether a brain was lost with this message: until it is answered, no other turn shares a brain with it.

        So nobody else pays for a message that ends brains, and a message that was only there when it happened is
        answered.
        """
        return self.lost > 0

    def waited_by(self, now: datetime) -> timedelta:
        """Say how long it has waited for an answer, without what the clock has jumped."""
        return waiting.so_far(self.waited_ms, self.tried_at or self.received_at, now)


def doubt_waiting(session: Transaction) -> None:
    """Note at a start that the end before may have cut an attempt short; the messages get their turns all the same.

    This is for a database that one gateway has to itself: where several share it, a lapsed lease says so
    (:func:`claim`).
    """
    if not claims.shared(session):
        _doubt(session, claims.FIRST_WAITING)


def release_all(session: Transaction, holder: str) -> None:
    """Free what a worker still holds when it ends: turns that were cut short."""
    held = select(Conversation.id).where(Conversation.lease_holder == holder)
    _doubt(session, claims.FIRST_WAITING.where(InboxMessage.conversation_id.in_(held)))
    session.execute(
        update(Conversation)
        .where(Conversation.lease_holder == holder)
        .values(lease_holder=None, lease_until=None)
        .execution_options(synchronize_session=False)
    )
    announce(session, INBOX)


def claim(
    session: Transaction, services: ConversationServices, holder: str, busy: Collection[str], now: datetime
) -> Work | Literal["held"] | None:
    """Claim the next conversation (`shares`: the least served, then the longest waiting), or answer None.

    What came in while a human or the queue owns the conversation is kept for the human on the way. A message that goes
    alone is claimed when no other turn is being taken, and none is claimed beside it: :data:`HELD`.
    """
    if claims.shared(session) and claims.is_tried_alone_elsewhere(session, holder, now):
        return HELD
    for _ in range(_MOST_KEPT):
        conversation, others = claims.next_conversation(session, holder, busy, now)
        if conversation is None:
            return None
        first_two = session.scalars(claims.FIRST_TWO_WAITING, {"conversation_id": conversation.id}).all()
        if not first_two or claims.must_wait(first_two[0], now):
            # Another gateway took it between the two looks.
            return None
        message = first_two[0]
        if services.reception.is_command(message.input):
            if questions.is_pressed_twice(session, message):
                handled(message, "repeated", now)
            elif services.reception.act(session, conversation, message.input, now):
                handled(message, "answered", now)
            else:
                questions.tell_expired(session, services.wording, conversation, message, now)
                handled(message, "expired", now)
        elif conversation.owner != owner.BOT and message.input.get("type") == REMINDER:
            handled(message, "expired", now)  # who has it now knows better what is to be said
        elif conversation.owner != owner.BOT:
            replied = services.reception.heard(session, conversation, message, now)
            handled(message, "answered" if replied else "kept_for_human", now)
        elif services.reception.heard_about_request(session, conversation, message.input, now):
            handled(message, "answered", now)
        elif message.lost > 0 and (
            busy or (claims.shared(session) and claims.others_at_work(session, conversation.id, now))
        ):
            # It comes next: nothing is begun until it can go alone.
            return HELD
        elif (verdict := questions.verdict(session, conversation, message)) != "open":
            if verdict == "expired":
                questions.tell_expired(session, services.wording, conversation, message, now)
            handled(message, verdict, now)
        else:
            if conversation.lease_holder is not None and conversation.lease_holder != holder:
                message.may_have_acted = True  # whoever had it did not give it back
            if claims.shared(session):
                conversation.lease_holder, conversation.lease_until = holder, now + LEASE
            return _work(conversation, message, more_waiting=len(first_two) > 1, others_waiting=others)
        session.flush()
    announce(session, INBOX)
    return None


def _doubt(session: Transaction, first: Select[int]) -> None:
    session.execute(
        update(InboxMessage)
        .where(InboxMessage.id.in_(first))
        .values(may_have_acted=True)
        .execution_options(synchronize_session=False)
    )


def renew(session: Transaction, work: Work, holder: str, now: datetime) -> None:
    """Keep a claim while its turn is being taken."""
    session.execute(
        update(Conversation)
        .where(Conversation.id == work.conversation_id, Conversation.lease_holder == holder)
        .values(lease_until=now + LEASE)
        .execution_options(synchronize_session=False)
    )


def finish(
    session: Transaction, services: ConversationServices, work: Work, taken: TurnTaken, holder: str, now: datetime
) -> Outcome:
    """Commit a turn: replies, state, trace, hand-off and the message's end, or none of it."""
    conversation, message = locked(session, work, holder)
    shares.charge(session, conversation, shares.computed(taken.trace), now)
    if message is None:
        return "already_handled"
    if conversation.owner_version != work.owner_version:
        return _too_late(session, conversation, message, taken, now)
    asks = rating.may_be_rated(conversation.channel, taken)
    state = questions.with_opening(conversation.dialogue_state, taken.state, work.message_id)
    question = question_in(state)
    for number, reply in enumerate(taken.replies, start=1):
        last = number == len(taken.replies)
        transcript.append(
            session,
            conversation,
            author="bot",
            now=now,
            text=reply.text,
            choices=[questions.kept(choice.title, choice.payload, question) for choice in reply.choices],
            citation=reply.citation,
            detail=_detail(reply.formatted, question if last else None),
            message_id=work.message_id,
            rating=rating.OPEN if asks and last else None,
        )
    conversation.dialogue_state = state
    if taken.reminders:
        services.reception.remind(session, conversation, taken.reminders, work.message_id, now)
    write_trace(session, conversation, work.message_id, taken.trace, now)
    outcome: Outcome = "answered"
    if taken.handoff is not None:
        handed_over = services.reception.hand_over(session, conversation, HandoffRequest.from_json(taken.handoff), now)
        outcome = "handed_off" if handed_over else "not_handed_off"
    elif question_in(state) is None and not (taken.replies and taken.replies[-1].choices):
        services.reception.wish_done(session, conversation, now)
    handled(message, outcome, now)
    return outcome


def _detail(formatted: str | None, asked: Question | None) -> dict[str, Any] | None:
    said = {} if formatted is None else {MARKDOWN: formatted}
    return {**said, **({} if asked is None else {questions.ASKS: as_json(asked)})} or None


def postpone(
    session: Transaction,
    work: Work,
    holder: str,
    delay: timedelta,
    now: datetime,
    *,
    failed: bool = False,
    lost: bool = False,
    may_have_acted: bool = False,
) -> None:
    """Try the message again after ``delay``; the conversation's later messages wait behind it."""
    conversation, message = locked(session, work, holder)
    if lost:
        shares.charge(session, conversation, shares.CUT_OFF, now)
    if message is not None:
        message.attempts = work.attempts + 1
        message.may_have_acted = message.may_have_acted or may_have_acted
        message.failures = work.failures + (1 if failed else 0)
        message.lost = work.lost + (1 if lost else 0)
        message.waited_ms = work.waited_by(now) // timedelta(milliseconds=1)
        message.tried_at = now
        message.not_before = now + delay


def tell_to_wait(session: Transaction, words: Catalogue, work: Work, said: Said, now: datetime) -> bool:
    """Tell the customer once that it takes a moment; tells whether this did."""
    conversation = transcript.lock(session, work.conversation_id)
    if conversation is None or conversation.owner != owner.BOT:
        return False
    unhandled = session.scalars(
        select(InboxMessage)
        .where(InboxMessage.conversation_id == work.conversation_id, InboxMessage.handled_at.is_(None))
        .order_by(InboxMessage.id)
    ).all()
    if any(message.told_to_wait_at for message in unhandled):
        return False
    if not any(message.input.get("type") not in _NOT_SAID for message in unhandled):
        return False
    for message in unhandled:
        message.told_to_wait_at = now
    transcript.append(session, conversation, author="system", now=now, text=in_words(words, conversation, said))
    return True


def _work(conversation: Conversation, message: InboxMessage, *, more_waiting: bool, others_waiting: bool) -> Work:
    turn = Turn(
        conversation_id=conversation.id,
        message_id=message.message_id,
        channel=conversation.channel,
        locale=conversation.locale,
        customer=transcript.customer_of(conversation),
        # Where a button stood is the gateway's own affair, and does not travel.
        input=input_of(message.input),
        state=conversation.dialogue_state,
        again=message.may_have_acted,
    )
    return Work(
        inbox_id=message.id,
        conversation_id=conversation.id,
        message_id=message.message_id,
        owner_version=conversation.owner_version,
        turn=turn,
        received_at=message.received_at,
        attempts=message.attempts,
        failures=message.failures,
        lost=message.lost,
        waited_ms=message.waited_ms,
        tried_at=message.tried_at,
        told_to_wait=message.told_to_wait_at is not None,
        more_waiting=more_waiting,
        others_waiting=others_waiting,
        address=conversation.address,
    )


def locked(session: Transaction, work: Work, holder: str) -> tuple[Conversation, InboxMessage | None]:
    """Lock the conversation, give up the claim, and read the message unless somebody has handled it."""
    conversation = transcript.lock(session, work.conversation_id)
    if conversation is None:
        raise LookupError("a conversation has vanished")
    if conversation.lease_holder == holder:
        conversation.lease_holder = conversation.lease_until = None
    message = session.get_one(InboxMessage, work.inbox_id, populate_existing=True)
    return conversation, None if message.handled_at is not None else message


def _too_late(
    session: Transaction, conversation: Conversation, message: InboxMessage, taken: TurnTaken, now: datetime
) -> Outcome:
    """Keep what the bot would have said from the customer; a human who took over sees it."""
    if conversation.owner == owner.BOT:
        # The conversation left the bot and came back meanwhile: the message is taken again, from what is known now.
        message.may_have_acted = message.may_have_acted or bool(taken.trace.get("actions"))
        announce(session, INBOX)
        return "again"
    unsaid = {
        "superseded": True,
        "replies": [
            {"text": reply.text, "choices": [choice.title for choice in reply.choices]} for reply in taken.replies
        ],
        "handed_off": taken.handoff is not None,
        **taken.trace,
    }
    write_trace(session, conversation, message.message_id, unsaid, now)
    handled(message, "superseded", now)
    return "superseded"


def write_trace(
    session: Transaction, conversation: Conversation, message_id: str, trace: Mapping[str, Any], now: datetime
) -> None:
    """Leave what is to be looked at of a turn beside the message that it was about."""
    transcript.append(
        session, conversation, type="trace", author="bot", now=now, detail=dict(trace), message_id=message_id
    )


def handled(message: InboxMessage, outcome: str, now: datetime) -> None:
    """Note that a message is done with, and how it ended."""
    message.handled_at, message.outcome = now, outcome
