"""``turn-result/1``: what the brain answers when it took a turn."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from bot.contract import schemas
from bot.contract.reminders import ReminderChange

LARGEST_RESULT = 1_000_000
"""Bytes: more than a whole turn result may ever need; the state is 64 kB at most."""

MARKDOWN: Literal["markdown"] = "markdown"
"""What ``format`` says of an article's words; other replies have none and are plain."""


class Choice(msgspec.Struct, frozen=True):
    """A button under a reply; ``payload`` is what pressing it says."""

    title: str
    payload: str


class Citation(msgspec.Struct, frozen=True):
    """The article whose words a reply is."""

    article: str
    title: str | None = None
    heading: str | None = None
    url: str | None = None


class Reply(msgspec.Struct, frozen=True, omit_defaults=True):
    """One message of the bot."""

    text: str | None = None
    format: str | None = None
    choices: list[Choice] | None = None
    citation: Citation | None = None


class TurnResult(msgspec.Struct, frozen=True, tag_field="schema", tag=schemas.TURN_RESULT, kw_only=True):
    """A turn that was taken."""

    message_id: str = ""
    replies: list[Reply]
    handoff: dict[str, Any] | None
    """A ``handoff-request/1`` (`bot.handoff.request` reads it), or None."""
    state: dict[str, Any] | None
    """A ``dialogue-state/1``: the brain's own but for `bot.contract.question`."""
    reminders: list[ReminderChange] = []
    """In the order in which they are to be made."""
    trace: dict[str, Any] | None = None
    """As it came, with what a newer brain adds; `bot.contract.trace` has its type."""
