"""What an administrator does with accounts: see them, change roles, close and reopen them, give new passwords."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from bot.gateway.desk import accounts, audit
from bot.gateway.desk.audit import Action
from bot.gateway.desk.moments import moment
from bot.gateway.desk.roles import Role
from bot.gateway.desk.tables import DeskSession
from bot.gateway.platform.errors import RequestError
from bot.gateway.platform.signals import DESK, announce
from bot.gateway.platform.transaction import Transaction
from bot.gateway.tickets.tables import EXTERNAL_ROLE, Agent, Ticket


@dataclass(frozen=True)
class Work:
    """What an agent can do, and how much at once."""

    skills: tuple[str, ...]
    languages: tuple[str, ...]
    """Two-letter codes."""
    capacity: int


class LastAdministratorError(RequestError):
    """Somebody must be left who can open accounts."""

    status, code = 409, "last_administrator"


class HasConversationsError(RequestError):
    """Customers of this agent would be left alone."""

    status, code = 409, "has_conversations"


def listed(session: Transaction, now: datetime) -> list[dict[str, Any]]:
    """All accounts by name, with the open conversations and the last sign of life of each."""
    counted = select(Ticket.agent_id, func.count()).where(Ticket.state == "accepted").group_by(Ticket.agent_id)
    held = {row[0]: row[1] for row in session.execute(counted)}
    signed_in = set(session.scalars(select(DeskSession.agent_id).where(DeskSession.expires_at > now)))
    ours = select(Agent).where(Agent.role != EXTERNAL_ROLE)
    rows = session.scalars(ours.order_by(func.lower(Agent.name), Agent.id))
    return [
        shown(agent) | {"conversations": held.get(agent.id, 0), "signed_in": agent.id in signed_in} for agent in rows
    ]


def shown(agent: Agent) -> dict[str, Any]:
    """One account as the API shows it."""
    return {
        "skills": list(agent.skills),
        "languages": list(agent.languages),
        "capacity": agent.capacity,
        "id": agent.id,
        "username": agent.username,
        "name": agent.name,
        "role": agent.role,
        "disabled_at": None if agent.disabled_at is None else moment(agent.disabled_at),
    }


def create(
    session: Transaction, by: str, username: str, name: str, role: Role, now: datetime, work: Work | None = None
) -> tuple[dict[str, Any], str]:
    """Open an account; answers it with its password, which is kept nowhere."""
    password = accounts.create(session, username, name, role, now)
    agent = accounts.find(session, username)
    assert agent is not None
    if work is not None:
        agent.skills, agent.languages, agent.capacity = list(work.skills), list(work.languages), work.capacity
    audit.record(session, Action.CREATED_ACCOUNT, by, now, subject_id=agent.id, role=role.value)
    return shown(agent), password


def change(
    session: Transaction,
    by: str,
    agent_id: str,
    now: datetime,
    *,
    name: str | None = None,
    role: Role | None = None,
    disabled: bool | None = None,
    work: Work | None = None,
) -> dict[str, Any]:
    """Change what is given; a closed account is signed out everywhere at once.

    Raises :class:`~bot.gateway.desk.accounts.UnknownAgentError`, :class:`LastAdministratorError`, and
    :class:`HasConversationsError` when somebody who still has customers is to lose the right to answer them.
    """
    # Two administrators who demote each other at once take turns.
    session.scalars(select(Agent.id).where(Agent.role == Role.ADMINISTRATOR.value).with_for_update()).all()
    agent = _found(session, agent_id)
    was_disabled = agent.disabled_at is not None
    if role is not None and role != agent.role:
        audit.record(session, Action.CHANGED_ROLE, by, now, subject_id=agent.id, old=agent.role, new=role.value)
        agent.role = role.value
    if work is not None:
        agent.skills, agent.languages, agent.capacity = list(work.skills), list(work.languages), work.capacity
        audit.record(session, Action.CHANGED_WORK, by, now, subject_id=agent.id, capacity=work.capacity)
    if name is not None and name != agent.name:
        audit.record(session, Action.RENAMED_ACCOUNT, by, now, subject_id=agent.id)
        agent.name = name
    if disabled is not None and disabled != was_disabled:
        action = Action.DISABLED_ACCOUNT if disabled else Action.ENABLED_ACCOUNT
        audit.record(session, action, by, now, subject_id=agent.id)
        agent.disabled_at = now if disabled else None
    if agent.disabled_at is not None or agent.role == Role.TRAINER:
        _check_no_customers(session, agent)
    session.flush()
    _check_an_administrator_is_left(session)
    if agent.disabled_at is not None:
        accounts.sign_out_everywhere(session, agent)
    # Open pages of theirs learn at once what they may still see.
    announce(session, DESK)
    return shown(agent)


def new_password(session: Transaction, by: str, agent_id: str, now: datetime) -> str:
    """Give an account a generated password and sign it out everywhere."""
    agent = _found(session, agent_id)
    audit.record(session, Action.RESET_PASSWORD, by, now, subject_id=agent.id)
    return accounts.give_new_password(session, agent)


def _found(session: Transaction, agent_id: str) -> Agent:
    agent = session.get(Agent, agent_id, with_for_update=True)
    if agent is None or agent.role == EXTERNAL_ROLE:
        raise accounts.UnknownAgentError("There is no such account.")
    return agent


def _check_an_administrator_is_left(session: Transaction) -> None:
    left = select(Agent.id).where(Agent.role == Role.ADMINISTRATOR.value, Agent.disabled_at.is_(None)).limit(1)
    if session.scalar(left) is None:
        raise LastAdministratorError("This is the last administrator: make somebody else one first.")


def _check_no_customers(session: Transaction, agent: Agent) -> None:
    held = session.scalar(select(func.count()).where(Ticket.state == "accepted", Ticket.agent_id == agent.id)) or 0
    if held:
        raise HasConversationsError(f"{agent.name} still has {held} open conversations: hand them over first.")
