"""Dates and times of day in what customers write, in the order of the company's country, always the coming one."""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.nlu.countries import DAY_FIRST, Country
from bot.nlu.entities.time_patterns import (
    ANSWER_AFTER,
    DATES,
    DATES_WITH_FULL_STOPS,
    DATES_WITH_YEAR_FIRST,
    DAYS,
    EASTER,
    GREETING_BEFORE,
    HINT,
    HOLIDAYS,
    HOURS,
    IN_THE_MORNING,
    LOWER,
    MISSPELT,
    ORDINALS,
    PAST,
    TIMES,
    TO_COME,
    WORD_NUMBERS,
)
from bot.nlu.reading.cap import readable
from bot.nlu.reading.places import Taken


@dataclass(frozen=True)
class Moment:
    """A date (ISO) or a time (``HH:MM``, ``morning``, ``afternoon``) and where it stands in the text."""

    name: str
    value: str
    start: int
    end: int


def moments_in(text: str, now: datetime, country: Country) -> tuple[Moment, ...]:
    """Return the dates and times of a text, left to right, without overlaps; ``now`` is local time.

    A date whose order is not clear is left out: 3/4 in a country where some write the day first and some the month.
    """
    read = readable(text)
    found = _moments_in(read.text, now, country)
    return tuple(Moment(each.name, each.value, *read.typed_span(each.start, each.end)) for each in found)


def _moments_in(text: str, now: datetime, country: Country) -> tuple[Moment, ...]:
    if not HINT.search(text):
        return ()
    taken = Taken(len(text))
    found: list[Moment] = []
    dates = (
        *(DATES_WITH_YEAR_FIRST if country.year_first else ()),
        *(DATES_WITH_FULL_STOPS if country.dotted else ()),
        *DATES,
    )
    for name, patterns in (("date", dates), ("time", TIMES)):
        for kind, pattern in patterns:
            for match in pattern.finditer(text):
                start, end = _span(match)
                if taken.touches(start, end):
                    continue
                if name == "date":
                    value = _date(kind, match, now.date(), text, country)
                else:
                    value = _time(kind, match, text, country)
                if value is not None:
                    taken.take(start, end)
                    found.append(Moment(name, value, start, end))
    return tuple(sorted(found, key=lambda moment: moment.start))


def _span(match: re.Match[str]) -> tuple[int, int]:
    """Return the expression's place without the words that only lead to it ("on", "or", "no,")."""
    names = match.groupdict()
    for lead in ("od", "wh", "hour", "ap", "fs"):
        if names.get(lead):
            return match.span(lead)
    start, end = match.span()
    while end > start and match.string[end - 1] in " ,":
        end -= 1
    return start, end


def _part(match: re.Match[str], *names: str) -> str:
    groups = match.groupdict()
    return next((groups[name] for name in names if groups.get(name)), "") or ""


def _date(kind: str, match: re.Match[str], today: date, text: str, country: Country) -> str | None:
    try:
        found = _day_meant(kind, match, today, text, country)
    except (ValueError, OverflowError):
        return None
    return found.isoformat() if found else None


def _day_meant(kind: str, match: re.Match[str], today: date, text: str, country: Country) -> date | None:
    fixed = {
        "today": 0,
        "tomorrow": 1,
        "after tomorrow": 2,
        "week tomorrow": 8,
        "fortnight": 14,
        "yesterday": -1,
        "before yesterday": -2,
    }
    if kind in fixed:
        return today + timedelta(days=fixed[kind])
    if kind in ("iso", "year first"):
        year, month, number = map(int, _NUMBERS.findall(match.group()))
        return date(year, month, number)
    if kind in ("in", "ago"):
        many = " ".join(_part(match, "n", "n2", "n3").lower().split())
        days = (WORD_NUMBERS.get(many) or int(many)) * (7 if _part(match, "u", "u2", "u3")[0] in "wW" else 1)
        return today + timedelta(days=-days if kind == "ago" else days)
    if kind == "number":
        return _coming_number(_number(_part(match, "on", "ow")), today)
    if kind == "holiday":
        day, month = HOLIDAYS[" ".join(re.sub("['\u2019]", "", match.group()).lower().split())]
        return date(_coming_year(day, month, today), month, day)
    if kind == "easter":
        return _coming_easter(EASTER[" ".join(match.group().lower().split())], today)
    if kind == "day with number":
        return _nearest_fit(_weekday(_part(match, "wn")), _number(_part(match, "dn")), today)
    if kind in ("named", "numeric"):
        found = _by_month(match, today) if kind == "named" else _in_numbers(match.group(), today, country)
        return _a_year_before(found) if found and found > today and _is_past(match, text) else found
    ahead = (_weekday(_part(match, *_WEEKDAYS)) - today.weekday()) % 7
    if kind == "this day":  # said on that day, it is today
        return today + timedelta(days=ahead)
    if kind == "last day":
        return today + timedelta(days=ahead - 7)
    coming = today + timedelta(days=ahead or 7)
    if kind == "weeks on day":
        weeks = _part(match, "nwk").lower()
        return coming + timedelta(days=7 * WORD_NUMBERS.get(weeks, int(weeks) if weeks.isdigit() else 1))
    if kind == "fortnight on day":
        return coming + timedelta(days=14)
    if kind in ("next day", "day next week"):
        begins = country.week_begins
        next_week = today + timedelta(days=7 - (today.weekday() - begins) % 7)
        return next_week + timedelta(days=(_weekday(_part(match, *_WEEKDAYS)) - begins) % 7)
    return coming


def _coming_easter(ahead: int, today: date) -> date:
    day = _easter_sunday(today.year) + timedelta(days=ahead)
    return day if day >= today else _easter_sunday(today.year + 1) + timedelta(days=ahead)


def _easter_sunday(year: int) -> date:
    """By the rule for the Gregorian calendar in Meeus, Astronomical Algorithms, chapter 8; 2027: 28 March."""
    a, (b, c) = year % 19, divmod(year, 100)
    (d, e), f = divmod(b, 4), (b + 8) // 25
    g = (b - f + 1) // 3
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)


_WEEKDAYS = ("wd", "wd2", "ft", "nd", "ndn", "nw", "nw2", "ld", "ldg", "td", "tdn", "od", "fd", "wa", "wh")


def _number(written: str) -> int:
    """Read ``24th`` or ``twenty-fourth``."""
    word = " ".join(written.lower().replace("-", " ").split())
    return ORDINALS.get(word) or int(re.sub(r"\D", "", word))


def _weekday(word: str) -> int:
    meant = MISSPELT.get(word.lower(), word.lower())
    return next(place for place, day in enumerate(DAYS) if day.startswith(meant[:3]))


_FARTHEST_FIT = 200
"""Days: each weekday falls on each number within half a year, but for the 29th to the 31st."""


def _nearest_fit(weekday: int, number: int, today: date) -> date | None:
    """Return the day nearest to today, behind or ahead, that has both; the coming one with the number when none has."""
    if not 1 <= number <= 31:
        return None
    for away in range(_FARTHEST_FIT):
        for day in (today + timedelta(days=away), today - timedelta(days=away)):
            if day.day == number and day.weekday() == weekday:
                return day
    return _coming_number(number, today)


_LONGEST_CLAUSE = 100
"""Characters on either side of a date in which its verb is looked for, some twenty words."""
_LONGEST_RANGE = 48
"""Characters before the second hour of "between half past nine and …", and before "good" in a greeting."""


def _is_past(match: re.Match[str], text: str) -> bool:
    """Whether the clause around a date tells of something that has happened, and of nothing to come."""
    if match.groupdict().get("y1") or match.groupdict().get("y2") or len(_NUMBERS.findall(match.group())) > 2:
        return False
    before = re.split(r"[.!?;]", text[max(0, match.start() - _LONGEST_CLAUSE) : match.start()])[-1]
    after = re.split(r"[.!?;,]", text[match.end() : match.end() + _LONGEST_CLAUSE], maxsplit=1)[0]
    return bool(PAST.search(f"{before} {after}")) and not TO_COME.search(f"{before} {after}")


def _a_year_before(day: date) -> date | None:
    try:
        return day.replace(year=day.year - 1)
    except ValueError:  # 29 February
        return None


def _coming_number(number: int, today: date) -> date | None:
    """Return the next day of a month that has this number, today included."""
    if not 1 <= number <= 31:
        return None
    year, month = today.year, today.month
    for _ in range(13):
        try:
            candidate = date(year, month, number)
        except ValueError:
            candidate = None
        if candidate and candidate >= today:
            return candidate
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return None


def _by_month(match: re.Match[str], today: date) -> date:
    """Read "2 December" and "December 2nd"; without a year it is the coming one."""
    day = _number(_part(match, "d1", "d2", "o1"))
    month = _MONTHS.index(_part(match, "m1", "m2", "m3")[:3].lower()) + 1
    year = _part(match, "y1", "y2")
    return date(_year(year) if year else _coming_year(day, month, today), month, day)


_NUMBERS = re.compile(r"\d+")
_YEARS_AWAY = 2
"""Nobody writes to a company of a day that is farther away, where the digits can be read in two ways."""


def _in_numbers(written: str, today: date, country: Country) -> date | None:
    """Read "02/12/26" in the country's order; without a year it is the coming one.

    Where there are several orders, the only one that gives a day, and a day not far from today; None where two do.
    """
    first, second, *years = _NUMBERS.findall(written)
    year = "".join(years)
    pairs = [(first, second) if order == DAY_FIRST else (second, first) for order in country.orders]
    if country.year_first and len(year) == len(first) == 2:
        return _the_one([*((day, month, year) for day, month in pairs), (year, second, first)], today)
    if len(pairs) > 1:
        return _the_one([(day, month, year) for day, month in pairs], today)
    ((day, month),) = pairs
    return _written_day(day, month, year, today)


def _the_one(readings: Iterable[tuple[str, str, str]], today: date) -> date | None:
    days = set()
    for reading in readings:
        with suppress(ValueError):
            days.add(_written_day(*reading, today))
    near = {day for day in days if abs(day.year - today.year) <= _YEARS_AWAY}
    return near.pop() if len(near) == 1 else None


def _written_day(day: str, month: str, year: str, today: date) -> date:
    coming = _coming_year(int(day), int(month), today)
    return date(_year(year) if year else coming, int(month), int(day))


_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def _year(written: str) -> int:
    """``2026`` or ``26``: nobody writes to us of another century."""
    return int(written) if len(written) == 4 else 2000 + int(written)


def _coming_year(day: int, month: int, today: date) -> int:
    return today.year if (month, day) >= (today.month, today.day) else today.year + 1


def _time(kind: str, match: re.Match[str], text: str, country: Country) -> str | None:
    if kind == "noon":
        return "12:00"
    if kind == "midnight":
        return "00:00"
    if kind in _PARTS_OF_DAY:
        return _PARTS_OF_DAY[kind]
    if kind == "half of day":
        return "morning" if _part(match, "ap")[0] in "aA" else "afternoon"
    if kind == "upper" and not LOWER.search(_just_before(match, text)):
        return None
    if kind == "part":
        return None if _greets(match, text) else _part(match, "part").lower().rstrip("s")
    word = _part(match, "h", "hour").lower()
    hour = HOURS.get(word) or int(word)
    minute = int(_part(match, "m") or 0)
    exact = kind == "clock" and bool(_part(match, "m")) and not _part(match, "half")
    if exact and country.twelve_hours:
        exact = word.startswith("0") or hour > 12 or IN_THE_MORNING.match(text, match.end()) is not None
    if not exact:
        hour = _on_the_day(hour, _part(match, "half").lower(), _part(match, "part").lower())
    minute += {"half past": 30, "quarter past": 15, "quarter to": -15}.get(kind, 0)
    if kind == "past":
        minutes = _MINUTES[_part(match, "n").lower().replace("-", " ")]
        minute = minutes if _part(match, "way").lower() == "past" else -minutes
    total = (hour * 60 + minute) % (24 * 60)
    return f"{total // 60:02d}:{total % 60:02d}"


_PARTS_OF_DAY = {"after lunch": "afternoon", "first thing": "morning"}
_MINUTES = {"five": 5, "ten": 10, "twenty": 20, "twenty five": 25, "5": 5, "10": 10, "20": 20, "25": 25}


def _on_the_day(hour: int, half: str, part: str) -> int:
    """Turn an hour of the clock face into one of 24: of itself 7 to 12 is by day, 1 to 6 in the afternoon."""
    if half == "a" or part == "morning":
        return hour % 12
    if half == "p" or part in ("afternoon", "evening") or 1 <= hour <= 6:
        return hour % 12 + 12
    return hour


def _greets(match: re.Match[str], text: str) -> bool:
    if GREETING_BEFORE.search(_just_before(match, text)):
        return True
    return not text[: match.start()].strip() and not ANSWER_AFTER.match(text, match.end())


def _just_before(match: re.Match[str], text: str) -> str:
    return text[max(0, match.start() - _LONGEST_RANGE) : match.start()]
