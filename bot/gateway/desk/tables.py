"""The desk's own tables: who signed in, and what they did."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.gateway.platform.tables import Number, Table


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
    """The account or canned reply that it was done to."""
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Small facts of the company's own: an outcome, a role, an address."""


class Mention(Table):
    """An agent whom a colleague named in a note, until they have looked."""

    __tablename__ = "mentions"
    __table_args__ = (UniqueConstraint("entry_id", "agent_id"), Index("mentions_unseen", "agent_id", "seen_at"))

    id: Mapped[int] = mapped_column(Number, primary_key=True, autoincrement=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entries.id"))
    ticket_id: Mapped[str] = mapped_column(ForeignKey("tickets.id"))
    agent_id: Mapped[str] = mapped_column(ForeignKey("agents.id"))
    seen_at: Mapped[datetime | None]


class CannedReply(Table):
    """A reply that the team writes often, with variables in braces."""

    __tablename__ = "canned_replies"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    shortcut: Mapped[str] = mapped_column(String(32), unique=True)
    """What an agent types after a slash to get it."""
    title: Mapped[str]
    text: Mapped[str]
    changed_at: Mapped[datetime]
    changed_by: Mapped[str] = mapped_column(ForeignKey("agents.id"))


class AnswerMark(Table):
    """Whether one turn of the assistant was right, as an agent or a trainer marked it last."""

    __tablename__ = "answer_marks"

    message_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    """The customer's message that the turn answered."""
    verdict: Mapped[str] = mapped_column(String(8))
    """``right`` or ``wrong``."""
    meant: Mapped[str | None] = mapped_column(String(64))
    """The intent that a wrong turn should have seen."""
    agent_id: Mapped[str | None] = mapped_column(ForeignKey("agents.id"))
    """Who marked it; none on the command line."""
    at: Mapped[datetime]


class SuggestionVerdict(Table):
    """What an agent made of one offered reply; an offer without a row was ignored."""

    __tablename__ = "suggestion_verdicts"
    __table_args__ = (UniqueConstraint("conversation_id", "seq", "offer"),)

    id: Mapped[int] = mapped_column(Number, primary_key=True, autoincrement=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"))
    seq: Mapped[int]
    """The suggestion's entry."""
    offer: Mapped[int]
    """Which of its offers, from 0."""
    verdict: Mapped[str] = mapped_column(String(16))
    """``accepted`` as it was, ``edited`` before it was sent, or ``rejected``."""
    agent_id: Mapped[str] = mapped_column(ForeignKey("agents.id"))
    at: Mapped[datetime]
    sent_seq: Mapped[int | None]
    """The message that it became."""


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
