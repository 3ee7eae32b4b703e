"""Reminders are left with the turn, for the gateway to keep; no scheduler runs in the brain.

Rasa keeps them in a scheduler in memory: they die with the process, and what they say goes into the collector of a turn
that is over. Without a turn (``rasa shell``) Rasa's own way stays. Unlike Rasa, which sets all of an action's reminders
before it calls any off, the changes are made in the order in which the action gives them.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import timezone

from rasa.core.channels.channel import OutputChannel
from rasa.core.processor import MessageProcessor
from rasa.shared.core.events import Event, ReminderCancelled, ReminderScheduled
from rasa.shared.core.trackers import DialogueStateTracker

from bot.brain.rasa_patches.replaced import Replaced
from bot.contract.reminders import CancelReminders, ReminderChange, SetReminder
from bot.dialogue import current_turn

logger = logging.getLogger(__name__)

REPLACES = (
    Replaced(
        "rasa.core.processor",
        "MessageProcessor._schedule_reminders",
        "9810d4f75ffd83fbdb4bb6dc2fceca2388313a965f00e2246bffdd77d9981ff6",
    ),
    Replaced(
        "rasa.core.processor",
        "MessageProcessor._cancel_reminders",
        "54b2c448463ef77778734a304d11869ccf2075b5d4c654766ed6178983b0916c",
    ),
)

_SCHEDULE = MessageProcessor._schedule_reminders
_CANCEL = MessageProcessor._cancel_reminders


async def schedule_reminders(
    self: MessageProcessor, events: list[Event], tracker: DialogueStateTracker, output_channel: OutputChannel
) -> None:
    """Rasa's `MessageProcessor._schedule_reminders`: leaves those that are called off with the turn as well."""
    turn = current_turn.current()
    if turn is None:
        await _SCHEDULE(self, events, tracker, output_channel)
    else:
        turn.reminders.extend(_changes(events))


async def cancel_reminders(events: list[Event], tracker: DialogueStateTracker) -> None:
    """Rasa's `MessageProcessor._cancel_reminders`, which comes after the other."""
    if current_turn.current() is None:
        await _CANCEL(events, tracker)


def _changes(events: Sequence[Event]) -> list[ReminderChange]:
    return [change for event in events if (change := _change(event)) is not None]


def _change(event: Event) -> ReminderChange | None:
    if isinstance(event, ReminderCancelled):
        return CancelReminders(event.name or None, event.intent or None, event.entities or None)
    if not isinstance(event, ReminderScheduled):
        return None
    try:
        # A time without a zone is this machine's, as for Rasa.
        due_at = event.trigger_date_time.astimezone(timezone.utc)
    except (OverflowError, ValueError):
        logger.warning("The reminder %s has a time outside the calendar and was left out.", event.name)
        return None
    if not event.intent or not str(event.name).strip():
        logger.warning("A reminder without a name or an intent was left out.")
        return None
    return SetReminder(str(event.name), event.intent, due_at, event.entities or [], event.kill_on_user_message)


def install() -> None:
    """Put them in the place of Rasa's own, in this process."""
    MessageProcessor._schedule_reminders = schedule_reminders
    MessageProcessor._cancel_reminders = staticmethod(cancel_reminders)
