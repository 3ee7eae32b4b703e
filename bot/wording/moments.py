"""Days, times and cities as each language writes them (Unicode CLDR, by Babel)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time

from babel import Locale
from babel.dates import format_date, format_time

ENGLISH = "en"

# A day without its year, in full: CLDR has a pattern for it in few languages only.
_DAYS: Mapping[str, str] = {
    "de": "EEEE, d. MMMM",
    "es": "EEEE d 'de' MMMM",
    "pt": "EEEE, d 'de' MMMM",
    "zh": "M月d日EEEE",
}
_DAY = "EEEE d MMMM"
# The same in every country that speaks it, and never taken for the morning.
_ENGLISH_CLOCK = "HH:mm"


@dataclass(frozen=True)
class Day:
    """A day of this year or the next: ``Tuesday 24 November``."""

    day: date

    def said(self, locale: Locale) -> str:
        """The day in words."""
        return format_date(self.day, _DAYS.get(locale.language, _DAY), locale=locale)


@dataclass(frozen=True)
class Clock:
    """A time of day: ``14:00``; ``offset`` (``UTC+01:00``) where the hour comes twice."""

    at: time
    offset: str = ""

    def said(self, locale: Locale) -> str:
        """The time in digits."""
        shown = format_time(self.at, _ENGLISH_CLOCK if locale.language == ENGLISH else "short", locale=locale)
        return f"{shown} {self.offset}".rstrip()


@dataclass(frozen=True)
class City:
    """The city after which a time zone is called (``Europe/Vienna``): ``Vienna``, ``Wien``."""

    zone: str

    def said(self, locale: Locale) -> str:
        """The city's name in the language; as the zone has it where the language has no other."""
        names: Mapping[str, str] = locale.time_zones.get(self.zone, {})
        return names.get("city") or self.zone.rpartition("/")[2].replace("_", " ")
