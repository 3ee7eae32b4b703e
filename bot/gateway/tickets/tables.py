"""Tickets, the agents who take them, how long customers waited, and what is due when."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, false, text
from sqlalchemy.orm import Mapped, mapped_column, validates

from bot.gateway.platform.tables import Number, Table
from bot.gateway.tickets.states import TICKET

EXTERNAL_ROLE = "outside"
"""The ``role`` of an agent who works at a desk of another maker and never signs in at ours."""


class Ticket(Table):
    """A conversation that waits for a human, or has one."""

    __tablename__ = "tickets"
    __table_args__ = (
        Index(
            "tickets_open",
            "conversation_id",
            unique=True,
            sqlite_where=text("state IN ('queued', 'accepted')"),
            postgresql_where=text("state IN ('queued', 'accepted')"),
        ),
        Index("tickets_by_state", "state", "created_at"),
        Index("tickets_line", "state", "rank_at", "id"),
        Index("tickets_by_conversation", "conversation_id", "created_at"),
        # By time, with what is counted: a row lies across pages, its package is read to get past it.
        Index("tickets_by_time", "created_at", "id", "state", "reason", "accepted_at"),
        Index(
            "tickets_closed",
            "closed_at",
            "id",
            sqlite_where=text("closed_at IS NOT NULL"),
            postgresql_where=text("closed_at IS NOT NULL"),
        ),
        TICKET.constraint(),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"))
    state: Mapped[str] = mapped_column(String(16), default="queued")
    """Which there are, and which may follow which: :data:`bot.gateway.tickets.states.TICKET`."""
    package: Mapped[dict[str, Any]]
    """The ``handoff/1`` package."""
    agent_id: Mapped[str | None] = mapped_column(ForeignKey("agents.id"))
    """Who has it, or had it last."""
    created_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    outcome: Mapped[str | None] = mapped_column(String(32))
    note: Mapped[str | None]
    reason: Mapped[str] = mapped_column(String(32), default="", server_default="")
    """The code of ``handoff/1``, for counting."""
    skill: Mapped[str] = mapped_column(String(64), default="general", server_default="general")
    language: Mapped[str] = mapped_column(String(16), default="en", server_default="en")
    priority: Mapped[str] = mapped_column(String(16), default="normal", server_default="normal")
    """``low``, ``normal``, ``high`` or ``urgent``."""
    queued_at: Mapped[datetime | None]
    """When it last entered the queue."""
    rank_at: Mapped[datetime | None]
    """Its place in the queue: ``queued_at`` less its priority's head start (:mod:`bot.gateway.tickets.routing`)."""
    assigned_to: Mapped[str | None] = mapped_column(ForeignKey("agents.id"))
    """The agent for whom it waits, as long as that agent is at work; none is anybody."""
    agents_online: Mapped[int | None]
    """How many agents who could take it were at work when it was queued."""
    promised_position: Mapped[int | None]
    promised_p50: Mapped[int | None]
    """Seconds: half of the customers wait less, as computed when it was queued; none when nothing could be said."""
    promised_p90: Mapped[int | None]
    """Seconds: nine of ten wait less."""
    load: Mapped[dict[str, Any] | None] = mapped_column(default=None)
    """The queue and the desk when it was queued; goes to ``waits`` when its wait ends."""
    told: Mapped[dict[str, Any] | None] = mapped_column(default=None)
    """``{position, p90_minutes}`` as last written to a customer on a messaging channel."""
    snoozed_until: Mapped[datetime | None]
    """Set aside by its agent until then, or until the customer writes."""
    keeps_place: Mapped[bool] = mapped_column(default=False, server_default=false())
    """The customer does not wait on the page: they want a message when it is their turn."""
    callback_at: Mapped[datetime | None]
    """The time that the customer picked."""
    contact: Mapped[dict[str, Any] | None] = mapped_column(default=None)
    """``{kind: "email", address}``: where the customer wants the answer."""
    reminded_at: Mapped[datetime | None]
    """When a silent customer was last asked whether they are still there."""
    commitments: Mapped[list[dict[str, Any]]] = mapped_column(default=list, server_default="[]")
    """``[{text, due_at, remind}]``: what the human promised."""
    changed_slots: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    """What the human corrected: ``{slot: value}``."""

    @validates("state")
    def _step(self, _column: str, state: str) -> str:
        return TICKET.check(self.state, state)


class Agent(Table):
    """A human who works at the desk."""

    __tablename__ = "agents"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    username: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str]
    role: Mapped[str] = mapped_column(String(16), default="agent")
    """One of :class:`bot.gateway.desk.roles.Role`, or :data:`EXTERNAL_ROLE`."""
    password_hash: Mapped[str]
    """Argon2id, with its salt and costs."""
    disabled_at: Mapped[datetime | None]
    """An account that is closed; its name stays on what it wrote."""
    skills: Mapped[list[str]] = mapped_column(default=list, server_default="[]")
    """What they can do beside ``general``, which everybody can."""
    languages: Mapped[list[str]] = mapped_column(default=lambda: ["en"], server_default='["en"]')
    """Two-letter codes."""
    capacity: Mapped[int] = mapped_column(default=5, server_default="5")
    """Conversations at once; snoozed ones do not count."""
    presence: Mapped[str] = mapped_column(String(16), default="offline", server_default="offline")
    """What they chose: ``online``, ``away`` or ``offline`` (:mod:`bot.gateway.tickets.presence`)."""
    seen_at: Mapped[datetime | None]
    """When their desk last showed a sign of life."""


class Wait(Table):
    """How long one customer waited for a human, and what they had been told; forecasts learn from it."""

    __tablename__ = "waits"
    __table_args__ = (Index("waits_by_end", "ended_at", "id"),)

    id: Mapped[int] = mapped_column(Number, primary_key=True, autoincrement=True)
    ticket_id: Mapped[str] = mapped_column(ForeignKey("tickets.id"), unique=True)
    ended_at: Mapped[datetime]
    load: Mapped[dict[str, Any]]
    """:class:`bot.gateway.tickets.forecasting.Load` as they joined the queue."""
    waited: Mapped[int]
    """Seconds, while the desk was open."""
    promised_p50: Mapped[int | None]
    promised_p90: Mapped[int | None]


class Timer(Table):
    """Something that is due at a time and happens once, in whichever gateway is running then."""

    __tablename__ = "timers"
    __table_args__ = (
        Index(
            "timers_waiting",
            "due_at",
            sqlite_where=text("done_at IS NULL"),
            postgresql_where=text("done_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(Number, primary_key=True, autoincrement=True)
    key: Mapped[str] = mapped_column(String(120), unique=True)
    """What it is for: the same timer set twice is one timer."""
    kind: Mapped[str] = mapped_column(String(32))
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), index=True)
    ticket_id: Mapped[str | None] = mapped_column(ForeignKey("tickets.id"))
    data: Mapped[dict[str, Any]] = mapped_column(default=dict)
    due_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    done_at: Mapped[datetime | None]
    outcome: Mapped[str | None] = mapped_column(String(16))
    """``fired``, ``cancelled`` or ``failed``."""
