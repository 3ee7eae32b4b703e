"""How often something may happen: counted in the database, over all gateways, also after a restart.

The generic cell rate algorithm in its virtual scheduling form (ITU-T I.371, annex A;
https://en.wikipedia.org/wiki/Generic_cell_rate_algorithm). Each limit of each subject is one row that holds one time:
until when the subject has spent what it may. Whatever happens moves that time on by its cost, a minute divided by what
a minute allows; what would move it more than a minute beyond now is refused and moves nothing. So a minute's worth may
come at once, and after that no more than the rate: never more than ``per_minute * (1 + minutes)`` in any stretch.

All charges of a call are one statement, so they cost the transaction that stores a message some 0.2 ms, and two
gateways never let the same piece through: the database locks the row.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import BigInteger, String, TextClause, delete, select, text, tuple_
from sqlalchemy.orm import Mapped, mapped_column

from bot.errors import WarmlineError
from bot.gateway.platform.tables import Table
from bot.gateway.platform.transaction import Transaction

PERIOD = timedelta(minutes=1)
"""All limits are so much in a minute."""

_MICROSECOND = timedelta(microseconds=1)
_PERIOD = PERIOD // _MICROSECOND
# Nothing is ever spent further ahead than a period. A row that is, by more than clocks of different machines differ,
# was written before the clock was set back: nobody should wait for that hour to pass again.
_BEFORE_THE_CLOCK_WAS_SET_BACK = 2 * _PERIOD
# Rows deleted in one transaction, so that it stays short.
MOST_PRUNED = 1_000


class RateLimit(Table):
    """What one subject has spent of one limit; a row whose time has passed counts as absent."""

    __tablename__ = "rate_limits"

    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    """Which limit."""
    subject: Mapped[str] = mapped_column(String(64), primary_key=True)
    """A conversation's id, or an origin (:mod:`bot.gateway.platform.origin`); never an address itself."""
    spent_until: Mapped[int] = mapped_column(BigInteger)
    """Microseconds since 1970, UTC: the algorithm's theoretical arrival time."""


@dataclass(frozen=True)
class Charge:
    """What something costs of one limit of one subject."""

    name: str
    subject: str
    per_minute: int
    """What a minute allows, in the limit's own unit."""
    amount: int = 1
    """How much of that unit this is."""

    @property
    def cost(self) -> int:
        """In microseconds, rounded up; what is larger than a whole minute's worth takes all of it."""
        return min(_PERIOD, math.ceil(self.amount * _PERIOD / self.per_minute))


class LimitReachedError(WarmlineError):
    """The subject has reached its limit for now; the transaction should be rolled back."""

    def __init__(self, name: str, seconds: float) -> None:
        super().__init__(f"{name}: wait {seconds:.1f} s")
        self.name = name
        """Which limit it was."""
        self.seconds = seconds
        """How long until the same would be let through."""


def spend(session: Transaction, charges: Sequence[Charge], now: datetime) -> None:
    """Charge all, or raise :class:`LimitReachedError`: then the caller's transaction is to be rolled back.

    No two charges may name the same limit of the same subject.
    """
    if not charges:
        return
    # In one order, so that two transactions never wait for each other.
    ordered = sorted(charges, key=lambda charge: (charge.name, charge.subject))
    at = _microseconds(now)
    values: dict[str, object] = {"now": at, "most": at + _PERIOD, "impossible": at + _BEFORE_THE_CLOCK_WAS_SET_BACK}
    for number, charge in enumerate(ordered):
        values |= {f"name{number}": charge.name, f"subject{number}": charge.subject, f"until{number}": at + charge.cost}
    charged = {(name, subject) for name, subject in session.execute(_spending(len(ordered)), values)}
    refused = [charge for charge in ordered if (charge.name, charge.subject) not in charged]
    if refused:
        wait, name = max((_wait(session, charge, at), charge.name) for charge in refused)
        raise LimitReachedError(name, wait / 1e6)


def prune(session: Transaction, now: datetime) -> int:
    """Delete rows that mean nothing any more; tells how many. Rows in use just now are left to the next time."""
    old = (
        select(RateLimit.name, RateLimit.subject)
        .where(RateLimit.spent_until <= _microseconds(now))
        .limit(MOST_PRUNED)
        .with_for_update(skip_locked=True)
    )
    keys = session.execute(old).all()
    if keys:
        session.execute(
            delete(RateLimit)
            .where(tuple_(RateLimit.name, RateLimit.subject).in_([tuple(key) for key in keys]))
            .execution_options(synchronize_session=False)
        )
    return len(keys)


@cache
def _spending(number: int) -> TextClause:
    """The statement for so many charges; SQLite (3.35) and PostgreSQL read it alike."""
    rows = ", ".join(f"(:name{at}, :subject{at}, :until{at})" for at in range(number))
    spent = (
        "(CASE WHEN rate_limits.spent_until > :now AND rate_limits.spent_until <= :impossible"
        " THEN rate_limits.spent_until ELSE :now END + excluded.spent_until - :now)"
    )
    return text(
        # Nothing but our own names of parameters is put together here.
        f"INSERT INTO rate_limits (name, subject, spent_until) VALUES {rows}"  # noqa: S608
        f" ON CONFLICT (name, subject) DO UPDATE SET spent_until = {spent} WHERE {spent} <= :most"
        " RETURNING name, subject"
    )


def _wait(session: Transaction, charge: Charge, at: int) -> int:
    spent = session.scalar(
        select(RateLimit.spent_until).where(RateLimit.name == charge.name, RateLimit.subject == charge.subject)
    )
    return max(0, (spent or at) + charge.cost - at - _PERIOD)


def _microseconds(at: datetime) -> int:
    # Not timestamp(): a float has no room for the microseconds of our time.
    return (at - _EPOCH) // _MICROSECOND


_EPOCH = datetime.fromisoformat("1970-01-01T00:00:00+00:00")
