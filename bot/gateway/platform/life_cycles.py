"""What a row may become: its states and the steps between them as one table, checked wherever a state changes.

A life cycle is data. The row's class checks each step in Python (:func:`sqlalchemy.orm.validates`); the database checks
that a state is one of those there are, also where a statement changes many rows at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import CheckConstraint

from bot.errors import WarmlineError


class ImpossibleStepError(WarmlineError):
    """A row was to go from a state to one that does not follow it: a mistake in the code, and nothing was stored."""


@dataclass(frozen=True)
class LifeCycle:
    """The states of one kind of row, and which may follow which."""

    of: str
    """What it is the life of, for the error's sentence."""
    column: str
    steps: Mapping[str, tuple[str, ...]]
    """For each state, those that may follow it; a state that may be written again follows itself."""
    starts: tuple[str, ...]
    """The states in which a row may be made."""

    @property
    def states(self) -> tuple[str, ...]:
        """All states, in the order of the table."""
        return tuple(self.steps)

    @property
    def ended(self) -> tuple[str, ...]:
        """The states that nothing but themselves may follow."""
        return tuple(state for state, after in self.steps.items() if set(after) <= {state})

    def check(self, before: str | None, after: str) -> str:
        """The new state, if it may follow; ``before`` is None for a new row. Else :class:`ImpossibleStepError`."""
        if after in (self.starts if before is None else self.steps.get(before, ())):
            return after
        raise ImpossibleStepError(
            f"{self.of} cannot be made as {after!r}: it begins as {' or '.join(self.starts)}."
            if before is None
            else f"{self.of} cannot become {after!r} after {before!r}."
        )

    def constraint(self) -> CheckConstraint:
        """The database's check that the column holds a known state, or nothing where it may be empty."""
        return CheckConstraint(f"{self.column} IN ({', '.join(repr(one) for one in self.states)})", name=self.column)
