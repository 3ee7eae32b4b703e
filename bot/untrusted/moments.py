"""Points in time from outside: aware, in UTC, and within bounds that every database and every sum stays inside."""

from __future__ import annotations

from datetime import datetime, timezone

EARLIEST = datetime(2000, 1, 1, tzinfo=timezone.utc)
LATEST = datetime(2100, 1, 1, tzinfo=timezone.utc)
"""Far from the ends of what Python can count, so that a zone or a week more or less never leads over them."""


def in_bounds(at: datetime) -> datetime:
    """Return the same moment in UTC; :class:`ValueError`, with a sentence, for one without a zone or out of bounds.

    ``9999-12-31T23:59:59-14:00`` is a date by ISO 8601 and has no UTC in Python.
    """
    if at.tzinfo is None:
        raise ValueError("a time needs its zone, such as Z or +01:00")
    # By the year first: turning a time at the very end into UTC is what fails.
    if not EARLIEST.year <= at.year <= LATEST.year:
        raise ValueError(_WHEN)
    found = at.astimezone(timezone.utc)
    if not EARLIEST <= found < LATEST:
        raise ValueError(_WHEN)
    return found


def read_moment(text: str) -> datetime | None:
    """Read ISO 8601 with a zone; none for anything else."""
    try:
        return in_bounds(datetime.fromisoformat(text))
    except ValueError:
        return None


_WHEN = f"a time must lie between {EARLIEST.year} and {LATEST.year}"
