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

from sqlalchemy import bindparam, func, or_, select, update
from sqlalchemy.orm import Session

from bot.gateway.conversations import owner, rating, transcript
from bot.gateway.conversations.brain_client import Turn, TurnTaken
from bot.gateway.queue import later, tickets
from bot.gateway.signals import INBOX, announce
from bot.gateway.tables import Conversation, InboxMessage, UtcTime
from bot.handoff.reasons import ReasonCode
from bot.handoff.request import ActionTried, HandoffRequest

# How long a worker's claim lasts unless it is renewed: as long as a killed gateway's customers wait for another one.
LEASE = timedelta(seconds=10)
# Messages kept for a human in one transaction before it is committed.
_MOST_KEPT = 50

_EVENT = "event"

Outcome = Literal["answered", "handed_off", "kept_for_human", "superseded", "again", "already_handled"]


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
    told_to_wait: bool
    more_waiting: bool
    """Another message of this conversation waits behind this one."""
    others_waiting: bool
    """Another conversation may wait: whoever claimed this one should look again."""
    address: str

    @property
    def is_event(self) -> bool:
        """Not said by the customer, who therefore does not wait for an answer."""
        return bool(self.turn.input.get("type") == _EVENT)


def release_all(session: Session, holder: str) -> None:
    """Free what a worker still holds when it ends."""
    session.execute(
        update(Conversation)
        .where(Conversation.lease_holder == holder)
        .values(lease_holder=None, lease_until=None)
        .execution_options(synchronize_session=False)
    )
    announce(session, INBOX)


def claim(session: Session, holder: str, busy: Collection[str], now: datetime) -> Work | None:
    """Claim the conversation whose next message waited longest, or answer None.

    What came in while a human or the queue owns the conversation is kept for the human on the way.
    """
    for _ in range(_MOST_KEPT):
        conversation, others = _next_conversation(session, holder, busy, now)
        if conversation is None:
            return None
        waiting = session.scalars(_FIRST_TWO_WAITING, {"conversation_id": conversation.id}).all()
        if not waiting or (waiting[0].not_before is not None and waiting[0].not_before > now):
            # Another gateway took it between the two looks.
            return None
        message = waiting[0]
        if later.is_command(message.input):
            later.act(session, conversation, message.input, now)
            _handled(message, "answered", now)
        elif conversation.owner != owner.BOT:
            later.heard(session, conversation, message.input, now)
            _handled(message, "kept_for_human", now)
        else:
            if _shared(session):
                conversation.lease_holder, conversation.lease_until = holder, now + LEASE
            return _work(conversation, message, more_waiting=len(waiting) > 1, others_waiting=others)
        session.flush()
    announce(session, INBOX)
    return None


def renew(session: Session, work: Work, holder: str, now: datetime) -> None:
    """Keep a claim while its turn is being taken."""
    session.execute(
        update(Conversation)
        .where(Conversation.id == work.conversation_id, Conversation.lease_holder == holder)
        .values(lease_until=now + LEASE)
        .execution_options(synchronize_session=False)
    )


def finish(session: Session, work: Work, taken: TurnTaken, holder: str, now: datetime) -> Outcome:
    """Commit a turn: replies, state, trace, hand-off and the message's end, or none of it."""
    conversation, message = _locked(session, work, holder)
    if message is None:
        return "already_handled"
    if conversation.owner_version != work.owner_version:
        return _too_late(session, conversation, message, taken, now)
    asks = rating.may_be_rated(conversation.channel, taken)
    for number, reply in enumerate(taken.replies, start=1):
        transcript.append(
            session,
            conversation,
            author="bot",
            now=now,
            text=reply.text,
            choices=[{"title": choice.title, "payload": choice.payload} for choice in reply.choices],
            citation=reply.citation,
            message_id=work.message_id,
            rating=rating.OPEN if asks and number == len(taken.replies) else None,
        )
    conversation.dialogue_state = None if taken.state is None else dict(taken.state)
    _write_trace(session, conversation, work.message_id, taken.trace, now)
    outcome: Outcome = "answered"
    if taken.handoff is not None:
        tickets.open_ticket(session, conversation, HandoffRequest.from_json(taken.handoff), now)
        outcome = "handed_off"
    _handled(message, outcome, now)
    return outcome


def postpone(session: Session, work: Work, holder: str, delay: timedelta, now: datetime, *, failed: bool) -> None:
    """Try the message again after ``delay``; the conversation's later messages wait behind it."""
    _conversation, message = _locked(session, work, holder)
    if message is not None:
        message.attempts = work.attempts + 1
        message.failures = work.failures + (1 if failed else 0)
        message.not_before = now + delay


def tell_to_wait(session: Session, work: Work, text: str, now: datetime) -> bool:
    """Tell the customer once that it takes a moment; tells whether this did."""
    conversation = transcript.lock(session, work.conversation_id)
    if conversation is None or conversation.owner != owner.BOT:
        return False
    waiting = session.scalars(
        select(InboxMessage)
        .where(InboxMessage.conversation_id == work.conversation_id, InboxMessage.handled_at.is_(None))
        .order_by(InboxMessage.id)
    ).all()
    if any(message.told_to_wait_at for message in waiting):
        return False
    if not any(message.input.get("type") != _EVENT for message in waiting):
        return False
    for message in waiting:
        message.told_to_wait_at = now
    transcript.append(session, conversation, author="system", now=now, text=text)
    return True


def give_up(
    session: Session, work: Work, holder: str, why: str, action: str | None, sentence: str, now: datetime
) -> Outcome:
    """Make a ticket of a message that the brain cannot take; built without the brain."""
    conversation, message = _locked(session, work, holder)
    if message is None:
        return "already_handled"
    trace = {"failure": {"why": why, "action": action, "attempts": work.attempts + 1}}
    _write_trace(session, conversation, work.message_id, trace, now)
    if conversation.owner != owner.BOT:
        _handled(message, "kept_for_human", now)
        return "kept_for_human"
    if work.is_event:
        # The customer asked nothing: what they ask next is a fresh try, and a failure then becomes the ticket.
        _handled(message, "superseded", now)
        return "superseded"
    transcript.append(session, conversation, author="system", now=now, text=sentence, message_id=work.message_id)
    said = str(work.turn.input.get("text") or work.turn.input.get("title") or "")
    request = HandoffRequest(
        code=ReasonCode.TECHNICAL_FAILURE,
        evidence=why if action is None else f"{action}: {why}",
        last_question=said,
        actions_tried=() if action is None else (ActionTried(action, ok=False, error=why),),
    )
    tickets.open_ticket(session, conversation, request, now)
    _handled(message, "handed_off", now)
    return "handed_off"


_FIRST = (
    select(InboxMessage.conversation_id, func.min(InboxMessage.id).label("first_id"))
    .where(InboxMessage.handled_at.is_(None))
    .group_by(InboxMessage.conversation_id)
    .subquery()
)
_NOW = bindparam("now", type_=UtcTime())
_NEXT_CONVERSATION = (
    select(Conversation)
    .join(_FIRST, _FIRST.c.conversation_id == Conversation.id)
    .join(InboxMessage, InboxMessage.id == _FIRST.c.first_id)
    .where(
        or_(InboxMessage.not_before.is_(None), InboxMessage.not_before <= _NOW),
        or_(
            Conversation.lease_until.is_(None),
            Conversation.lease_until <= _NOW,
            Conversation.lease_holder == bindparam("holder"),
        ),
        Conversation.id.not_in(bindparam("busy", expanding=True)),
    )
    .order_by(_FIRST.c.first_id)
    .limit(bindparam("most"))
    .with_for_update(of=Conversation, skip_locked=True)
    .execution_options(populate_existing=True)
)
_FIRST_TWO_WAITING = (
    select(InboxMessage)
    .where(InboxMessage.conversation_id == bindparam("conversation_id"), InboxMessage.handled_at.is_(None))
    .order_by(InboxMessage.id)
    .limit(2)
    .execution_options(populate_existing=True)
)


def _shared(session: Session) -> bool:
    """Tell whether other gateways may work on the same database; SQLite has one, which knows what it does."""
    return session.get_bind().dialect.name != "sqlite"


def _next_conversation(
    session: Session, holder: str, busy: Collection[str], now: datetime
) -> tuple[Conversation | None, bool]:
    """The conversation to go on with, and whether there may be another: looking again costs a transaction.

    Several gateways lock what they look at, and one locks no more than it takes: there it may always be.
    """
    shared = _shared(session)
    found = session.scalars(
        _NEXT_CONVERSATION, {"holder": holder, "busy": list(busy), "now": now, "most": 1 if shared else 2}
    ).all()
    return (found[0] if found else None), shared or len(found) > 1


def _work(conversation: Conversation, message: InboxMessage, *, more_waiting: bool, others_waiting: bool) -> Work:
    turn = Turn(
        conversation_id=conversation.id,
        message_id=message.message_id,
        channel=conversation.channel,
        locale=conversation.locale,
        customer=conversation.customer,
        input=message.input,
        state=conversation.dialogue_state,
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
        told_to_wait=message.told_to_wait_at is not None,
        more_waiting=more_waiting,
        others_waiting=others_waiting,
        address=conversation.address,
    )


def _locked(session: Session, work: Work, holder: str) -> tuple[Conversation, InboxMessage | None]:
    """Lock the conversation, give up the claim, and read the message unless somebody has handled it."""
    conversation = transcript.lock(session, work.conversation_id)
    if conversation is None:
        raise LookupError("a conversation has vanished")
    if conversation.lease_holder == holder:
        conversation.lease_holder = conversation.lease_until = None
    message = session.get_one(InboxMessage, work.inbox_id, populate_existing=True)
    return conversation, None if message.handled_at is not None else message


def _too_late(
    session: Session, conversation: Conversation, message: InboxMessage, taken: TurnTaken, now: datetime
) -> Outcome:
    """Keep what the bot would have said from the customer; a human who took over sees it."""
    if conversation.owner == owner.BOT:
        # The conversation left the bot and came back meanwhile: the message is taken again, from what is known now.
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
    _write_trace(session, conversation, message.message_id, unsaid, now)
    _handled(message, "superseded", now)
    return "superseded"


def _write_trace(
    session: Session, conversation: Conversation, message_id: str, trace: Mapping[str, Any], now: datetime
) -> None:
    transcript.append(
        session, conversation, type="trace", author="bot", now=now, detail=dict(trace), message_id=message_id
    )


def _handled(message: InboxMessage, outcome: str, now: datetime) -> None:
    message.handled_at, message.outcome = now, outcome
