"""Thumbs: what a visitor of the website thinks of an answer. They may change it or take it back, nobody else may.

Only the last message of a turn asks for it, and only where the assistant answered or acted: a form's question, an
apology and a hand-off are no answers. Messaging channels have no such buttons, so nothing is kept there.
"""

from __future__ import annotations

from typing import Literal

from sqlalchemy import select

from bot.gateway.conversations.brain_client import TurnTaken
from bot.gateway.conversations.tables import Entry
from bot.gateway.conversations.transcript import WEBSITE
from bot.gateway.platform.errors import RequestError
from bot.gateway.platform.transaction import Transaction

Thumb = Literal["up", "down"]

OPEN = "open"
"""Stands in the database where a thumb may be set and is not."""

# What the audit counts as an answer (`bot/teaching/audit.py`).
_ANSWERED = ("act", "answer")


class NoSuchAnswerError(RequestError):
    """The conversation has no such message, or it is no answer."""

    status, code = 404, "unknown_answer"


def may_be_rated(channel: str, taken: TurnTaken) -> bool:
    """Whether a turn's last reply asks what the visitor thinks of it."""
    if channel != WEBSITE or not taken.replies or taken.handoff is not None:
        return False
    if taken.trace.get("form") is not None:
        return False  # the last reply is the form's question, its first one too
    return (taken.trace.get("decision") or {}).get("kind") in _ANSWERED


def rate(session: Transaction, conversation_id: str, seq: int, thumb: Thumb | None) -> None:
    """Set, change or take back a thumb; the same again changes nothing. :class:`NoSuchAnswerError`."""
    entry = session.scalars(
        select(Entry).where(Entry.conversation_id == conversation_id, Entry.seq == seq, Entry.rating.is_not(None))
    ).one_or_none()
    if entry is None:
        raise NoSuchAnswerError("There is no such answer in this conversation.")
    entry.rating = thumb or OPEN


def shown(entry: Entry) -> Thumb | None:
    """The thumb that was set."""
    return entry.rating if entry.rating in ("up", "down") else None  # type: ignore[return-value]  # one of the two
