"""What time it is: passed in wherever time matters, so that a test need not wait."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timezone

Clock = Callable[[], datetime]
"""Answers the present moment, aware and in UTC."""


def utc_now() -> datetime:
    """Read the machine's clock."""
    return datetime.now(timezone.utc)
