"""Dates and times of day in what customers write, in British order, always the coming one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DAY_WORDS = (
    r"mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday|s)?|thu(?:r(?:s(?:day)?)?)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?"
)
_FULL_DAYS = "|".join(_DAYS)
# "sat" and "sun" are words of their own, "wed" nearly: short forms count only after a word that makes them days, or
# as the whole message.
_DAY = rf"(?:{_FULL_DAYS})"
_LED_DAY = rf"(?:{_DAY_WORDS})"
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)"
)
_NUMBER = r"(?:\d{1,2}|an?|one|two|three|four|five|six|seven)"
_WORD_NUMBERS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7}
_ORDINAL = r"\d{1,2}(?:st|nd|rd|th)"

# A bare "the 24th" is a date only where a date may end; "the 4th floor" and "my 2nd order" are not.
_ENDS = (
    r"(?=\s*(?:$|[.,;:!?)]|(?:at|in|for|from|or|and|if|not|please|pls|plz|would|is|was|works?|suits?|then|instead|"
    r"ideally|thanks|morning|afternoon|between|before|after|around|about|by|\d{1,2}\s*[ap]m)\b))"
)

_DATE_PATTERNS: tuple[tuple[str, str], ...] = (
    ("iso", r"\b\d{4}-\d{2}-\d{2}\b"),
    ("numeric", r"(?<![\d/.-])\d{1,2}[/.]\d{1,2}[/.](?:\d{4}|\d{2})(?![\d/.-])"),
    ("numeric", r"(?<![\d/.-])(?!24/7)\d{1,2}/\d{1,2}(?![\d/.-])"),  # 24/7 is "always"
    (
        "named",
        rf"\b(?:(?:{_LED_DAY}),?\s+)?(?:the\s+)?(?P<d1>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?"
        rf"(?P<m1>{_MONTH})\b\.?(?:,?\s+(?P<y1>20\d\d)\b)?",
    ),
    (
        "named",
        rf"\b(?:(?:{_LED_DAY}),?\s+)?(?P<m2>{_MONTH})\.?\s+(?:the\s+)?(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?\b(?!\s*[ap]m\b|:\d)"
        rf"(?:,?\s+(?P<y2>20\d\d)\b)?",
    ),
    ("after tomorrow", r"\b(?:the\s+)?day\s+after\s+tom+or+ow\b"),
    ("before yesterday", r"\b(?:the\s+)?day\s+before\s+yesterday\b"),
    ("week tomorrow", r"\b(?:a|1|one)\s+week\s+tom+or+ow\b"),
    ("tomorrow", r"\b(?:tom+or+ow|tmrw|tmr|tmw|2moro|2morrow)\b"),
    ("today", r"\b(?:today|2day)\b"),
    ("today", r"\bthis(?=\s+(?:morning|afternoon)\b)"),
    ("yesterday", r"\byesterday\b"),
    ("weeks on day", rf"\b(?:a|1|one)\s+week\s+(?:on|from|this)\s+(?P<wd>{_LED_DAY})\b"),
    ("weeks on day", rf"\b(?P<wd2>{_LED_DAY})\s+week\b"),
    ("in", rf"\bin\s+(?P<n>{_NUMBER})\s+(?P<u>days?|weeks?)(?:['\u2019]s?)?(?:\s+time)?\b"),
    ("in", rf"\b(?P<n2>{_NUMBER})\s+(?P<u2>days?|weeks?)\s+(?:from\s+(?:now|today)|today)\b"),
    ("ago", rf"\b(?P<n3>{_NUMBER})\s+(?P<u3>days?|weeks?)\s+ago\b"),
    ("next day", rf"\bnext\s+(?P<nd>{_LED_DAY})\b"),
    ("last day", rf"\blast\s+(?P<ld>{_LED_DAY})\b"),
    ("this day", rf"\b(?:this(?:\s+coming)?|coming)\s+(?P<td>{_LED_DAY})\b"),
    ("day with number", rf"\b(?:{_LED_DAY}),?\s+(?:the\s+)?(?P<dn>{_ORDINAL})\b"),
    ("day", rf"\b(?:on|by|for|until|till|or|and|not|no,?|make\s+it)\s+(?P<od>{_LED_DAY})\b{_ENDS}"),
    ("day", rf"\b(?P<fd>{_DAY})\b"),
    ("day", rf"^\W*(?P<wh>{_LED_DAY})\W*(?:please|pls|plz|then|instead)?\W*$"),
    ("number", rf"\b(?:the\s+)?(?P<on>{_ORDINAL})\b{_ENDS}"),
)
_DATES = tuple((kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in _DATE_PATTERNS)

_HOURS = {
    name: hour
    for hour, name in enumerate(
        ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"), start=1
    )
}
_HOUR = rf"(?:1[0-2]|0?[1-9]|{'|'.join(_HOURS)})"
_PARTS = r"(?:\s*(?P<half>[ap])\.?m\b\.?|\s*(?:in\s+the\s+)?(?P<part>morning|afternoon|evening)\b)"
_TIME_PATTERNS: tuple[tuple[str, str], ...] = (
    ("clock", r"(?<![\d:.])(?P<h>1[0-2]|0?[1-9])(?:[:.](?P<m>[0-5]\d))?\s*(?P<half>[ap])\.?m\b\.?"),
    ("clock", r"(?<![\d:.£$€])(?P<h>2[0-3]|1\d|0?\d):(?P<m>[0-5]\d)(?![\d:])"),
    ("half past", rf"\bhalf\s+(?:past\s+)?(?P<h>{_HOUR})\b(?:{_PARTS})?"),
    ("quarter past", rf"\bquarter\s+past\s+(?P<h>{_HOUR})\b(?:{_PARTS})?"),
    ("quarter to", rf"\bquarter\s+to\s+(?P<h>{_HOUR})\b(?:{_PARTS})?"),
    ("clock", rf"\b(?P<h>{_HOUR})\s*o\s?['\u2019]?\s?clock\b(?:{_PARTS})?"),
    (
        "clock",
        rf"\b(?:at|around|about|after|before|by)\s+(?P<h>{_HOUR})\b"
        r"(?=\s*(?:$|[.,;!?)]|(?:please|pls|if|or|on|then|instead)\b))",
    ),
    ("noon", r"\b(?:noon|midday)\b"),
    ("midnight", r"\bmidnight\b"),
    ("part", r"\b(?P<part>mornings?|afternoons?)\b"),
)
_TIMES = tuple((kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in _TIME_PATTERNS)

# "Good morning" and "Morning!" greet; "morning please" answers the question when.
_GREETING_BEFORE = re.compile(r"\bgood\s+$", re.IGNORECASE)
_ANSWER_AFTER = re.compile(
    r"^\s*[.!?]*\s*(?:$|(?:is|please|pls|plz|would|works?|suits?|if|or|on|of|for|then|slots?|appointments?|ideally|"
    r"preferably|best|only|fine|tomorrow|would)\b)",
    re.IGNORECASE,
)

# A message without any of these holds no date and no time; the test costs microseconds.
_HINT = re.compile(
    r"\d|mon|tue|wed|thu|fri|sat|sun|day|to?m|tmr|tmw|2m|week|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
    r"|morning|afternoon|noon|midnight|clock|half|quarter|\b(?:at|around|about|after|before|by)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Moment:
    """A date (ISO) or a time (``HH:MM``, ``morning``, ``afternoon``) and where it stands in the text."""

    name: str
    value: str
    start: int
    end: int


def moments_in(text: str, now: datetime) -> tuple[Moment, ...]:
    """Return the dates and times of a text, left to right, without overlaps; ``now`` is local time."""
    if not _HINT.search(text):
        return ()
    found: list[Moment] = []
    for name, patterns in (("date", _DATES), ("time", _TIMES)):
        for kind, pattern in patterns:
            for match in pattern.finditer(text):
                start, end = _span(match)
                if any(start < other.end and other.start < end for other in found):
                    continue
                value = _date(kind, match, now.date()) if name == "date" else _time(kind, match, text)
                if value is not None:
                    found.append(Moment(name, value, start, end))
    return tuple(sorted(found, key=lambda moment: moment.start))


def _span(match: re.Match[str]) -> tuple[int, int]:
    """Return the expression's place without the words that only lead to it ("on", "or", "no,")."""
    names = match.groupdict()
    for lead in ("od", "wh"):
        if names.get(lead):
            return match.span(lead)
    start, end = match.span()
    while end > start and match.string[end - 1] in " ,":
        end -= 1
    return start, end


def _part(match: re.Match[str], *names: str) -> str:
    groups = match.groupdict()
    return next((groups[name] for name in names if groups.get(name)), "") or ""


def _date(kind: str, match: re.Match[str], today: date) -> str | None:
    try:
        found = _day_meant(kind, match, today)
    except (ValueError, OverflowError):
        return None
    return found.isoformat() if found else None


def _day_meant(kind: str, match: re.Match[str], today: date) -> date | None:
    fixed = {
        "today": 0,
        "tomorrow": 1,
        "after tomorrow": 2,
        "week tomorrow": 8,
        "yesterday": -1,
        "before yesterday": -2,
    }
    if kind in fixed:
        return today + timedelta(days=fixed[kind])
    if kind == "iso":
        return date.fromisoformat(match.group())
    if kind in ("in", "ago"):
        number = _part(match, "n", "n2", "n3").lower()
        days = (_WORD_NUMBERS.get(number) or int(number)) * (7 if _part(match, "u", "u2", "u3")[0] in "wW" else 1)
        return today + timedelta(days=-days if kind == "ago" else days)
    if kind in ("number", "day with number"):
        return _coming_number(int(re.sub(r"\D", "", _part(match, "on", "dn"))), today)
    if kind in ("named", "numeric"):
        return _written_out(kind, match, today)
    ahead = (_weekday(_part(match, "wd", "wd2", "nd", "ld", "td", "od", "fd", "wh")) - today.weekday()) % 7
    if kind == "this day":  # said on that day, it is today
        return today + timedelta(days=ahead)
    if kind == "last day":
        return today + timedelta(days=ahead - 7)
    coming = today + timedelta(days=ahead or 7)
    if kind == "weeks on day":
        return coming + timedelta(days=7)
    if kind == "next day":  # of next week, the week beginning on Monday
        return today + timedelta(days=7 - today.weekday() + _weekday(_part(match, "nd")))
    return coming


def _weekday(word: str) -> int:
    return next(place for place, day in enumerate(_DAYS) if day.startswith(word.lower()[:3]))


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


def _written_out(kind: str, match: re.Match[str], today: date) -> date | None:
    """Read "2 December" and "02/12" with dateparser; without a year it is the coming one."""
    import dateparser

    if kind == "named":
        year = _part(match, "y1", "y2")
        text = f"{int(_part(match, 'd1', 'd2'))} {_part(match, 'm1', 'm2')[:3]} {year or _year(match, today)}"
    else:
        parts = re.split(r"[/.]", match.group())
        text = "/".join(parts if len(parts) == 3 else [*parts, str(_numeric_year(parts, today))])
    settings: dict[str, Any] = {"DATE_ORDER": "DMY", "PREFER_DATES_FROM": "future", "STRICT_PARSING": True}
    settings["RELATIVE_BASE"] = datetime(today.year, today.month, today.day)
    found = dateparser.parse(text, languages=["en"], settings=settings)
    return found.date() if found else None


_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def _year(match: re.Match[str], today: date) -> int:
    month = _MONTHS.index(_part(match, "m1", "m2")[:3].lower()) + 1
    return _coming_year(int(_part(match, "d1", "d2")), month, today)


def _numeric_year(parts: list[str], today: date) -> int:
    return _coming_year(int(parts[0]), int(parts[1]), today)


def _coming_year(day: int, month: int, today: date) -> int:
    return today.year if (month, day) >= (today.month, today.day) else today.year + 1


def _time(kind: str, match: re.Match[str], text: str) -> str | None:
    if kind == "noon":
        return "12:00"
    if kind == "midnight":
        return "00:00"
    if kind == "part":
        return None if _greets(match, text) else _part(match, "part").lower().rstrip("s")
    word = _part(match, "h").lower()
    hour = _HOURS.get(word) or int(word)
    minute = int(_part(match, "m") or 0)
    exact = kind == "clock" and bool(_part(match, "m")) and not _part(match, "half")
    if not exact:
        hour = _on_the_day(hour, _part(match, "half").lower(), _part(match, "part").lower())
    minute += {"half past": 30, "quarter past": 15, "quarter to": -15}.get(kind, 0)
    total = (hour * 60 + minute) % (24 * 60)
    return f"{total // 60:02d}:{total % 60:02d}"


def _on_the_day(hour: int, half: str, part: str) -> int:
    """Turn an hour of the clock face into one of 24: of itself 7 to 12 is by day, 1 to 6 in the afternoon."""
    if half == "a" or part == "morning":
        return hour % 12
    if half == "p" or part in ("afternoon", "evening") or 1 <= hour <= 6:
        return hour % 12 + 12
    return hour


def _greets(match: re.Match[str], text: str) -> bool:
    if _GREETING_BEFORE.search(text[: match.start()]):
        return True
    return not text[: match.start()].strip() and not _ANSWER_AFTER.match(text[match.end() :])
