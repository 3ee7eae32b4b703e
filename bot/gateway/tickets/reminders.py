"""Reminders that a company's actions set: each comes back to the bot once, as a turn of its own, at its time.

They are timers, set and called off in the transaction of the turn that asked for it. One that comes due while a person
or the line has the conversation falls away: who is there then knows better what is to be said. While a form is open it
waits, since its turn would be taken for an answer.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from bot.contract.question import OPEN_FORM
from bot.contract.reminders import CancelReminders, ReminderChange, SetReminder
from bot.gateway.conversations import inbox, owner
from bot.gateway.conversations.tables import Conversation, Entry
from bot.gateway.platform.transaction import Transaction
from bot.gateway.tickets import timers
from bot.gateway.tickets.services import TicketServices
from bot.gateway.tickets.tables import Timer
from bot.handoff.limits import storable_value

REMINDER = "reminder"
"""The kind of timer."""

MOST = 10
"""Reminders that wait for one conversation: an action that sets one for each message must not fill the table."""
LONGEST_AHEAD = timedelta(days=30)
"""As long as a conversation can be opened again (`forget_after_hours` in channels.yml, 720 if not set)."""
LARGEST = 4096
"""Bytes of a reminder's entities as JSON: a few values, each as long as a customer's message at most."""
WHILE_FORM_IS_OPEN = timedelta(minutes=1)
"""Until an open form is looked at again: nobody fills one in within seconds, nor leaves it for days."""

log = logging.getLogger(__name__)


def change(
    session: Transaction,
    conversation: Conversation,
    changes: Sequence[ReminderChange],
    message_id: str,
    now: datetime,
) -> None:
    """Make the changes of one turn, in their order; ``message_id`` is the message that it answered."""
    after = _said_with(session, conversation, message_id)
    for number, one in enumerate(changes):
        if isinstance(one, CancelReminders):
            _cancel(session, conversation, one, now)
        else:
            _set(session, conversation, one, f"{REMINDER}:{message_id}:{number}", after, now)


def cancel_all(session: Transaction, conversation: Conversation, now: datetime) -> None:
    """Call off all that wait: the customer has ended the conversation."""
    _cancel(session, conversation, CancelReminders(), now)


def is_due(session: Transaction, services: TicketServices, timer: Timer, now: datetime) -> None:
    """Bring a reminder to the bot, unless it has lost its sense."""
    conversation = session.get_one(Conversation, timer.conversation_id)
    if (why := _falls_away(session, conversation, timer)) is not None:
        log.info("reminder %s of conversation %s falls away: %s", timer.id, conversation.id, why)
        timer.outcome = "cancelled"
    elif (conversation.dialogue_state or {}).get(OPEN_FORM) is not None:
        timer.done_at, timer.outcome = None, None
        timer.due_at = now + WHILE_FORM_IS_OPEN
    else:
        given = {key: timer.data[key] for key in ("name", "intent", "entities")}
        inbox.put_reminder(session, conversation, timer.id, given, now=now)


def _falls_away(session: Transaction, conversation: Conversation, timer: Timer) -> str | None:
    if conversation.owner != owner.BOT:
        return "the bot does not have it"
    if not conversation.reachable:
        return "its customer cannot be reached"
    if timer.data["unless_said"] and _last_said(session, conversation) > timer.data["after"]:
        return "its customer has written"
    return None


def _set(
    session: Transaction, conversation: Conversation, one: SetReminder, key: str, after: int, now: datetime
) -> None:
    _cancel(session, conversation, CancelReminders(name=one.name), now)
    if one.due_at - now > LONGEST_AHEAD:
        log.warning("a reminder more than %d days ahead was not set: %s", LONGEST_AHEAD.days, conversation.id)
        return
    if len(json.dumps(one.entities)) > LARGEST:
        log.warning("a reminder with more than %d bytes of entities was not set: %s", LARGEST, conversation.id)
        return
    if len(_waiting(session, conversation)) >= MOST:
        log.warning("a reminder beyond the %d that may wait was not set: %s", MOST, conversation.id)
        return
    data = {
        "name": one.name,
        "intent": one.intent,
        "entities": one.entities,
        "unless_said": one.unless_said,
        "after": after,
    }
    timers.set_timer(session, key, REMINDER, conversation.id, max(one.due_at, now), data=storable_value(data))


def _cancel(session: Transaction, conversation: Conversation, which: CancelReminders, now: datetime) -> None:
    for timer in _waiting(session, conversation):
        if all(wanted in (None, timer.data[key]) for key, wanted in _wanted(which).items()):
            timer.done_at, timer.outcome = now, "cancelled"


def _wanted(which: CancelReminders) -> dict[str, Any]:
    return {"name": which.name, "intent": which.intent, "entities": which.entities}


def _waiting(session: Transaction, conversation: Conversation) -> Sequence[Timer]:
    session.flush()
    query = select(Timer).where(
        Timer.conversation_id == conversation.id, Timer.kind == REMINDER, Timer.done_at.is_(None)
    )
    return session.scalars(query.order_by(Timer.id)).all()


def _said_with(session: Transaction, conversation: Conversation, message_id: str) -> int:
    """The number of the entry that the turn answered; where it was no customer's, that of the last one."""
    query = select(Entry.seq).where(Entry.conversation_id == conversation.id, Entry.message_id == message_id)
    return session.scalar(query.where(Entry.author == "customer")) or _last_said(session, conversation)


def _last_said(session: Transaction, conversation: Conversation) -> int:
    query = select(Entry.seq).where(Entry.conversation_id == conversation.id, Entry.author == "customer")
    return session.scalar(query.order_by(Entry.seq.desc()).limit(1)) or 0
