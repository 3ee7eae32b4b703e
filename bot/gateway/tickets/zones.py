"""In whose time zone a customer is told a time: their own where their page says it, else the desk's, by its name."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from bot.gateway.conversations.tables import Conversation
from bot.wording.moments import City
from bot.wording.sentences import Wording, wording

ATTRIBUTE = "timezone"
"""The customer's attribute that holds the name of their zone (IANA, https://www.iana.org/time-zones)."""

LONGEST_NAME = 64
"""Characters; the longest name in use has 32."""


def known(name: str | None) -> str | None:
    """The name of a zone, if it is one that this machine knows; a page may say anything."""
    return name if name in _names() else None


def zone_of(conversation: Conversation | None) -> ZoneInfo | None:
    """The customer's zone; none where nobody has said it, as in a messenger."""
    attributes = {} if conversation is None else conversation.customer.get("attributes") or {}
    name = known(attributes.get(ATTRIBUTE)) if isinstance(attributes.get(ATTRIBUTE), str) else None
    return None if name is None else ZoneInfo(name)


def called(zone: ZoneInfo, at: datetime) -> Wording | str:
    """A zone as people call it: ``London time``, ``New York time``; by its distance from UTC where it has no place."""
    area, _, _place = zone.key.rpartition("/")
    if area and not area.startswith("Etc"):
        return wording("time.zone", city=City(zone.key))
    return from_utc(at.astimezone(zone))


def from_utc(local: datetime) -> str:
    """How far from UTC a local time is: ``UTC``, ``UTC+01:00``."""
    offset = local.utcoffset() or timedelta()
    minutes = abs(offset) // timedelta(minutes=1)
    sign = "+" if offset >= timedelta() else "-"
    return "UTC" if not minutes else f"UTC{sign}{minutes // 60:02}:{minutes % 60:02}"


@cache
def _names() -> frozenset[str]:
    # It reads a folder tree each time.
    return frozenset(available_timezones())
