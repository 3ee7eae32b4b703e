"""The outbox's rows: what is due, what is on its way, and how it ended; each function in the caller's transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select, update

from bot.gateway.channels.protocol import Button, Citation, OutboundMessage, Refused, SendResult, Sent
from bot.gateway.conversations.payloads import Payloads
from bot.gateway.conversations.states import ON_ITS_WAY, REPEATING, UNKNOWN
from bot.gateway.conversations.tables import Conversation, Delivery, Entry
from bot.gateway.platform.signals import DESK, OUTBOX, announce
from bot.gateway.platform.tables import constant
from bot.gateway.platform.transaction import Transaction

# Longer than a provider takes to answer; after it, a delivery whose process died is taken up again.
LEASE = timedelta(seconds=30)
# A message that a day of trying did not bring is no answer any more (Telegram, too, keeps updates for a day).
GIVE_UP_AFTER = timedelta(hours=24)
_FIRST_PAUSE = 1.0
_LONGEST_PAUSE = 300.0

# What `error` says to people of a delivery that was repeated.
_SENT_AGAIN = "the answer to the first try was lost; it was repeated once, the customer may have it twice"
_NOBODY_KNOWS = "nobody knows whether it arrived; it was repeated once"

MOST_AT_ONCE = 100
WAITING = "waiting"


@dataclass(frozen=True)
class Job:
    """A delivery that this process may send now."""

    delivery_id: int
    channel: str
    message: OutboundMessage
    sent_parts: tuple[str, ...]
    """The provider's ids of the parts that went out before."""


def due(session: Transaction, now: datetime) -> list[int]:
    """The deliveries that can be sent now, at most one a conversation: its oldest."""
    heads = select(func.min(Delivery.id)).where(Delivery.state == constant(WAITING)).group_by(Delivery.conversation_id)
    ready = (Delivery.not_before.is_(None)) | (Delivery.not_before <= now)
    query = select(Delivery.id).where(Delivery.id.in_(heads), ready).order_by(Delivery.id).limit(MOST_AT_ONCE)
    return list(session.scalars(query))


def next_due(session: Transaction) -> datetime | None:
    """When the next delivery that has to wait may be sent."""
    return session.scalar(select(func.min(Delivery.not_before)).where(Delivery.state == constant(WAITING)))


def take(session: Transaction, delivery_id: int, payloads: Payloads, now: datetime) -> Job | None:
    """Claim a delivery for sending; none if there is nothing to send, or another process has it."""
    delivery = session.get(Delivery, delivery_id, with_for_update=True, populate_existing=True)
    if (
        delivery is None
        or delivery.state != "waiting"
        or (delivery.not_before is not None and delivery.not_before > now)
    ):
        return None
    conversation = session.get_one(Conversation, delivery.conversation_id)
    entry = session.get_one(Entry, delivery.entry_id)
    if not conversation.reachable:
        _end(session, delivery, "failed", "the customer blocked us", None)
        return None
    if delivery.arrival == REPEATING:
        _end(session, delivery, "failed", _NOBODY_KNOWS, REPEATING)
        return None
    # Found as on its way after a crash, or with a lost answer: it may be repeated once.
    delivery.arrival = ON_ITS_WAY if delivery.arrival is None else REPEATING
    delivery.attempts += 1
    delivery.not_before = now + LEASE
    citation = entry.citation
    message = OutboundMessage(
        address=conversation.address,
        author=entry.author,
        author_name=entry.author_name,
        text=entry.text,
        buttons=tuple(Button(one["title"], one["token"]) for one in payloads.for_customers(entry)),
        citation=None
        if citation is None
        else Citation(citation.get("title") or "", citation.get("heading") or "", citation.get("url") or ""),
        locale=conversation.locale,
    )
    sent = tuple(delivery.provider_message_id.split(",")) if delivery.provider_message_id else ()
    return Job(delivery.id, conversation.channel, message, sent)


def note_part(session: Transaction, job: Job, sent_parts: tuple[str, ...], now: datetime) -> None:
    """Remember that a part went out: a retry goes on after it, and the next part has a repeat of its own."""
    session.execute(
        update(Delivery)
        .where(Delivery.id == job.delivery_id)
        .values(provider_message_id=",".join(sent_parts), arrival=ON_ITS_WAY, not_before=now + LEASE)
    )


def finish(session: Transaction, job: Job, result: SendResult, sent_parts: tuple[str, ...], now: datetime) -> None:
    """Write down how sending ended: sent, failed for good, or to be tried again."""
    delivery = session.get_one(Delivery, job.delivery_id, with_for_update=True, populate_existing=True)
    delivery.provider_message_id = ",".join(sent_parts) or None
    if isinstance(result, Sent):
        delivery.sent_at = now
        repeated = delivery.arrival == REPEATING
        _end(session, delivery, "sent", _SENT_AGAIN if repeated else None, REPEATING if repeated else None)
    elif delivery.state != "waiting":
        return  # a human took over while it was on its way
    elif isinstance(result, Refused):
        _end(session, delivery, "failed", result.why, None)
        if result.customer_gone:
            lose_customer(session, session.get_one(Conversation, delivery.conversation_id), result.why)
    elif now - session.get_one(Entry, delivery.entry_id).at > GIVE_UP_AFTER:
        _end(session, delivery, "failed", f"given up: {result.why}", None)
    elif result.maybe_sent and delivery.arrival == REPEATING:
        _end(session, delivery, "failed", f"{_NOBODY_KNOWS}: {result.why}", REPEATING)
    else:
        # A repeat that certainly did not go out leaves the one repeat to the next try.
        delivery.arrival = UNKNOWN if result.maybe_sent or delivery.arrival == REPEATING else None
        delivery.error = result.why
        delivery.not_before = now + timedelta(seconds=max(result.seconds, _pause(delivery.attempts)))
        announce(session, OUTBOX)


def put_back(session: Transaction, delivery_id: int, now: datetime) -> None:
    """Leave a delivery alone for a lease that hit a fault of ours: those of other customers go out meanwhile."""
    session.execute(
        update(Delivery)
        .where(Delivery.id == delivery_id, Delivery.state == constant(WAITING))
        .values(not_before=now + LEASE)
        .execution_options(synchronize_session=False)
    )


def is_repeat(delivery: Delivery) -> bool:
    """Whether the customer may have this message twice: its first acknowledgement was lost and it was sent again."""
    return delivery.arrival == REPEATING


def lose_customer(session: Transaction, conversation: Conversation, why: str) -> None:
    """The customer blocked us: nothing more goes out until they write again."""
    conversation.reachable = False
    session.execute(
        update(Delivery)
        .where(Delivery.conversation_id == conversation.id, Delivery.state == constant(WAITING))
        .values(state="failed", error=why, arrival=None)
        .execution_options(synchronize_session="fetch")
    )
    announce(session, DESK)


def _pause(attempts: int) -> float:
    return min(_FIRST_PAUSE * 2.0 ** min(attempts - 1, 20), _LONGEST_PAUSE)


def _end(session: Transaction, delivery: Delivery, state: str, error: str | None, arrival: str | None) -> None:
    delivery.state, delivery.error, delivery.arrival = state, error, arrival
    announce(session, DESK)
    announce(session, OUTBOX)
