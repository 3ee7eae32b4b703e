"""What customers send: each message is stored once, before its provider is told that it arrived."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select

from bot.gateway.conversations import allowance, transcript
from bot.gateway.conversations.allowance import InboundLimits
from bot.gateway.conversations.discretion import Discretion
from bot.gateway.conversations.payloads import Payloads
from bot.gateway.conversations.tables import Conversation, Entry, InboxMessage
from bot.gateway.platform.database import insert_if_absent
from bot.gateway.platform.errors import RequestError
from bot.gateway.platform.identity import new_id
from bot.gateway.platform.signals import INBOX, announce
from bot.gateway.platform.transaction import Transaction
from bot.handoff.limits import storable, storable_value
from bot.nlu.secrets.passwords import may_be_password
from bot.nlu.secrets.reader import HIDDEN_PASSWORD, Kind

REMINDER = "reminder"
"""The type of an input that is none of the customer's (`bot.contract.turn.ReminderInput`)."""

LONGEST_TEXT = 4000
"""Characters of one message: more than anybody types, and little enough to encode at once."""


class GapError(RequestError):
    """A message before this one is missing; the sender must send that first."""

    status, code = 409, "gap"


class NumberTakenError(RequestError):
    """Another message came with this number; the sender must give this one the next."""

    status, code = 409, "number_taken"


@dataclass(frozen=True)
class Said:
    """The customer typed something."""

    text: str


@dataclass(frozen=True)
class Chose:
    """The customer pressed a button; the token names it."""

    token: str


@dataclass(frozen=True)
class InboundMessage:
    """One message as a channel received it, checked for its form."""

    channel: str
    account: str
    address: str
    """Where replies go: a chat id; on the website the conversation's id."""
    provider_message_id: str
    """The same for the same message however often it is delivered; unique on the channel and account."""
    input: Said | Chose
    customer: Mapping[str, Any] = field(default_factory=dict)
    """What the channel knows of the customer: ``name`` and other attributes."""
    locale: str = "en"
    client_seq: int | None = None
    conversation_id: str | None = None
    """Set where the sender knows the conversation, which may have moved to another address meanwhile."""
    origin: str | None = None
    """Where it comes from, as :mod:`bot.gateway.platform.origin` names it; none where the channel cannot tell."""


@dataclass(frozen=True)
class Receipt:
    """What became of a message; the same for each delivery of it."""

    conversation_id: str
    message_id: str
    seq: int
    """The number of the customer's entry in the conversation."""
    duplicate: bool = False


def receive(
    session: Transaction,
    message: InboundMessage,
    *,
    payloads: Payloads,
    allowed: Mapping[str, InboundLimits],
    now: datetime,
    discretion: Discretion | None = None,
) -> Receipt:
    """Store a message and the customer's entry; a message that is already there answers its first receipt.

    What nobody may keep is hidden before anything is stored (``discretion``; without one, with the product's words).

    Raises :class:`~bot.gateway.conversations.payloads.UnknownChoiceError` for a button that was never offered,
    :class:`GapError` when ``client_seq`` leaves a number out, :class:`NumberTakenError` when another message has it,
    :class:`~bot.gateway.platform.limits.LimitReachedError` when too much comes in
    (:mod:`bot.gateway.conversations.allowance`; ``allowed`` by channel): nothing is stored then.
    """
    discretion = discretion or Discretion()
    # First the lock, then the look: another gateway may be storing the same message in this moment.
    conversation = _conversation_of(session, message, discretion, now)
    # The visitor's next number in order was never stored before: that is worth one look less for nearly every message.
    expected = None if message.client_seq is None else _expected(session, conversation.id)
    if expected is None or message.client_seq != expected:
        earlier = _receipt_of_earlier(session, message)
        if earlier is not None:
            if message.client_seq is not None:
                _check_the_same(session, earlier, message, payloads, discretion)
            return earlier
        if expected is not None:
            raise GapError(f"Message {expected} is missing: send it first.")
    text, stored, hidden = _understood(session, conversation.id, message, payloads, discretion)
    allowance.charge(session, allowed, conversation, text, now)
    message_id = new_id(now)
    inserted = insert_if_absent(
        session,
        InboxMessage,
        {
            "message_id": message_id,
            "conversation_id": conversation.id,
            "channel": message.channel,
            "account": message.account,
            "provider_message_id": message.provider_message_id,
            "input": stored,
            "received_at": now,
            "attempts": 0,
            "failures": 0,
        },
    )
    if not inserted:
        earlier = _receipt_of_earlier(session, message)
        if earlier is None:
            raise LookupError("a message is stored and cannot be read")
        return earlier
    entry = transcript.append(
        session,
        conversation,
        author="customer",
        author_name=conversation.customer.get("name"),
        text=text,
        now=now,
        message_id=message_id,
        client_seq=message.client_seq,
    )
    if hidden:
        discretion.tell_why(session, conversation, hidden, now)
    announce(session, INBOX)
    return Receipt(conversation.id, message_id, entry.seq)


def put_event(
    session: Transaction, conversation: Conversation, name: str, data: Mapping[str, Any], *, now: datetime
) -> str:
    """Tell the bot of something that happened (``returned_by_human``), in its place among the customer's messages."""
    message_id = new_id(now)
    session.add(
        InboxMessage(
            message_id=message_id,
            conversation_id=conversation.id,
            channel=conversation.channel,
            account=conversation.account,
            provider_message_id=f"event:{message_id}",
            input={"type": "event", "name": name, "data": dict(data)},
            received_at=now,
        )
    )
    announce(session, INBOX)
    return message_id


def put_reminder(
    session: Transaction, conversation: Conversation, timer_id: int, given: Mapping[str, Any], *, now: datetime
) -> None:
    """Bring a reminder to the bot, in its place among the customer's messages; each timer's once."""
    values = {
        "message_id": new_id(now),
        "conversation_id": conversation.id,
        "channel": conversation.channel,
        "account": conversation.account,
        "provider_message_id": f"{REMINDER}:{timer_id}",
        "input": {"type": REMINDER, **given},
        "received_at": now,
        "attempts": 0,
        "failures": 0,
    }
    insert_if_absent(session, InboxMessage, values)
    announce(session, INBOX)


def put_again(
    session: Transaction,
    conversation: Conversation,
    message_ids: Sequence[str],
    *,
    now: datetime,
    put: Callable[[str], str] = str,
) -> bool:
    """Have the bot answer what was kept for a human, as one message; tells whether it will, which it does once.

    ``put`` says in which words the bot gets each text.
    """
    kept = session.scalars(
        select(InboxMessage)
        .where(InboxMessage.message_id.in_(message_ids), InboxMessage.conversation_id == conversation.id)
        .order_by(InboxMessage.id)
    ).all()
    if not kept or len(kept) != len(message_ids):
        return False
    texts = [put(str(one.input.get("text") or "")) for one in kept]
    inserted = insert_if_absent(
        session,
        InboxMessage,
        {
            "message_id": new_id(now),
            "conversation_id": conversation.id,
            "channel": conversation.channel,
            "account": conversation.account,
            "provider_message_id": f"again:{message_ids[-1]}",
            "input": _text_input("\n".join(texts)) if kept[0].input.get("type") == "text" else kept[0].input,
            "received_at": now,
            "attempts": 0,
            "failures": 0,
        },
    )
    announce(session, INBOX)
    return inserted


_EARLIER = (
    select(InboxMessage.conversation_id, InboxMessage.message_id, Entry.seq)
    .join(
        Entry,
        (Entry.conversation_id == InboxMessage.conversation_id) & (Entry.message_id == InboxMessage.message_id),
    )
    .where(
        InboxMessage.channel == bindparam("channel"),
        InboxMessage.account == bindparam("account"),
        InboxMessage.provider_message_id == bindparam("provider_message_id"),
        Entry.author == "customer",
    )
)
_AT_ADDRESS = select(Conversation.id).where(
    Conversation.channel == bindparam("channel"),
    Conversation.account == bindparam("account"),
    Conversation.address == bindparam("address"),
)
_LAST_CLIENT_SEQ = (
    select(Entry.client_seq)
    .where(
        Entry.conversation_id == bindparam("conversation_id"),
        Entry.author == "customer",
        Entry.client_seq.is_not(None),
    )
    .order_by(Entry.seq.desc())
    .limit(1)
)


def _receipt_of_earlier(session: Transaction, message: InboundMessage) -> Receipt | None:
    row = session.execute(
        _EARLIER,
        {
            "channel": message.channel,
            "account": message.account,
            "provider_message_id": message.provider_message_id,
        },
    ).first()
    return None if row is None else Receipt(row.conversation_id, row.message_id, row.seq, duplicate=True)


def _check_the_same(
    session: Transaction, earlier: Receipt, message: InboundMessage, payloads: Payloads, discretion: Discretion
) -> None:
    """Answer a repeat as before, but never swallow other words that came with its number."""
    stored = session.scalar(select(InboxMessage.input).where(InboxMessage.message_id == earlier.message_id))
    if stored == _HIDDEN_ANSWER and isinstance(message.input, Said) and may_be_password(message.input.text):
        return  # an answer to a question for a password, which may be open no more
    if stored != _understood(session, earlier.conversation_id, message, payloads, discretion)[1]:
        raise NumberTakenError(f"Another message came with the number {message.client_seq}: take the next one.")


def _conversation_of(
    session: Transaction, message: InboundMessage, discretion: Discretion, now: datetime
) -> Conversation:
    address = {"channel": message.channel, "account": message.account, "address": message.address}
    found = message.conversation_id or session.scalar(_AT_ADDRESS, address)
    if found is None:
        _make_conversation(session, message, discretion, now)
        found = session.scalars(_AT_ADDRESS, address).one()
    conversation = transcript.lock(session, found)
    if conversation is None:
        raise LookupError("a conversation has vanished")
    # Who writes can be reached again.
    conversation.reachable = True
    if message.origin is not None:
        conversation.origin = message.origin
    return conversation


def _make_conversation(session: Transaction, message: InboundMessage, discretion: Discretion, now: datetime) -> None:
    conversation_id = new_id(now)
    customer = discretion.hide_everywhere(storable_value(message.customer))
    attributes = {key: value for key, value in customer.items() if key != "name"}
    insert_if_absent(
        session,
        Conversation,
        {
            "id": conversation_id,
            "channel": message.channel,
            "account": message.account,
            "address": message.address,
            "locale": message.locale,
            "customer": {
                "id": conversation_id,
                "name": customer.get("name"),
                "verified": False,
                "attributes": attributes,
            },
            "owner": "bot",
            "owner_version": 0,
            "last_seq": 0,
            "reachable": True,
            "origin": message.origin,
            "started_at": now,
        },
    )


def _expected(session: Transaction, conversation_id: str) -> int:
    """The visitor's number that comes next."""
    return (session.scalar(_LAST_CLIENT_SEQ, {"conversation_id": conversation_id}) or 0) + 1


def _understood(
    session: Transaction, conversation_id: str, message: InboundMessage, payloads: Payloads, discretion: Discretion
) -> tuple[str, dict[str, Any], frozenset[Kind]]:
    """Turn the input into what the transcript shows and what the brain gets (``turn/1``), and say what was hidden."""
    if isinstance(message.input, Said):
        hidden = discretion.hide(session, conversation_id, storable(message.input.text))
        return hidden.text, _text_input(hidden.text), hidden.kinds
    choice = payloads.open(session, conversation_id, message.input.token)
    pressed = {"type": "choice", "payload": choice.payload, "title": choice.title}
    return choice.title, {**pressed, "of": [choice.seq, choice.index]}, frozenset()


def _text_input(text: str) -> dict[str, Any]:
    return {"type": "text", "text": text}


_HIDDEN_ANSWER = _text_input(HIDDEN_PASSWORD)
