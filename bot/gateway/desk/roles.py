"""Who may do what at the desk: four roles, each a set of permissions; a route asks for one permission."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum


class Role(str, Enum):
    """Somebody's role at the desk. The values are stored in the database."""

    AGENT = "agent"
    SUPERVISOR = "supervisor"
    TRAINER = "trainer"
    ADMINISTRATOR = "administrator"


class Permission(str, Enum):
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


_PERMISSIONS: Mapping[Role, frozenset[Permission]] = {
    Role.AGENT: frozenset({Permission.READ, Permission.ANSWER, Permission.MARK}),
    Role.SUPERVISOR: frozenset(
        {Permission.READ, Permission.ANSWER, Permission.MARK, Permission.SUPERVISE, Permission.TEACH, Permission.AUDIT}
    ),
    # Teaching takes what was said, never a word to a customer.
    Role.TRAINER: frozenset({Permission.READ, Permission.MARK, Permission.TEACH}),
    # In a small company the same person does everything; in a large one nobody needs to work under this role.
    Role.ADMINISTRATOR: frozenset(Permission),
}


def permissions(role: Role) -> frozenset[Permission]:
    """Everything that a role may do."""
    return _PERMISSIONS[role]


def role_of(text: str) -> Role:
    """Read a stored role; one that this version does not know counts as the one that may do the least."""
    try:
        return Role(text)
    except ValueError:
        return Role.AGENT
