"""The rows of outside desks: which tickets they have, and which of their events were taken."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, false
from sqlalchemy.orm import Mapped, mapped_column

from bot.gateway.platform.tables import Table


class ExternalCase(Table):
    """A ticket at an outside desk, and how far telling it has come."""

    __tablename__ = "outside_cases"
    __table_args__ = (
        Index("outside_cases_by_state", "desk", "state"),
        Index("outside_cases_by_conversation", "conversation_id"),
    )

    ticket_id: Mapped[str] = mapped_column(ForeignKey("tickets.id"), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"))
    desk: Mapped[str] = mapped_column(String(32))
    external_id: Mapped[str | None] = mapped_column(String(255))
    """What the desk calls it."""
    state: Mapped[str] = mapped_column(String(16))
    """``opening``, ``open``, ``ending`` or ``over``."""
    ending: Mapped[str | None] = mapped_column(String(16))
    """What it is told at the end."""
    brought_seq: Mapped[int] = mapped_column(default=0)
    """The customer's entries up to this number are there."""
    last_line: Mapped[str | None] = mapped_column(String(64))
    """What the desk calls the last of them."""
    unsure: Mapped[bool] = mapped_column(default=False, server_default=false())
    """The step under way may have reached the desk already."""
    since: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    failing_since: Mapped[datetime | None]
    not_before: Mapped[datetime | None]
    """When the next try may start; while a step is under way, when another process may take it up."""
    error: Mapped[str | None]


class ExternalEvent(Table):
    """An event of an outside desk that has been taken; a repeat finds it here."""

    __tablename__ = "outside_events"

    desk: Mapped[str] = mapped_column(String(32), primary_key=True)
    event_id: Mapped[str] = mapped_column(String(128), primary_key=True)
    """The desk's own id of the event; a longer one as :func:`bot.gateway.platform.identity.whole` writes it."""
    at: Mapped[datetime]
