"""How long a visitor's key opens a conversation of the website after its last word; then nobody can read it there.

The key lies in the visitor's browser, and the browser may be one that others use.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from bot.gateway.conversations.owner import BOT
from bot.gateway.conversations.tables import Conversation, Entry
from bot.gateway.platform.clock import Clock
from bot.gateway.platform.transaction import Transaction
from bot.gateway.tickets.tables import Ticket


@dataclass(frozen=True)
class AgeLimit:
    """``website.forget_after_hours`` of ``channels.yml``, and the clock that tells when it has passed."""

    lasts: timedelta
    clock: Clock


def has_ended(session: Transaction, limit: AgeLimit | None, conversation: Conversation) -> bool:
    """Whether nothing was said for too long; while a person still owes an answer, a conversation does not age."""
    if limit is None:
        return False
    oldest = limit.clock() - limit.lasts
    # Most are younger than the limit altogether: nothing has to be looked up.
    if conversation.started_at > oldest or conversation.owner != BOT:
        return False
    last = session.scalar(
        select(Entry.at).where(Entry.conversation_id == conversation.id, Entry.seq == conversation.last_seq)
    )
    if last is not None and last > oldest:
        return False
    waits = select(Ticket.id).where(Ticket.conversation_id == conversation.id, Ticket.closed_at.is_(None)).limit(1)
    return session.scalar(waits) is None
