"""The tables of the gateway's database; Alembic's migrations make them, this module only describes them."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Text,
    TypeDecorator,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

# SQLite numbers its own keys only for INTEGER, PostgreSQL should not run out of them.
Number = BigInteger().with_variant(Integer, "sqlite")


class UtcTime(TypeDecorator[datetime]):
    """A point in time, always aware and in UTC, also on SQLite, which keeps no time zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a naive time: nobody can know what it means."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a time zone cannot be stored")
        return value.astimezone(timezone.utc)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the time zone back that SQLite dropped."""
        if value is None:
            return None
        return value.replace(tzinfo=timezone.utc) if value.tzinfo is None else value.astimezone(timezone.utc)


class Table(DeclarativeBase):
    """What all tables share: how Python types are stored, and how constraints are named."""

    # SQLite changes a constraint only by its name, so each has one, the same on both databases.
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )

    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy reads it from the class
        datetime: UtcTime(),
        dict[str, Any]: JSON(),
        list[dict[str, Any]]: JSON(),
        list[str]: JSON(),
        str: Text(),
    }


class Conversation(Table):
    """One customer's conversation on one channel, who owns it, and what the brain needs for its next turn."""

    __tablename__ = "conversations"
    __table_args__ = (UniqueConstraint("channel", "account", "address"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    channel: Mapped[str] = mapped_column(String(32))
    account: Mapped[str] = mapped_column(String(64))
    """Which of the company's own accounts on that channel; ``default`` where there is one."""
    address: Mapped[str] = mapped_column(String(255))
    """Where replies go: a chat id; on the website the conversation's own id."""
    token_hash: Mapped[str | None] = mapped_column(String(64))
    """SHA-256 of the visitor's token, in hex; none on messaging channels, whose provider vouches."""
    locale: Mapped[str] = mapped_column(String(16), default="en")
    customer: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """``{id, name, verified, attributes}``."""
    owner: Mapped[str] = mapped_column(String(64), default="bot")
    """``bot``, ``queue`` or ``human:<agent id>``."""
    owner_version: Mapped[int] = mapped_column(default=0)
    """Raised with each change of owner: a turn commits only if it is still the one it started from."""
    dialogue_state: Mapped[dict[str, Any] | None] = mapped_column(default=None)
    last_seq: Mapped[int] = mapped_column(default=0)
    """The number of the last entry; the next one takes ``last_seq + 1`` in the same transaction."""
    reachable: Mapped[bool] = mapped_column(default=True)
    """False once the provider said that the customer blocked us."""
    origin: Mapped[str | None] = mapped_column(String(32))
    """Where the last message came from, as :mod:`bot.gateway.origin` names it; for limits, and shown to nobody."""
    lease_holder: Mapped[str | None] = mapped_column(String(36))
    lease_until: Mapped[datetime | None]
    """A worker's claim on the next turn. It saves double work; correctness rests on the commit's checks."""
    started_at: Mapped[datetime]


class InboxMessage(Table):
    """A message as it came in, stored before the provider hears 200, handled once."""

    __tablename__ = "inbox"
    __table_args__ = (
        UniqueConstraint("channel", "account", "provider_message_id"),
        Index(
            "inbox_waiting",
            "conversation_id",
            "id",
            sqlite_where=text("handled_at IS NULL"),
            postgresql_where=text("handled_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(Number, primary_key=True, autoincrement=True)
    message_id: Mapped[str] = mapped_column(String(36), unique=True)
    """Ours: the brain and the actions know the message by it."""
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"))
    channel: Mapped[str] = mapped_column(String(32))
    account: Mapped[str] = mapped_column(String(64))
    provider_message_id: Mapped[str] = mapped_column(String(255))
    input: Mapped[dict[str, Any]]
    """As in ``turn/1``: text, choice or event."""
    received_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    failures: Mapped[int] = mapped_column(default=0)
    """Attempts in which the brain was there and failed; an absent brain is waited for longer."""
    lost: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    """Attempts after which the brain was gone or gave no answer: from the first on, the message is tried alone."""
    waited_ms: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    """Milliseconds it has waited up to ``tried_at``, of which no jump of the clock is part."""
    tried_at: Mapped[datetime | None]
    """When the last attempt ended."""
    not_before: Mapped[datetime | None]
    """When the next attempt may start; none means at once."""
    told_to_wait_at: Mapped[datetime | None]
    handled_at: Mapped[datetime | None]
    outcome: Mapped[str | None] = mapped_column(String(32))
    """``answered``, ``kept_for_human``, ``handed_off``, ``not_handed_off`` (at a limit), ``superseded``;
    ``expired`` and ``repeated`` (a button whose question has gone, or that was just pressed);
    ``over_budget`` where the brain cut the turn off and the customer was asked to put it shorter."""


class Entry(Table):
    """One line of a conversation's story, in order: a message, a change of state, an agent's note, a trace."""

    __tablename__ = "entries"
    __table_args__ = (UniqueConstraint("conversation_id", "seq"),)

    id: Mapped[int] = mapped_column(Number, primary_key=True, autoincrement=True)
    """Counts over all conversations: the desk resumes its stream by it."""
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"))
    seq: Mapped[int]
    at: Mapped[datetime]
    type: Mapped[str] = mapped_column(String(16))
    """``message``, ``state``, ``note``, ``trace`` or ``suggestion``; customers see the first two."""
    author: Mapped[str] = mapped_column(String(16))
    """``customer``, ``bot``, ``human`` or ``system``."""
    author_name: Mapped[str | None]
    text: Mapped[str] = mapped_column(default="")
    choices: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    """``[{title, payload}]``; the payload never leaves the gateway, only its signed token does."""
    citation: Mapped[dict[str, Any] | None] = mapped_column(default=None)
    detail: Mapped[dict[str, Any] | None] = mapped_column(default=None)
    """A state's ``{owner, agent_name, position}``, a turn's trace, a note's ``{mentions}``, a suggestion's offers, an
    answer's ``{markdown}`` (:mod:`bot.gateway.conversations.formatting`)."""
    message_id: Mapped[str | None] = mapped_column(String(36))
    """The inbox message that this entry is, or answers."""
    client_seq: Mapped[int | None]
    visible_to_customer: Mapped[bool] = mapped_column(default=True)
    rating: Mapped[str | None] = mapped_column(String(8), default=None)
    """What the visitor thinks of this answer: ``up``, ``down``, ``open`` while they have not said; none where nobody
    is asked (:mod:`bot.gateway.conversations.rating`)."""


class Delivery(Table):
    """The outbox: an entry that a messaging channel still has to send. The website reads entries itself."""

    __tablename__ = "deliveries"
    __table_args__ = (
        Index(
            "deliveries_waiting",
            "conversation_id",
            "id",
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
    )

    id: Mapped[int] = mapped_column(Number, primary_key=True, autoincrement=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entries.id"), unique=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"))
    state: Mapped[str] = mapped_column(String(16), default="waiting")
    """``waiting``, ``sent``, ``failed`` or ``cancelled`` (a human claimed before it went out)."""
    attempts: Mapped[int] = mapped_column(default=0)
    not_before: Mapped[datetime | None]
    provider_message_id: Mapped[str | None] = mapped_column(String(255))
    error: Mapped[str | None]
    sent_at: Mapped[datetime | None]


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
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"))
    state: Mapped[str] = mapped_column(String(16), default="queued")
    """``queued``, ``accepted`` (both open, at most one a conversation), ``scheduled`` (the customer picked a time),
    ``returned``, ``completed``, ``failed`` or ``abandoned``."""
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
    """When it last entered the line."""
    rank_at: Mapped[datetime | None]
    """Its place in the line: ``queued_at`` less its priority's head start (:mod:`bot.gateway.queue.routing`)."""
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
    """The line and the desk when it was queued; goes to ``waits`` when its wait ends."""
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


class Agent(Table):
    """A human who works at the desk."""

    __tablename__ = "agents"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    username: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str]
    role: Mapped[str] = mapped_column(String(16), default="agent")
    """One of :class:`bot.gateway.desk.roles.Role`."""
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
    """What they chose: ``online``, ``away`` or ``offline`` (:mod:`bot.gateway.queue.presence`)."""
    seen_at: Mapped[datetime | None]
    """When their desk last showed a sign of life."""


class Wait(Table):
    """How long one customer waited for a human, and what they had been told; forecasts learn from it."""

    __tablename__ = "waits"

    id: Mapped[int] = mapped_column(Number, primary_key=True, autoincrement=True)
    ticket_id: Mapped[str] = mapped_column(ForeignKey("tickets.id"), unique=True)
    ended_at: Mapped[datetime]
    load: Mapped[dict[str, Any]]
    """:class:`bot.gateway.queue.forecasting.Load` as they joined the line."""
    waited: Mapped[int]
    """Seconds, while the desk was open."""
    promised_p50: Mapped[int | None]
    promised_p90: Mapped[int | None]


class Timer(Table):
    """Something that is to happen at a time, once, in whichever gateway is there then."""

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


class ContinuationLink(Table):
    """A link by which a conversation goes on elsewhere; its token is signed and not stored."""

    __tablename__ = "continuation_links"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), index=True)
    to_channel: Mapped[str] = mapped_column(String(32))
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class DeskSession(Table):
    """A browser in which an agent signed in."""

    __tablename__ = "desk_sessions"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    agent_id: Mapped[str] = mapped_column(ForeignKey("agents.id"))
    csrf: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class SignInAttempt(Table):
    """A wrong password, kept for a while to slow down guessing."""

    __tablename__ = "sign_in_attempts"

    id: Mapped[int] = mapped_column(Number, primary_key=True, autoincrement=True)
    username: Mapped[str] = mapped_column(String(64), index=True)
    at: Mapped[datetime]
