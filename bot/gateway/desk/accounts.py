"""The agents' accounts: passwords are generated, shown once and kept as Argon2id hashes."""

from __future__ import annotations

import secrets
from datetime import datetime
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import delete, select

from bot.gateway.desk import audit, canned, tries
from bot.gateway.desk.audit import Action
from bot.gateway.desk.roles import Role
from bot.gateway.desk.tables import DeskSession
from bot.gateway.platform.errors import RequestError
from bot.gateway.platform.identity import new_id
from bot.gateway.platform.signals import DESK, announce
from bot.gateway.platform.transaction import Transaction
from bot.gateway.tickets.tables import EXTERNAL_ROLE, Agent

FIRST_USERNAME = "admin"
LONGEST_USERNAME = 64
RESERVED = ":"
"""Stands in the names of outside desks' agents (`bot/gateway/external_desks/arrivals.py`), which nobody may take."""
# 15 random bytes: 120 bits, 20 characters that a person can still copy from a terminal.
PASSWORD_BYTES = 15
# NIST SP 800-63B asks for 8 where a second factor exists; there is none here.
SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 1000
LONGEST_NAME = 100

# argon2-cffi's defaults are RFC 9106's second recommendation for memory-constrained machines (64 MiB, 3 passes).
_hasher = PasswordHasher()


class UnknownAgentError(RequestError):
    """There is no agent of that name."""

    status, code = 404, "unknown_user"


class BadUsernameError(RequestError):
    """A name that no account can have."""


class UsernameTakenError(RequestError):
    """There is an agent of that name already."""

    status, code = 409, "username_taken"


def username_of(text: str) -> str:
    """A username as it is compared: without outer spaces, in lower case."""
    return text.strip().lower()


def create(session: Transaction, username: str, name: str, role: Role, now: datetime) -> str:
    """Create an account and answer its password, which is kept nowhere."""
    username = username_of(username)
    if not username or len(username) > LONGEST_USERNAME:
        raise BadUsernameError(f"A username has 1 to {LONGEST_USERNAME} characters.")
    if RESERVED in username or not username.isprintable():
        raise BadUsernameError(
            "A username has no colon, which names agents of outside desks, and no control characters."
        )
    if find(session, username) is not None:
        raise UsernameTakenError("There is already an account with that name; you can give it a new password.")
    password = secrets.token_urlsafe(PASSWORD_BYTES)
    session.add(
        Agent(id=new_id(now), username=username, name=name, role=role.value, password_hash=_hasher.hash(password)),
    )
    session.flush()
    return password


def create_first(session: Transaction, now: datetime) -> str | None:
    """Create the account ``admin`` and a first set of canned replies, if there is no account yet.

    Answers its password, or none if there was an account.
    """
    if session.scalar(select(Agent.id).limit(1)) is not None:
        return None
    password = create(session, FIRST_USERNAME, "Admin", Role.ADMINISTRATOR, now)
    agent = find(session, FIRST_USERNAME)
    assert agent is not None
    canned.start(session, agent.id, now)
    return password


def reset(session: Transaction, username: str, now: datetime) -> str:
    """Give an agent a new password, sign them out everywhere, and answer the password."""
    agent = _of_ours(session, username)
    audit.record(session, Action.RESET_PASSWORD, None, now, subject_id=agent.id)
    return give_new_password(session, agent)


def unlock(session: Transaction, username: str, now: datetime) -> None:
    """Forget all tries at an account's password, so that its owner gets in at once from wherever they are."""
    agent = _of_ours(session, username)
    tries.clear(session, agent.username)
    audit.record(session, Action.UNLOCKED_ACCOUNT, None, now, subject_id=agent.id)


def _of_ours(session: Transaction, username: str) -> Agent:
    agent = find(session, username)
    if agent is None or agent.role == EXTERNAL_ROLE:
        raise UnknownAgentError(f"There is no agent {username_of(username)}. `warmline account add` creates one.")
    return agent


def give_new_password(session: Transaction, agent: Agent) -> str:
    """Generate a password for an account, sign it out everywhere, and answer the password."""
    password = secrets.token_urlsafe(PASSWORD_BYTES)
    agent.password_hash = _hasher.hash(password)
    tries.clear(session, agent.username)
    sign_out_everywhere(session, agent)
    return password


def hash_password(password: str) -> str:
    """Hash a password that somebody chose; slow by intent."""
    return _hasher.hash(password.encode("utf-8", "surrogatepass"))


def sign_out_everywhere(session: Transaction, agent: Agent) -> None:
    """End every session of an account; open pages hear of it at the commit."""
    session.execute(delete(DeskSession).where(DeskSession.agent_id == agent.id))
    announce(session, DESK)


def find(session: Transaction, username: str) -> Agent | None:
    """The agent of that username, upper and lower case aside."""
    return session.scalar(select(Agent).where(Agent.username == username_of(username)))


def password_is_right(password_hash: str | None, password: str) -> bool:
    """Compare a password with a hash; without one it takes as long, so that time tells nobody which names exist."""
    try:
        _hasher.verify(password_hash or _nobodys_hash(), password.encode("utf-8", "surrogatepass"))
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None


@cache
def _nobodys_hash() -> str:
    return _hasher.hash(secrets.token_urlsafe(PASSWORD_BYTES))
