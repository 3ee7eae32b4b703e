"""Conversations, what came in, what was said, and what is still to be sent."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column, validates

from bot.gateway.conversations.states import ARRIVALS, DELIVERY, INBOX
from bot.gateway.platform.tables import Number, Table


class Conversation(Table):
    """One customer's conversation on one channel, who owns it, and what the brain needs for its next turn."""

    __tablename__ = "conversations"
    __table_args__ = (
        UniqueConstraint("channel", "account", "address"),
        Index(
            "conversations_in_line",
            "id",
            sqlite_where=text("owner = 'queue'"),
            postgresql_where=text("owner = 'queue'"),
        ),
    )

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
    """Where the last message came from, as :mod:`bot.gateway.platform.origin` names it; for limits, shown to nobody."""
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
        INBOX.constraint(),
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
    may_have_acted: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether an attempt may have run actions: those that do not say that they may run again do not."""
    waited_ms: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    """Milliseconds it has waited up to ``tried_at``, of which no jump of the clock is part."""
    tried_at: Mapped[datetime | None]
    """When the last attempt ended."""
    not_before: Mapped[datetime | None]
    """When the next attempt may start; none means at once."""
    told_to_wait_at: Mapped[datetime | None]
    handled_at: Mapped[datetime | None]
    outcome: Mapped[str | None] = mapped_column(String(32))
    """How its handling ended (:data:`bot.gateway.conversations.states.HANDLED`): ``not_handed_off`` at a limit,
    ``expired`` and ``repeated`` for a button whose question has gone, or that was just pressed; ``over_budget`` where
    the brain cut the turn off and the customer was asked to put it shorter."""

    @validates("outcome")
    def _step(self, _column: str, outcome: str) -> str:
        return INBOX.check(self.outcome, outcome)


class Entry(Table):
    """One line of a conversation's story, in order: a message, a change of state, an agent's note, a trace."""

    __tablename__ = "entries"
    __table_args__ = (
        UniqueConstraint("conversation_id", "seq"),
        Index(
            "entries_suggestions",
            "at",
            "id",
            sqlite_where=text("type = 'suggestion'"),
            postgresql_where=text("type = 'suggestion'"),
        ),
    )

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
        DELIVERY.constraint(),
        CheckConstraint(f"arrival IN ({', '.join(repr(one) for one in ARRIVALS)})", name="arrival"),
    )

    id: Mapped[int] = mapped_column(Number, primary_key=True, autoincrement=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entries.id"), unique=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"))
    state: Mapped[str] = mapped_column(String(16), default="waiting")
    """``cancelled``: a human claimed before it went out (:data:`bot.gateway.conversations.states.DELIVERY`)."""
    arrival: Mapped[str | None] = mapped_column(String(16))
    """What is known of the last try, while nobody knows whether the customer got it: one of ``ARRIVALS``. A delivery
    that ends as ``repeating`` may have come twice, or not at all."""
    attempts: Mapped[int] = mapped_column(default=0)
    not_before: Mapped[datetime | None]
    provider_message_id: Mapped[str | None] = mapped_column(String(255))
    error: Mapped[str | None]
    """Why the last try failed, for people to read."""
    sent_at: Mapped[datetime | None]

    @validates("state")
    def _step(self, _column: str, state: str) -> str:
        return DELIVERY.check(self.state, state)


class ContinuationLink(Table):
    """A link by which a conversation goes on elsewhere; its token is signed and not stored."""

    __tablename__ = "continuation_links"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), index=True)
    to_channel: Mapped[str] = mapped_column(String(32))
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
