"""When people answer: business hours in the company's own time zone, public holidays and other closed days."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta, timezone
from functools import cache
from zoneinfo import ZoneInfo

import holidays

from bot.gateway.tickets import zones
from bot.gateway.tickets.desk_settings import DeskSettings, Span
from bot.wording.moments import Clock, Day
from bot.wording.sentences import Wording, wording

# Nobody promises a time further ahead; a desk that opens later than this has no hours at all.
FURTHEST = timedelta(days=31)


def is_open(settings: DeskSettings, at: datetime) -> bool:
    """Whether the desk is open at a moment."""
    local = at.astimezone(settings.timezone)
    # A span that ends at midnight belongs to its day alone; the next day has its own.
    return any(start <= at < end for start, end in _opening(settings, local.date()))


def next_open(settings: DeskSettings, at: datetime) -> datetime | None:
    """The moment itself when the desk is open then, else when it opens next; none when it does not open at all."""
    local = at.astimezone(settings.timezone).date()
    for days in range(FURTHEST.days + 1):
        for start, end in _opening(settings, local + timedelta(days=days)):
            if end > at:
                return max(start, at)
    return None


def closes_at(settings: DeskSettings, at: datetime) -> datetime | None:
    """When the desk that is open now closes; none when it is closed."""
    local = at.astimezone(settings.timezone).date()
    return next((end for start, end in _opening(settings, local) if start <= at < end), None)


def open_between(settings: DeskSettings, start: datetime, end: datetime) -> timedelta:
    """How much of the time between two moments the desk was open."""
    total = timedelta()
    day = start.astimezone(settings.timezone).date()
    while day <= end.astimezone(settings.timezone).date():
        for opens, closes in _opening(settings, day):
            total += max(timedelta(), min(end, closes) - max(start, opens))
        day += timedelta(days=1)
    return total


def times_to_pick(settings: DeskSettings, now: datetime, most: int) -> list[datetime]:
    """The next times for a call-back: on the grid of ``callback_every``, while open, from one step ahead."""
    picked: list[datetime] = []
    local = now.astimezone(settings.timezone).date()
    earliest = now + settings.callback_every / 2
    for days in range(settings.callback_days + 1):
        for start, end in _opening(settings, local + timedelta(days=days)):
            at = start
            while at < end:
                if at >= earliest:
                    picked.append(at)
                at += settings.callback_every
    return _spread(picked, most)


def spoken(settings: DeskSettings, at: datetime, now: datetime, theirs: ZoneInfo | None = None) -> Wording:
    """A moment as people say it, with its zone: ``today at 14:00 (London time)``, ``Monday 9 March at 09:00``.

    In the customer's own zone where it is known, which needs naming only where the desk's clock shows another time.
    """
    said = spoken_bare(settings, at, now, theirs)
    if theirs is None:
        return wording("time.with_zone", time=said, zone=zones.called(settings.timezone, at))
    same = at.astimezone(theirs).utcoffset() == at.astimezone(settings.timezone).utcoffset()
    return said if same else wording("time.your_time", time=said)


def spoken_bare(settings: DeskSettings, at: datetime, now: datetime, theirs: ZoneInfo | None = None) -> Wording:
    """The same without the name of the zone, for buttons below a sentence that names it."""
    zone = theirs or settings.timezone
    local, today = at.astimezone(zone), now.astimezone(zone).date()
    # The hour that comes twice when summer time ends.
    twice = local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
    clock = Clock(local.time(), zones.from_utc(local) if twice else "")
    if local.date() == today:
        return wording("time.today", clock=clock)
    if local.date() == today + timedelta(days=1):
        return wording("time.tomorrow", clock=clock)
    return wording("time.day", day=Day(local.date()), clock=clock)


def _spread(times: list[datetime], most: int) -> list[datetime]:
    """The first two, then some further apart: near times for the hurried, other days for the busy."""
    if len(times) <= most:
        return times
    near = times[: most // 2]
    rest = times[len(near) :]
    step = len(rest) // (most - len(near))
    return near + rest[step - 1 :: step][: most - len(near)]


def _opening(settings: DeskSettings, day: date) -> Iterator[tuple[datetime, datetime]]:
    """The spans of a day as moments in UTC; a time that summer time skips is the one after it."""
    if day in settings.also_closed or day in _public(settings.country, settings.part, day.year):
        return
    for span in settings.week[day.weekday()]:
        start, end = _moment(settings, day, span.start), _end(settings, day, span)
        if end > start:
            yield start, end


def _end(settings: DeskSettings, day: date, span: Span) -> datetime:
    if span.end is None:
        return _moment(settings, day + timedelta(days=1), time(0))
    return _moment(settings, day, span.end)


def _moment(settings: DeskSettings, day: date, at: time) -> datetime:
    return datetime.combine(day, at, settings.timezone).astimezone(timezone.utc)


@cache
def _public(country: str | None, part: str | None, year: int) -> frozenset[date]:
    if country is None:
        return frozenset()
    return frozenset(holidays.country_holidays(country, subdiv=part, years=year))
