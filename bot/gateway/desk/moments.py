"""A point in time as the API shows it."""

from __future__ import annotations

from datetime import datetime


def moment(at: datetime) -> str:
    """ISO 8601 in UTC."""
    return at.isoformat().replace("+00:00", "Z")
