"""Reminders that an action sets or calls off: the gateway keeps them, and brings each one back as a turn of its own."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import msgspec

from bot.contract.reading import Word

MOST_CHANGES = 50
"""Reminders set or called off in one turn: more is an action's loop that does not end."""


class SetReminder(msgspec.Struct, frozen=True, tag_field="do", tag="set"):
    """A turn that is to be taken later; one of the same name that still waits is replaced."""

    name: Word
    intent: Word
    due_at: Annotated[datetime, msgspec.Meta(tz=True)]
    entities: list[dict[str, Any]] = []
    unless_said: bool = True
    """Whether it falls away when the customer has written meanwhile (rasa-sdk's ``kill_on_user_message``)."""


class CancelReminders(msgspec.Struct, frozen=True, tag_field="do", tag="cancel"):
    """Calls off those that wait and are all of what is given; without anything given, all of them."""

    name: str | None = None
    intent: str | None = None
    entities: list[dict[str, Any]] | None = None


ReminderChange = SetReminder | CancelReminders
