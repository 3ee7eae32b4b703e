"""Signing in at the desk: slow for those who guess, with sessions that a stolen database does not reveal."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select

from bot.gateway.desk import accounts, audit, tries
from bot.gateway.desk.audit import Action
from bot.gateway.desk.devices import Device
from bot.gateway.desk.roles import Permission, Role, permissions, role_of
from bot.gateway.desk.tables import DeskSession
from bot.gateway.platform.identity import hash_of, new_token
from bot.gateway.platform.transaction import Transaction
from bot.gateway.tickets import presence
from bot.gateway.tickets.tables import Agent

# A working day; an agent signs in once a day.
SESSION_LASTS = timedelta(hours=12)


@dataclass(frozen=True)
class SignedIn:
    """Who is signed in; ``csrf`` must come back in a header with each write."""

    agent_id: str
    username: str
    name: str
    role: Role
    csrf: str


def note_try(session: Transaction, username: str, address: str, device: Device, now: datetime) -> str | None:
    """Count one try, before the password is looked at, and answer the account's password hash (none: no account).

    A right password takes the count back (:func:`open_session`). Raises
    :class:`~bot.gateway.desk.tries.TooManyTriesError`.
    """
    agent = accounts.find(session, username)
    tries.count(session, accounts.username_of(username), address, _known(agent, device, now), now)
    return None if agent is None or agent.disabled_at is not None else agent.password_hash


def note_wrong_password(session: Transaction, username: str, address: str, now: datetime) -> None:
    """Write into the audit log that somebody tried an account's name; a name that is none may be a password."""
    agent = accounts.find(session, username)
    if agent is not None:
        audit.record(session, Action.WRONG_PASSWORD, None, now, subject_id=agent.id, address=address)


def open_session(
    session: Transaction, username: str, address: str, device: Device, now: datetime
) -> tuple[SignedIn, str] | None:
    """Open a session for an agent whose password was right; answers it with the cookie's secret (256 bits)."""
    agent = accounts.find(session, username)
    if agent is None or agent.disabled_at is not None:
        return None
    tries.forgive(session, agent.username, address, _known(agent, device, now))
    session.execute(delete(DeskSession).where(DeskSession.expires_at < now))
    token, csrf = new_token(), new_token()
    session.add(
        DeskSession(
            token_hash=hash_of(token), agent_id=agent.id, csrf=csrf, created_at=now, expires_at=now + SESSION_LASTS
        )
    )
    audit.record(session, Action.SIGNED_IN, agent.id, now, address=address)
    if Permission.ANSWER in permissions(role_of(agent.role)):
        presence.choose(session, agent.id, "online", now)
    return _signed_in(agent, csrf), token


def who(session: Transaction, token: str, now: datetime) -> SignedIn | None:
    """The agent whose browser sent this cookie, unless the session is over."""
    found = session.execute(
        select(Agent, DeskSession.csrf)
        .join(DeskSession, DeskSession.agent_id == Agent.id)
        .where(DeskSession.token_hash == hash_of(token), DeskSession.expires_at > now, Agent.disabled_at.is_(None))
    ).first()
    return None if found is None else _signed_in(found[0], found[1])


def close_session(session: Transaction, agent_id: str, now: datetime) -> None:
    """Sign out, in every browser: who leaves a shared computer in a hurry need not remember the others."""
    agent = session.get_one(Agent, agent_id)
    accounts.sign_out_everywhere(session, agent)
    presence.choose(session, agent_id, "offline", now)
    audit.record(session, Action.SIGNED_OUT, agent_id, now)


def change_password(
    session: Transaction, agent_id: str, address: str, device: Device, new_hash: str, now: datetime
) -> None:
    """Give an account the password that its owner chose; every session ends, this one too."""
    agent = session.get_one(Agent, agent_id)
    agent.password_hash = new_hash
    tries.forgive(session, agent.username, address, _known(agent, device, now))
    accounts.sign_out_everywhere(session, agent)
    audit.record(session, Action.CHANGED_PASSWORD, agent_id, now)


def csrf_is_right(signed_in: SignedIn, given: str | None) -> bool:
    """Compare the header with the session's value in constant time."""
    return hmac.compare_digest(signed_in.csrf.encode(), (given or "").encode())


def _signed_in(agent: Agent, csrf: str) -> SignedIn:
    return SignedIn(agent.id, agent.username, agent.name, role_of(agent.role), csrf)


def _known(agent: Agent | None, device: Device, now: datetime) -> str | None:
    return None if agent is None else device.name_for(agent.id, now)
