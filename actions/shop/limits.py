"""How much anybody may do with the shop on their own word, before a person looks at it with them.

The numbers are choices: docs/decisions/0031-guesses-and-bookings.md says why, and ``self_service`` in ``desk.yml``
changes them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

FIRST_PAUSE = 10
"""Seconds between the first guess of the slowed-down half and the next look-up; each further guess doubles it."""

LONGEST_PAUSE = 300
"""Seconds; a longer pause tells an honest customer nothing but to come back another day."""


@dataclass(frozen=True)
class GuessLimits:
    """Wrong pairs of order number and postcode; each limit counts over a sliding window."""

    in_one_conversation: int = 3
    for_one_order: int = 6
    """Over all conversations and visitors, also of a number that no order has."""
    by_one_visitor: int = 20
    """Over all conversations of one origin, whatever the orders."""
    window: timedelta = timedelta(hours=24)


@dataclass(frozen=True)
class UseLimits:
    """Things that are done for a customer (visits booked, returns registered) over a sliding window."""

    for_one_conversation: int = 4
    for_one_customer: int = 4
    """For one e-mail address, and for one customer as the gateway knows them."""
    from_one_origin: int = 8
    window: timedelta = timedelta(days=7)


@dataclass(frozen=True)
class Limits:
    """All of them."""

    guesses: GuessLimits = GuessLimits()
    bookings: UseLimits = UseLimits()
    returns: UseLimits = UseLimits()


def pause_after(guesses: int, limit: int) -> int:
    """Seconds to wait after the last of so many wrong guesses; none in the first half of what is allowed."""
    slowed = guesses - limit // 2
    return 0 if slowed < 0 else min(FIRST_PAUSE * 2**slowed, LONGEST_PAUSE)
