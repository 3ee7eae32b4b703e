"""The clock: passed in wherever time matters, so that tests do not have to wait."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timezone

Clock = Callable[[], datetime]
"""Answers the present moment, aware and in UTC."""


def utc_now() -> datetime:
    """Read the machine's clock."""
    return datetime.now(timezone.utc)
