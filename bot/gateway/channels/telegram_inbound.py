"""How Telegram's updates enter conversations; each function in the caller's transaction."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from typing import Any

from sqlalchemy import select

from bot.gateway.channels import outbox
from bot.gateway.channels.services import ChannelServices
from bot.gateway.channels.telegram_updates import ATTACHMENTS, FromCustomer, Membership
from bot.gateway.conversations import inbox, owner, transcript
from bot.gateway.conversations.inbox import Chose, InboundMessage, Receipt, Said
from bot.gateway.conversations.tables import Conversation, InboxMessage
from bot.gateway.conversations.wording import in_words
from bot.gateway.platform.database import insert_if_absent
from bot.gateway.platform.identity import new_id, whole
from bot.gateway.platform.limits import Charge, LimitReachedError, spend
from bot.gateway.platform.transaction import Transaction
from bot.gateway.tickets import later, notices
from bot.gateway.tickets.links import LinkError
from bot.wording.catalogue import Catalogue
from bot.wording.sentences import wording

CHANNEL = "telegram"
ACCOUNT = "default"

# What the column of a message's id holds.
_LONGEST_ID = 255

TOO_FAST = wording("limit.message_not_taken")
# Who goes on sending hears it once a minute.
_NOTICES_PER_MINUTE = 1


def store(
    session: Transaction, services: ChannelServices, event: FromCustomer, where: str | None = None
) -> Receipt | None:
    """Store what a customer sent, once for each update; none for a link that brought a conversation here.

    ``where`` is the user's name for limits (:mod:`bot.gateway.platform.origin`). Raises
    :class:`~bot.gateway.platform.limits.LimitReachedError`; then :func:`say_too_fast` is to be called.
    """
    now = services.clock()
    if event.link and _continued(session, services, event, now):
        return None
    shown = event.text
    if event.attachment is not None:
        named = services.wording.say(ATTACHMENTS[event.attachment], event.locale)
        shown = f"({named}) {event.text}".strip()
    message = InboundMessage(
        channel=CHANNEL,
        account=ACCOUNT,
        address=event.chat_id,
        provider_message_id=f"update:{event.update_id}",
        input=Said(event.text or shown) if event.callback_id is None else Chose(event.token),
        customer={"name": event.name} if event.name else {},
        locale=event.locale,
        origin=where,
    )
    receipt = inbox.receive(
        session,
        message,
        payloads=services.payloads,
        allowed=services.inbound,
        now=now,
        discretion=services.discretion,
    )
    if receipt.duplicate:
        return receipt
    first_of_album = not event.album or _is_first(session, receipt, event, now)
    if event.attachment is not None and not event.text:
        _answer_attachment(session, services.wording, receipt, event.attachment if first_of_album else None, now)
    return receipt


def _is_first(session: Transaction, receipt: Receipt, event: FromCustomer, now: datetime) -> bool:
    """Whether this is the first part of an album that came in: one act gets one reaction, an answer or a notice.

    The conversation is locked, so two gateways cannot both be first.
    """
    conversation = session.get_one(Conversation, receipt.conversation_id)
    note = _note_of(conversation, whole(f"album:{event.chat_id}:{event.album}", _LONGEST_ID), now, "album")
    return insert_if_absent(session, InboxMessage, note)


def say_too_fast(session: Transaction, services: ChannelServices, event: FromCustomer, where: str) -> None:
    """Tell a customer that a message was not taken: once, not for each message of a flood."""
    conversation = _at(session, event.chat_id)
    if conversation is None or transcript.lock(session, conversation.id) is None:
        return
    now = services.clock()
    with suppress(LimitReachedError):
        spend(session, [Charge("told/visitor", where, _NOTICES_PER_MINUTE)], now)
        text = in_words(services.wording, conversation, TOO_FAST)
        transcript.append(session, conversation, author="system", text=text, now=now)


def _continued(session: Transaction, services: ChannelServices, event: FromCustomer, now: datetime) -> bool:
    """Bring the conversation of a deep link into this chat; a link of somebody else's is a greeting like any other."""
    maker = services.tickets.links
    try:
        if maker is None:
            raise LinkError("unknown")
        conversation = maker.redeem(session, event.link, CHANNEL, ACCOUNT, event.chat_id, now)
    except LinkError as error:
        if error.why == "unknown":
            return False
        _say_refused(session, services, event, error, now)
        return False
    update = f"link:{event.update_id}"
    if insert_if_absent(session, InboxMessage, _note_of(conversation, update, now)):
        if event.name and not conversation.customer.get("name"):
            name = services.discretion.hide_everywhere(event.name)
            conversation.customer = {**conversation.customer, "name": name}
        later.customer_waits_elsewhere(session, services.tickets, conversation, now)
    return True


def _note_of(conversation: Conversation, update: str, now: datetime, name: str = "continued") -> dict[str, Any]:
    """A row by which the same act, in another update or delivered again, says nothing twice."""
    return {
        "message_id": new_id(now),
        "conversation_id": conversation.id,
        "channel": CHANNEL,
        "account": ACCOUNT,
        "provider_message_id": update,
        "input": {"type": "event", "name": name, "data": {}},
        "received_at": now,
        "attempts": 0,
        "failures": 0,
        "handled_at": now,
        "outcome": "answered",
    }


def _say_refused(
    session: Transaction, services: ChannelServices, event: FromCustomer, error: LinkError, now: datetime
) -> None:
    conversation = _at(session, event.chat_id)
    if conversation is not None:
        notices.say(session, services.tickets, conversation, notices.link_refused(error.said), now)


def _at(session: Transaction, chat_id: str) -> Conversation | None:
    return session.scalar(
        select(Conversation).where(
            Conversation.channel == CHANNEL, Conversation.account == ACCOUNT, Conversation.address == chat_id
        )
    )


def change_membership(session: Transaction, event: Membership) -> None:
    """Note that a customer blocked the bot, or let it in again; strangers are nothing."""
    conversation = session.scalar(
        select(Conversation)
        .where(Conversation.channel == CHANNEL, Conversation.account == ACCOUNT, Conversation.address == event.chat_id)
        .with_for_update()
    )
    if conversation is None:
        return
    if event.reachable:
        conversation.reachable = True
    else:
        outbox.lose_customer(session, conversation, "the customer blocked us")


def _answer_attachment(
    session: Transaction, words: Catalogue, receipt: Receipt, attachment: str | None, now: datetime
) -> None:
    """Say at once that nobody but a human could read this; the brain has nothing to understand in it.

    Without an attachment nothing is said: the album that it belongs to has had its reaction.
    """
    conversation = transcript.lock(session, receipt.conversation_id)
    if conversation is None or conversation.owner != owner.BOT:
        return  # a human will look
    message = session.scalars(select(InboxMessage).where(InboxMessage.message_id == receipt.message_id)).one()
    message.handled_at, message.outcome = now, "answered"
    if attachment is None:
        return
    transcript.append(
        session,
        conversation,
        author="system",
        text=in_words(words, conversation, wording("attachment.cannot_read", attachment=ATTACHMENTS[attachment])),
        now=now,
        message_id=receipt.message_id,
    )
