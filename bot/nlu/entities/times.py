"""Dates and times of day in what customers write, in British order, always the coming one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.nlu.entities.time_patterns import (
    ANSWER_AFTER,
    DATES,
    DAYS,
    EASTER,
    GREETING_BEFORE,
    HINT,
    HOLIDAYS,
    HOURS,
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


def moments_in(text: str, now: datetime) -> tuple[Moment, ...]:
    """Return the dates and times of a text, left to right, without overlaps; ``now`` is local time."""
    read = readable(text)
    found = _moments_in(read.text, now)
    return tuple(Moment(each.name, each.value, *read.typed_span(each.start, each.end)) for each in found)


def _moments_in(text: str, now: datetime) -> tuple[Moment, ...]:
    if not HINT.search(text):
        return ()
    taken = Taken(len(text))
    found: list[Moment] = []
    for name, patterns in (("date", DATES), ("time", TIMES)):
        for kind, pattern in patterns:
            for match in pattern.finditer(text):
                start, end = _span(match)
                if taken.touches(start, end):
                    continue
                value = _date(kind, match, now.date(), text) if name == "date" else _time(kind, match, text)
                if value is not None:
                    taken.take(start, end)
                    found.append(Moment(name, value, start, end))
    return tuple(sorted(found, key=lambda moment: moment.start))


def _span(match: re.Match[str]) -> tuple[int, int]:
    """Return the expression's place without the words that only lead to it ("on", "or", "no,")."""
    names = match.groupdict()
    for lead in ("od", "wh", "hour", "ap"):
        if names.get(lead):
            return match.span(lead)
    start, end = match.span()
    while end > start and match.string[end - 1] in " ,":
        end -= 1
    return start, end


def _part(match: re.Match[str], *names: str) -> str:
    groups = match.groupdict()
    return next((groups[name] for name in names if groups.get(name)), "") or ""


def _date(kind: str, match: re.Match[str], today: date, text: str) -> str | None:
    try:
        found = _day_meant(kind, match, today, text)
    except (ValueError, OverflowError):
        return None
    return found.isoformat() if found else None


def _day_meant(kind: str, match: re.Match[str], today: date, text: str) -> date | None:
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
    if kind == "iso":
        return date.fromisoformat(match.group())
    if kind in ("in", "ago"):
        number = _part(match, "n", "n2", "n3").lower()
        number = " ".join(number.split())
        days = (WORD_NUMBERS.get(number) or int(number)) * (7 if _part(match, "u", "u2", "u3")[0] in "wW" else 1)
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
        found = _written_out(kind, match, today)
        return _a_year_before(found) if found > today and _is_past(match, text) else found
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
    if kind in ("next day", "day next week"):  # of next week, the week beginning on Monday
        return today + timedelta(days=7 - today.weekday() + _weekday(_part(match, *_WEEKDAYS)))
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
    if match.groupdict().get("y1") or match.groupdict().get("y2") or len(re.split(r"[/.-]", match.group())) > 2:
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


def _written_out(kind: str, match: re.Match[str], today: date) -> date:
    """Read "2 December" and "02/12/26", day before month; without a year it is the coming one."""
    if kind == "named":
        day = _number(_part(match, "d1", "d2", "o1"))
        month = _MONTHS.index(_part(match, "m1", "m2", "m3")[:3].lower()) + 1
        year = _part(match, "y1", "y2")
    else:
        written_day, written_month, *years = re.split(r"[/.-]", match.group())
        day, month, year = int(written_day), int(written_month), "".join(years)
    return date(_year(year) if year else _coming_year(day, month, today), month, day)


_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def _year(written: str) -> int:
    """``2026`` or ``26``: nobody writes to us of another century."""
    return int(written) if len(written) == 4 else 2000 + int(written)


def _coming_year(day: int, month: int, today: date) -> int:
    return today.year if (month, day) >= (today.month, today.day) else today.year + 1


def _time(kind: str, match: re.Match[str], text: str) -> str | None:
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
