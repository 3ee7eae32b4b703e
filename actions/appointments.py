"""Which visit a customer means: a button, a day, a time of day, or "the second one"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from actions.shop.model import AppointmentSlot, Shop, Window

LATER = "later"
"""The value of the button that asks for other visits than those on offer."""

OFFERED_AT_ONCE = 4
"""More buttons than these are hard to take in, and some channels show no more."""

_PLACES = {
    0: ("first", "1st", "one", "1", "earliest", "soonest", "asap", "as soon as possible", "next available"),
    1: ("second", "2nd", "two", "2"),
    2: ("third", "3rd", "three", "3"),
    3: ("fourth", "4th", "four", "4"),
    -1: ("last", "latest"),
}
_PLACE_OF = {word: place for place, words in _PLACES.items() for word in words}
# Without "one", which stands behind every other: "the second one" is the second.
_LONGEST_FIRST = sorted((re.escape(word) for word in _PLACE_OF if word != "one"), key=len, reverse=True)
_WORDS = re.compile(rf"\b({'|'.join(_LONGEST_FIRST)})\b")
_REFUSES = re.compile(r"\b(?:no|not|none|neither|nope|nah)\b")

_SOONEST = re.compile(
    r"\b(?:asap|as soon as (?:possible|you can|poss|they can|he can)|soonest|(?:the )?(?:very )?earliest|next available"
    r"|first (?:available|free|slot|visit|appointment|one you have|you have)|urgent(?:ly)?|quick as you can)\b"
)

_NOON = 12


@dataclass(frozen=True)
class Wish:
    """What a message says about when the technician should come; all of it may be missing."""

    slot_id: str | None = None
    later: bool = False
    day: date | None = None
    window: Window | None = None
    days: tuple[date, ...] = ()
    """Several days among which the customer leaves the choice."""
    soonest: bool = False
    """Whether the first that is free will do."""

    def __bool__(self) -> bool:
        """Whether anything was said."""
        return bool(self.slot_id or self.later or self.day or self.window or self.days or self.soonest)


def read_day(value: object) -> date | None:
    """A day from an entity or a slot."""
    try:
        return date.fromisoformat(str(value)[:10]) if value else None
    except ValueError:
        return None


def read_window(value: object) -> Window | None:
    """A half of the day from ``morning``, ``afternoon`` or a time such as ``14:30``."""
    text = str(value or "")
    if text in {window.value for window in Window}:
        return Window(text)
    hour = text.partition(":")[0]
    if hour.isdigit():
        return Window.MORNING if int(hour) < _NOON else Window.AFTERNOON
    return None


def read_place(text: str, offered: Sequence[str]) -> str | None:
    """The offered visit that a message points at ("the second one", "2", "the earliest"), ``None`` when it does not.

    "Not the first one" points at none.
    """
    lowered = text.lower().strip(" .!")
    match = _WORDS.search(lowered)
    if match and _REFUSES.search(lowered, 0, match.start()):
        return None
    place = _PLACE_OF[match[1]] if match else (0 if lowered in {"one", "that one"} and len(offered) == 1 else None)
    if place is None or not -len(offered) <= place < len(offered):
        return None
    return offered[place]


def speaks_of_soonest(text: str) -> bool:
    """Whether the words ask for whatever comes first: "as soon as possible"."""
    return _SOONEST.search(text.lower()) is not None


def in_order(slot: AppointmentSlot) -> tuple[date, bool]:
    """What visits are sorted by: the day, then the morning before the afternoon."""
    return slot.day, slot.window is Window.AFTERNOON


def choose(shop: Shop, postcode: str, today: date, wish: Wish) -> str | None:
    """The one free visit that fits the wish, ``None`` when none or several do; the first where the soonest will do."""
    if wish.slot_id:
        slot = shop.appointment_slot(wish.slot_id)
        if slot is None:
            return None
        free = shop.free_appointments(postcode, today, slot.day, slot.window)
        # The other technician in the same half of the day is as good.
        return free[0].id if free and slot.area == free[0].area else None
    if wish.soonest and wish.day is None:
        free = shop.free_appointments(postcode, today, None, wish.window)
        return free[0].id if free else None
    if wish.day is None:
        return None
    free = shop.free_appointments(postcode, today, wish.day, wish.window)
    return free[0].id if len(free) == 1 else None
