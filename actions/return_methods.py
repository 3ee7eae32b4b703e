"""How something goes back: a crew collects it on a day, or the customer takes it to a store."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from actions.appointments import read_day, read_place
from actions.shop.model import ReturnReason
from actions.wording import spoken_day
from bot.kit.turn import Choice

STORE = "store"
"""The value of the slot when the customer takes it to a store."""

COLLECTION = "collection"
"""What the value begins with when a crew comes; behind it stands the day: ``collection 2026-11-24``."""

DAYS_OFFERED = 3
"""Together with the store four buttons; other days can be named."""

# knowledge_index/articles/returns-policy.md: what collecting a large appliance costs, unless it is our fault.
COLLECTION_PENCE = 2500

_TO_A_STORE = re.compile(r"\b(stores?|shops?|branch|drop (it|this) off|bring it|take it (back )?(in|to)|in person)\b")
_FROM_HOME = re.compile(r"\b(collect(ed|ion|s)?|pick(ed)? (it|this)? ?up|fetch|at home|from home|my house|come and)\b")


def collection(day: date) -> str:
    """The slot's value for a collection on a day."""
    return f"{COLLECTION} {day.isoformat()}"


def collection_day(value: object) -> date | None:
    """The day in the slot's value, ``None`` for a store."""
    kind, _, day = str(value or "").partition(" ")
    return read_day(day) if kind == COLLECTION else None


def buttons(days: Sequence[date], reason: ReturnReason) -> list[Choice]:
    """The days as they are free, with what they cost, and the store."""
    collections = [
        Choice(f"Collect on {spoken_day(day)} ({price(reason)})", f'/inform{{"return_method": "{collection(day)}"}}')
        for day in days
    ]
    return [*collections, Choice("Take it to a store (free)", f'/inform{{"return_method": "{STORE}"}}')]


def price(reason: ReturnReason) -> str:
    """What a collection costs, as customers read it."""
    return "free" if reason.ours else f"£{COLLECTION_PENCE // 100}"


def speaks_of_store(text: str) -> bool:
    """Whether the words mean a store, and nothing else."""
    return bool(_TO_A_STORE.search(text.lower())) and not _FROM_HOME.search(text.lower())


def speaks_of_collection(text: str) -> bool:
    """Whether the words mean a collection, without a day of its own."""
    return bool(_FROM_HOME.search(text.lower())) and not _TO_A_STORE.search(text.lower())


def pointed_at(text: str, offered: Sequence[str]) -> str | None:
    """The offered way that "the first one" or "the last" points at."""
    return read_place(text, offered)
