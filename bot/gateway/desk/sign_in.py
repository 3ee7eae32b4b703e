"""Signing in at the desk: slow for who guesses, and a session that a stolen database does not give away."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from bot.gateway.desk import accounts, audit
from bot.gateway.desk.audit import Action
from bot.gateway.desk.roles import May, Role, permissions, role_of
from bot.gateway.identity import hash_of, new_token
from bot.gateway.queue import presence
from bot.gateway.tables import Agent, DeskSession, SignInAttempt

# A working day; an agent signs in once a day.
SESSION_LASTS = timedelta(hours=12)
# OWASP's authentication cheat sheet asks for a threshold, a window and a lock that ends by itself.
WINDOW = timedelta(minutes=15)
# Wrong tries in a window: by one address for one name, by one address for any name (an office shares one), and for
# one name from anywhere. The last is high, so that a stranger cannot easily lock an agent out.
TRIES_BY_PAIR = 5
TRIES_BY_ADDRESS = 20
TRIES_BY_NAME = 50


@dataclass(frozen=True)
class SignedIn:
    """Who is signed in; ``csrf`` must come back in a header with each write."""

    agent_id: str
    username: str
    name: str
    role: Role
    csrf: str


class TooManyTriesError(Exception):
    """Somebody guesses; ``seconds`` until the next try is heard."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"wait {seconds} s")
        self.seconds = seconds


def note_try(session: Session, username: str, address: str, now: datetime) -> str | None:
    """Count one try, before the password is looked at, and answer the account's password hash (none: no account).

    A right password takes the count back (:func:`open_session`). Raises :class:`TooManyTriesError`.
    """
    session.execute(delete(SignInAttempt).where(SignInAttempt.at < now - WINDOW))
    for key, most in _keys(username, address):
        tries, first = session.execute(
            select(func.count(), func.min(SignInAttempt.at)).where(SignInAttempt.username == key)
        ).one()
        if tries >= most:
            raise TooManyTriesError(max(1, int((first + WINDOW - now).total_seconds()) + 1))
    session.add_all(SignInAttempt(username=key, at=now) for key, _ in _keys(username, address))
    agent = accounts.find(session, username)
    return None if agent is None or agent.disabled_at is not None else agent.password_hash


def note_wrong_password(session: Session, username: str, address: str, now: datetime) -> None:
    """Write into the audit log that somebody tried an account's name; a name that is none may be a password."""
    agent = accounts.find(session, username)
    if agent is not None:
        audit.record(session, Action.WRONG_PASSWORD, None, now, subject_id=agent.id, address=address)


def open_session(session: Session, username: str, address: str, now: datetime) -> tuple[SignedIn, str] | None:
    """Open a session for an agent whose password was right; answers it with the cookie's secret (256 bits)."""
    agent = accounts.find(session, username)
    if agent is None or agent.disabled_at is not None:
        return None
    forgive(session, username, address)
    session.execute(delete(DeskSession).where(DeskSession.expires_at < now))
    token, csrf = new_token(), new_token()
    session.add(
        DeskSession(
            token_hash=hash_of(token), agent_id=agent.id, csrf=csrf, created_at=now, expires_at=now + SESSION_LASTS
        )
    )
    audit.record(session, Action.SIGNED_IN, agent.id, now, address=address)
    if May.ANSWER in permissions(role_of(agent.role)):
        presence.choose(session, agent.id, "online", now)
    return _signed_in(agent, csrf), token


def forgive(session: Session, username: str, address: str) -> None:
    """Take back what :func:`note_try` counted: the password was right."""
    pair, *others = (key for key, _ in _keys(username, address))
    session.execute(delete(SignInAttempt).where(SignInAttempt.username == pair))
    for key in others:
        newest = session.scalar(select(func.max(SignInAttempt.id)).where(SignInAttempt.username == key))
        session.execute(delete(SignInAttempt).where(SignInAttempt.id == newest))


def who(session: Session, token: str, now: datetime) -> SignedIn | None:
    """The agent whose browser sent this cookie, unless the session is over."""
    found = session.execute(
        select(Agent, DeskSession.csrf)
        .join(DeskSession, DeskSession.agent_id == Agent.id)
        .where(DeskSession.token_hash == hash_of(token), DeskSession.expires_at > now, Agent.disabled_at.is_(None))
    ).first()
    return None if found is None else _signed_in(found[0], found[1])


def close_session(session: Session, agent_id: str, now: datetime) -> None:
    """Sign out, in every browser: who leaves a shared computer in a hurry need not remember the others."""
    agent = session.get_one(Agent, agent_id)
    accounts.sign_out_everywhere(session, agent)
    presence.choose(session, agent_id, "offline", now)
    audit.record(session, Action.SIGNED_OUT, agent_id, now)


def change_password(session: Session, agent_id: str, address: str, new_hash: str, now: datetime) -> None:
    """Give an account the password that its owner chose; every session ends, this one too."""
    agent = session.get_one(Agent, agent_id)
    agent.password_hash = new_hash
    forgive(session, agent.username, address)
    accounts.sign_out_everywhere(session, agent)
    audit.record(session, Action.CHANGED_PASSWORD, agent_id, now)


def csrf_is_right(signed_in: SignedIn, given: str | None) -> bool:
    """Compare the header with the session's value in constant time."""
    return hmac.compare_digest(signed_in.csrf.encode(), (given or "").encode())


def _signed_in(agent: Agent, csrf: str) -> SignedIn:
    return SignedIn(agent.id, agent.username, agent.name, role_of(agent.role), csrf)


def _keys(username: str, address: str) -> list[tuple[str, int]]:
    """What is counted, as hashes: people type passwords into the field for the name."""
    name = accounts.username_of(username)
    return [
        (_hash("pair", name, address), TRIES_BY_PAIR),
        (_hash("address", address), TRIES_BY_ADDRESS),
        (_hash("name", name), TRIES_BY_NAME),
    ]


def _hash(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
