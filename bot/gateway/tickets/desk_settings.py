"""``desk.yml``: business hours, the queue's order, skills, and how long anybody waits in silence."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import holidays

from bot.setting_files import Section, read_document

FILE = "desk.yml"
PRIORITIES = ("urgent", "high", "normal", "low")
OUTSIDE_DESKS = ("none", "chatwoot", "webhooks")
GENERAL = "general"
"""The skill that everybody has."""

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

_SPAN = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)")
_WORD = re.compile(r"[a-z][a-z0-9_]{0,63}")


@dataclass(frozen=True)
class Span:
    """Open from one local time to another on the same day; ``end`` is None for midnight."""

    start: time
    end: time | None


@dataclass(frozen=True)
class DeskSettings:
    """What ``desk.yml`` says. Without a file somebody is always expected to be there."""

    timezone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    week: tuple[tuple[Span, ...], ...] = ((Span(time(0), None),),) * 7
    """Monday to Sunday."""
    country: str | None = None
    part: str | None = None
    also_closed: frozenset[date] = frozenset()
    head_start: Mapping[str, timedelta] = field(
        default_factory=lambda: {
            "urgent": timedelta(minutes=60),
            "high": timedelta(minutes=20),
            "normal": timedelta(),
            "low": timedelta(),
        }
    )
    any_skill_after: timedelta = timedelta(minutes=10)
    any_language_after: timedelta = timedelta(minutes=30)
    too_wide: float = 6
    skills: Mapping[str, str] = field(default_factory=dict)
    """The skill that an intent asks for."""
    agent_silent: timedelta = timedelta(minutes=10)
    agent_gone: timedelta = timedelta(minutes=2)
    customer_reminder: timedelta = timedelta(minutes=15)
    customer_close: timedelta = timedelta(minutes=30)
    callback_every: timedelta = timedelta(hours=1)
    callback_days: int = 7
    link_lasts: timedelta = timedelta(hours=24)
    tickets_per_visitor: int = 3
    """Open at once: one that waits, and two call-backs that were picked."""
    tickets_per_address: int = 10
    """Open at once. A household or an office where ten wait for a person at the same time is rare, and a place in the
    line is what a flood would take from everybody."""
    outside: str = "none"
    """The desk of another maker that takes the tickets: ``none``, ``chatwoot`` or ``webhooks``."""

    def skill_for(self, intent: str | None) -> str:
        """The skill that a wish asks for."""
        return self.skills.get(intent or "", GENERAL)


DEFAULT = DeskSettings()


def load_desk_settings(path: Path) -> DeskSettings:
    """Read ``desk.yml``, or the defaults where there is none; :class:`~bot.errors.SettingError` names all mistakes."""
    if not path.exists():
        return DEFAULT
    document = read_document(path, "It says when people answer.")
    read: dict[str, Any] = {}
    for name, reader in (
        ("hours", _hours),
        ("holidays", _holidays),
        ("line", _line),
        ("skills", _skills),
        ("silence", _silence),
        ("later", _later),
        ("limits", _limits),
        ("outside", _outside),
    ):
        section = document.section(name)
        if section is not None:
            read |= reader(section)
            section.finish()
    document.section("self_service")  # the company's actions read it (actions/shop/limits_file.py)
    document.finish()
    document.raise_if_wrong()
    return DeskSettings(**read)


def _hours(section: Section) -> dict[str, Any]:
    zone = section.parsed("timezone", ZoneInfo("UTC"), "a time zone like Europe/London", _zone)
    takes = "spans of local time like 08:00-18:00, the earlier time first"
    return {"timezone": zone, "week": tuple(section.texts(day, takes, _span) or () for day in DAYS)}


def _zone(text: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(text)
    except (KeyError, ValueError, OSError):
        return None


def _span(text: str) -> Span | None:
    match = _SPAN.fullmatch(text.strip())
    if match is None:
        return None
    first, last = (int(match[1]), int(match[2])), (int(match[3]), int(match[4]))
    if last > (24, 0) or last <= first:
        return None
    return Span(time(*first), None if last == (24, 0) else time(*last))


def _holidays(section: Section) -> dict[str, Any]:
    parts: list[str] = []

    def country_of(text: str) -> str | None:
        supported = holidays.list_supported_countries()
        parts.extend(supported.get(text, ()))
        return text if text in supported else None

    country = section.parsed("country", "", "a country as two letters, like GB", country_of)
    if section.is_sound("country"):
        takes = f"one of {', '.join(parts) or 'nothing: this country has no parts'}"
        part = section.parsed("part", "", takes, _one_of(parts))
    else:
        # Of a country that is not known nobody knows the parts.
        part = section.parsed("part", "", "the part of a country", lambda text: text or None)
    closed = section.texts("also_closed", "days like 2026-12-24", _day) or ()
    return {"country": country or None, "part": part or None, "also_closed": frozenset(closed)}


def _one_of(allowed: list[str]) -> Any:
    return lambda text: text if text in allowed else None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _line(section: Section) -> dict[str, Any]:
    starts = dict(DEFAULT.head_start)
    given = section.section("head_start")
    if given is not None:
        for priority in PRIORITIES:
            starts[priority] = given.parsed(priority, starts[priority], "minutes from 0 to 1440", _minutes_or_none)
        given.finish()
    return {
        "head_start": starts,
        "any_skill_after": _minutes(section, "any_skill_after", DEFAULT.any_skill_after),
        "any_language_after": _minutes(section, "any_language_after", DEFAULT.any_language_after),
        "too_wide": float(section.count("too_wide", int(DEFAULT.too_wide))),
    }


def _minutes_or_none(text: str) -> timedelta | None:
    return timedelta(minutes=int(text)) if text.isascii() and text.isdigit() and int(text) <= 1440 else None


def _skills(section: Section) -> dict[str, Any]:
    skills: dict[str, str] = {}
    for skill in list(section.keys()):
        if not _WORD.fullmatch(skill):
            section.refuse(skill, "a skill is one word in small letters.")
        for intent in section.texts(skill, "names of intents", lambda text: text or None) or ():
            skills[intent] = skill
    return {"skills": skills}


def _silence(section: Section) -> dict[str, Any]:
    return {
        "agent_silent": _minutes(section, "agent", DEFAULT.agent_silent),
        "agent_gone": _minutes(section, "agent_gone", DEFAULT.agent_gone),
        "customer_reminder": _minutes(section, "customer_reminder", DEFAULT.customer_reminder),
        "customer_close": _minutes(section, "customer_close", DEFAULT.customer_close),
    }


def _later(section: Section) -> dict[str, Any]:
    return {
        "callback_every": _minutes(section, "callback_every", DEFAULT.callback_every),
        "callback_days": section.count("callback_days", DEFAULT.callback_days),
        "link_lasts": timedelta(hours=section.count("link_hours", 24)),
    }


def _limits(section: Section) -> dict[str, Any]:
    visitor = section.count("tickets_per_visitor", DEFAULT.tickets_per_visitor)
    address = section.count("tickets_per_address", DEFAULT.tickets_per_address)
    if section.is_sound("tickets_per_visitor", "tickets_per_address") and address < visitor:
        wrong = "tickets_per_address" if section.names("tickets_per_address") else "tickets_per_visitor"
        section.refuse(wrong, f"tickets_per_address ({address}) must be at least tickets_per_visitor ({visitor}).")
    return {"tickets_per_visitor": visitor, "tickets_per_address": address}


def _outside(section: Section) -> dict[str, Any]:
    takes = f"one of {', '.join(OUTSIDE_DESKS)}"
    return {"outside": section.parsed("desk", DEFAULT.outside, takes, _one_of(list(OUTSIDE_DESKS)))}


def _minutes(section: Section, key: str, default: timedelta) -> timedelta:
    return timedelta(minutes=section.count(key, int(default.total_seconds() // 60)))
