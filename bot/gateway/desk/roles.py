"""Who may do what at the desk: four roles, each a set of permissions; a route asks for one permission."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum


class Role(str, Enum):
    """What somebody is at the desk. The values stand in the database."""

    AGENT = "agent"
    SUPERVISOR = "supervisor"
    TRAINER = "trainer"
    ADMINISTRATOR = "administrator"


class May(str, Enum):
    """What a role can be allowed to do. The values tell the page what to show."""

    READ = "read"
    """Read tickets and their conversations, search the knowledge."""
    ANSWER = "answer"
    """Claim conversations, write to customers and colleagues."""
    MARK = "mark"
    """Say whether the assistant was right."""
    SUPERVISE = "supervise"
    """See who waits, who works and how long everything takes; move other people's conversations."""
    TEACH = "teach"
    """See what became of the suggestions, to teach the assistant."""
    AUDIT = "audit"
    """See who read and did what."""
    ADMINISTER = "administer"
    """Create and change accounts."""


_PERMISSIONS: Mapping[Role, frozenset[May]] = {
    Role.AGENT: frozenset({May.READ, May.ANSWER, May.MARK}),
    Role.SUPERVISOR: frozenset({May.READ, May.ANSWER, May.MARK, May.SUPERVISE, May.TEACH, May.AUDIT}),
    # Teaching takes what was said, never a word to a customer.
    Role.TRAINER: frozenset({May.READ, May.MARK, May.TEACH}),
    # In a small company the same person does everything; in a large one nobody needs to work under this role.
    Role.ADMINISTRATOR: frozenset(May),
}


def permissions(role: Role) -> frozenset[May]:
    """Everything that a role may do."""
    return _PERMISSIONS[role]


def role_of(text: str) -> Role:
    """Read a stored role; one that this version does not know may do the least."""
    try:
        return Role(text)
    except ValueError:
        return Role.AGENT
