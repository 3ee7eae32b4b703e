"""The audit log: who read and did what at the desk, written in the transaction that does it, never changed."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import Enum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased

from bot.gateway.desk.moments import moment
from bot.gateway.desk.tables import AuditRecord
from bot.gateway.platform.transaction import Transaction
from bot.gateway.tickets.tables import Agent

READING_LASTS = timedelta(minutes=15)
"""A page reloads what it shows: within this time that is one reading, for one account of one thing."""
PAGE = 100
"""Records of one answer."""


class Action(str, Enum):
    """What can stand in the log."""

    SIGNED_IN = "signed_in"
    WRONG_PASSWORD = "wrong_password"  # noqa: S105 - what happened, not a password
    SIGNED_OUT = "signed_out"
    CHANGED_PASSWORD = "changed_password"  # noqa: S105
    READ_TICKET = "read_ticket"
    CHOSE_PRESENCE = "chose_presence"
    CLAIMED = "claimed"
    WROTE = "wrote"
    NOTED = "noted"
    SEARCHED = "searched"
    REJECTED_SUGGESTION = "rejected_suggestion"
    MARKED_ANSWER = "marked_answer"
    READ_SUGGESTIONS = "read_suggestions"
    SAVED_CANNED_REPLY = "saved_canned_reply"
    REMOVED_CANNED_REPLY = "removed_canned_reply"
    TRANSFERRED = "transferred"
    RELEASED = "released"
    SNOOZED = "snoozed"
    WOKE = "woke"
    RETURNED = "returned"
    RESOLVED = "resolved"
    READ_AUDIT = "read_audit"
    CREATED_ACCOUNT = "created_account"
    CHANGED_ROLE = "changed_role"
    CHANGED_WORK = "changed_work"
    RENAMED_ACCOUNT = "renamed_account"
    DISABLED_ACCOUNT = "disabled_account"
    ENABLED_ACCOUNT = "enabled_account"
    UNLOCKED_ACCOUNT = "unlocked_account"
    READ_WRAP_UP = "read_wrap_up"
    READ_LIST = "read_list"
    WATCHED = "watched"
    EXPORTED_QUESTIONS = "exported_questions"
    RESET_PASSWORD = "reset_password"  # noqa: S105


def record(
    session: Transaction,
    action: Action,
    agent_id: str | None,
    now: datetime,
    *,
    ticket_id: str | None = None,
    subject_id: str | None = None,
    **detail: str | int | None,
) -> None:
    """Write one record in the caller's transaction; ``detail`` holds no customer's words."""
    session.add(
        AuditRecord(
            at=now, agent_id=agent_id, action=action.value, ticket_id=ticket_id, subject_id=subject_id, detail=detail
        )
    )


def record_reading(
    session: Transaction,
    action: Action,
    agent_id: str | None,
    now: datetime,
    *,
    ticket_id: str | None = None,
    subject_id: str | None = None,
    **detail: str | int | None,
) -> None:
    """Write that somebody read this, once in :data:`READING_LASTS`: a page that asks again is the same reading."""
    same = (
        AuditRecord.agent_id == agent_id if agent_id is not None else AuditRecord.agent_id.is_(None),
        AuditRecord.action == action.value,
        AuditRecord.ticket_id == ticket_id if ticket_id is not None else AuditRecord.ticket_id.is_(None),
        AuditRecord.subject_id == subject_id if subject_id is not None else AuditRecord.subject_id.is_(None),
    )
    newest = session.execute(
        select(AuditRecord.at, AuditRecord.detail).where(*same).order_by(AuditRecord.id.desc()).limit(1)
    ).first()
    # A clock that was set back must not silence the log.
    if newest is None or newest.detail != detail or not timedelta(0) <= now - newest.at < READING_LASTS:
        record(session, action, agent_id, now, ticket_id=ticket_id, subject_id=subject_id, **detail)


def page(
    session: Transaction,
    *,
    before: int | None = None,
    agent_id: str | None = None,
    ticket_id: str | None = None,
    limit: int = PAGE,
) -> dict[str, Any]:
    """The newest records below the number ``before``, newest first; ``next`` is the number for the page after it."""
    subject = aliased(Agent)
    query = (
        select(AuditRecord, Agent.name, subject.name)
        .join(Agent, Agent.id == AuditRecord.agent_id, isouter=True)
        .join(subject, subject.id == AuditRecord.subject_id, isouter=True)
        .order_by(AuditRecord.id.desc())
        .limit(limit + 1)
    )
    if before is not None:
        query = query.where(AuditRecord.id < before)
    if agent_id is not None:
        query = query.where(AuditRecord.agent_id == agent_id)
    if ticket_id is not None:
        query = query.where(AuditRecord.ticket_id == ticket_id)
    rows = session.execute(query).all()
    records = [
        {
            "id": found.id,
            "at": moment(found.at),
            "action": found.action,
            "agent": None if found.agent_id is None else {"id": found.agent_id, "name": name},
            "ticket_id": found.ticket_id,
            "subject": None if found.subject_id is None else {"id": found.subject_id, "name": subject_name},
            "detail": found.detail,
        }
        for found, name, subject_name in rows[:limit]
    ]
    return {"records": records, "next": records[-1]["id"] if len(rows) > limit else None}
