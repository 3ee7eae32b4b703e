"""How days, visits and waits read, wherever an action says them."""

from __future__ import annotations

from datetime import date

from actions.shop.model import AppointmentSlot

# Above this a wait is told in minutes.
SECONDS_TOLD = 50


def spoken_day(day: date) -> str:
    """``Tuesday 24 November``; never depends on the server's language."""
    return f"{_DAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]}"


def spoken_visit(slot: AppointmentSlot) -> str:
    """``Tuesday 24 November, 8 am to 12 noon``."""
    return f"{spoken_day(slot.day)}, {slot.window.hours}"


def spoken_wait(seconds: int) -> str:
    """``20 seconds``, ``a minute``, ``5 minutes``: never shorter than it is."""
    if seconds <= SECONDS_TOLD:
        return f"{max(10, -(-seconds // 10) * 10)} seconds"
    minutes = -(-seconds // 60)
    return "a minute" if minutes == 1 else f"{minutes} minutes"


_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
