"""Fair shares of a busy brain: those who have used it least lately come first.

Each visitor's origin (or, without one, the conversation) has used so many seconds of the brain's computing, forgotten
exponentially with :data:`MEMORY`. Serving the least served first ("least attained service", Kleinrock 1976) lets a
newcomer pass those who send much, or what is dear to read, whatever the number of their conversations; nobody waits
for ever, since what was used is forgotten. Before that comes who has few messages waiting, as people have who talk.

What is stored is ``now / MEMORY + ln(used)``: all uses shrink alike, so this number keeps its order while time passes,
and the database can sort by it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Float, String, case, delete, func, select, text
from sqlalchemy.orm import Mapped, aliased, mapped_column

from bot.gateway.conversations.tables import Conversation, InboxMessage
from bot.gateway.platform.tables import Table
from bot.gateway.platform.transaction import Transaction

MEMORY = timedelta(minutes=1)
"""After so long 37 % of what somebody used still counts: the length of a burst that the limits allow."""

CUT_OFF = 1.0
"""Seconds that count for a turn that the brain cut off (`WARMLINE_TURN_BUDGET` as it ships), or lost."""

FEW = 3
"""Messages: a second and a third line are written before the first is answered. Those who have more waiting come after
those who have not: nobody reads answers as fast as they ask."""

_LEAST = 0.001
# What a plain question takes (`make bench-turn`), for a trace that does not say.
_USUAL = 0.03
# Whoever has no row has used nothing: before everybody else.
_NOTHING = -1e300
# Rows whose use has shrunk to less than this many seconds mean nothing any more.
_FORGOTTEN = 1e-6


class TurnShare(Table):
    """What one origin has used of the brains."""

    __tablename__ = "turn_shares"

    subject: Mapped[str] = mapped_column(String(64), primary_key=True)
    """An origin (:mod:`bot.gateway.platform.origin`), or a conversation's id."""
    used: Mapped[float] = mapped_column(Float(53))
    """``now / MEMORY + ln(seconds)``: see above."""


SUBJECT = func.coalesce(Conversation.origin, Conversation.id)
_THEIRS = aliased(Conversation)
_WHOSE = func.coalesce(_THEIRS.origin, _THEIRS.id)
WAITING = (
    select(_WHOSE.label("subject"), func.count().label("messages"))
    .select_from(InboxMessage)
    .join(_THEIRS, _THEIRS.id == InboxMessage.conversation_id)
    .where(InboxMessage.handled_at.is_(None))
    .group_by(_WHOSE)
    .subquery()
)
"""How many messages of each subject wait."""
MANY_WAIT = case((WAITING.c.messages > FEW, 1), else_=0)
"""What conversations are sorted by first: 1 where more messages wait than somebody writes who waits for an answer."""
USED = func.coalesce(TurnShare.used, _NOTHING)
"""What they are sorted by next, the least first."""

_CHARGE = text(
    "INSERT INTO turn_shares (subject, used) VALUES (:subject, :used) "
    "ON CONFLICT (subject) DO UPDATE SET used = excluded.used"
)


def charge(session: Transaction, conversation: Conversation, seconds: float, now: datetime) -> None:
    """Note that a conversation's turn took so many seconds of computing.

    Two gateways may note at once, and one of the two be forgotten: an order needs no exact books.
    """
    subject = conversation.origin or conversation.id
    since = _since(now)
    before = session.scalar(select(TurnShare.used).where(TurnShare.subject == subject))
    # A clock that was set back must not leave somebody behind everybody else for an hour.
    kept = 0.0 if before is None else math.exp(min(before - since, math.log(60.0)))
    used = since + math.log(kept + max(seconds, _LEAST))
    session.execute(_CHARGE, {"subject": subject, "used": used})


def prune(session: Transaction, now: datetime) -> None:
    """Delete the rows of those who have used nothing for long."""
    session.execute(delete(TurnShare).where(TurnShare.used < _since(now) + math.log(_FORGOTTEN)))


def computed(trace: Mapping[str, Any]) -> float:
    """Seconds of computing that a turn's trace tells of; without a word on it, a turn's usual ones."""
    said = (trace.get("milliseconds") or {}).get("computed")
    return float(said) / 1000 if isinstance(said, int | float) and 0 <= said < 1e6 else _USUAL


def _since(now: datetime) -> float:
    return now.timestamp() / MEMORY.total_seconds()
