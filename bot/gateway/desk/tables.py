"""The desk's own tables: what its people did. Conversations and tickets stand in :mod:`bot.gateway.tables`."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from bot.gateway.tables import Number, Table


class AuditRecord(Table):
    """Who read or did what, and when. Append-only: the database itself refuses to change or delete a row.

    No word of a customer stands here: objects are named by their ids.
    """

    __tablename__ = "audit"
    __table_args__ = (Index("audit_by_ticket", "ticket_id", "id"), Index("audit_by_agent", "agent_id", "id"))

    id: Mapped[int] = mapped_column(Number, primary_key=True, autoincrement=True)
    at: Mapped[datetime]
    agent_id: Mapped[str | None] = mapped_column(ForeignKey("agents.id"))
    """Who did it; none when nobody was signed in, or on the command line."""
    action: Mapped[str] = mapped_column(String(32))
    """One of :class:`bot.gateway.desk.audit.Action`."""
    ticket_id: Mapped[str | None] = mapped_column(String(36))
    subject_id: Mapped[str | None] = mapped_column(String(36))
    """The account that it was done to."""
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Small facts of the company's own: an outcome, a role, an address."""
