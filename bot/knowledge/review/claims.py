"""What a sentence states that another could contradict: amounts, shares, periods, times, dates and denials."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from bot.knowledge.index.words import stems_of

_COUNTED = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty"),
)
_NUMBER_WORDS: dict[str, float] = {
    **{word: number for number, word in enumerate(_COUNTED)},
    **{"thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "ninety": 90, "a": 1, "an": 1, "half": 0.5},
}
_NUMBER = rf"(?:\d[\d,]*(?:\.\d+)?|{'|'.join(sorted(_NUMBER_WORDS, key=len, reverse=True))})"
# Hours of a unit; a month is taken as 30 days and a year as twelve of them, so that "12 months" is "a year".
_UNITS = {"minute": 1 / 60, "hour": 1, "day": 24, "week": 168, "fortnight": 336, "month": 720, "year": 8640}
_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)

_MONEY = re.compile(
    r"([£€$])\s?(\d[\d,]*(?:\.\d+)?)|(\d[\d,]*(?:\.\d+)?) (pounds|euros|dollars|pence)\b", re.IGNORECASE
)
_SHARE = re.compile(rf"\b({_NUMBER}) ?(?:%|per cent\b|percent\b)", re.IGNORECASE)
_PERIOD = re.compile(
    rf"\b({_NUMBER})[ -](?:(working|business|calendar|full|whole|more|further)[ -])?"
    rf"({'|'.join(_UNITS)})s?\b",
    re.IGNORECASE,
)
_CLOCK = re.compile(
    r"\b(\d{1,2})(?:[.:](\d{2}))? ?([ap])\.?m\b|\b([01]?\d|2[0-3]):([0-5]\d)\b|\b(noon|midday|midnight)\b",
    re.IGNORECASE,
)
_DATE = re.compile(
    rf"\b(\d{{1,2}})(?:st|nd|rd|th)? ({'|'.join(_MONTHS)})(?: (\d{{4}}))?\b|\b(\d{{4}})-(\d{{2}})-(\d{{2}})\b",
    re.IGNORECASE,
)
_DENIAL = re.compile(r"\b(?:not|no|never|cannot|neither|nor|without|none|nobody)\b|n['\u2019]t\b", re.IGNORECASE)
_KINDS = ("amount", "share", "period", "working period", "time", "date")


@dataclass(frozen=True)
class Claims:
    """What one sentence states."""

    values: frozenset[tuple[str, str]]
    """(kind, value) with values written in one way: ``("period", "336")`` is two weeks, in hours."""
    denies: bool
    about: frozenset[str]
    """The stems of its other words that carry meaning."""


@lru_cache(maxsize=65536)
def claims_of(text: str) -> Claims:
    """Read a sentence; the same text gives the same claims."""
    values, rest = set(), text
    for pattern, read in ((_DATE, _date), (_MONEY, _money), (_SHARE, _share), (_PERIOD, _period), (_CLOCK, _clock)):
        values |= {read(found) for found in pattern.finditer(rest)}
        rest = pattern.sub(" ", rest)
    denials = len(_DENIAL.findall(rest))
    rest = _DENIAL.sub(" ", rest)
    return Claims(frozenset(values), denials % 2 == 1, frozenset(stems_of(rest)) - _COMMON)


def contradictions(one: Claims, other: Claims) -> Iterator[str]:
    """Yield each kind of claim in which two sentences about the same thing differ, the denial as ``negation``.

    Only what both state can differ, and a sentence that states more than the other does not contradict it.
    """
    for kind in _KINDS:
        first = {value for name, value in one.values if name == kind}
        second = {value for name, value in other.values if name == kind}
        if first and second and not (first <= second or second <= first):
            yield kind
    if one.denies != other.denies:
        yield "negation"


def _value(text: str) -> float:
    return float(_NUMBER_WORDS.get(text.lower(), 0) or text.replace(",", ""))


def _money(found: re.Match[str]) -> tuple[str, str]:
    number = float((found.group(2) or found.group(3)).replace(",", ""))
    unit = found.group(1) or {"p": "£", "e": "€", "d": "$"}[found.group(4)[0].lower()]
    return "amount", f"{unit}{number / 100 if (found.group(4) or '').lower() == 'pence' else number:g}"


def _share(found: re.Match[str]) -> tuple[str, str]:
    return "share", f"{_value(found.group(1)):g}"


def _period(found: re.Match[str]) -> tuple[str, str]:
    working = (found.group(2) or "").lower() in ("working", "business")
    return "working period" if working else "period", f"{_value(found.group(1)) * _UNITS[found.group(3).lower()]:g}"


def _clock(found: re.Match[str]) -> tuple[str, str]:
    if found.group(6):
        return "time", "0" if found.group(6).lower() == "midnight" else "720"
    if found.group(4):
        return "time", str(int(found.group(4)) * 60 + int(found.group(5)))
    hour = int(found.group(1)) % 12 + (12 if found.group(3).lower() == "p" else 0)
    return "time", str(hour * 60 + int(found.group(2) or 0))


def _date(found: re.Match[str]) -> tuple[str, str]:
    if found.group(4):
        return "date", f"{int(found.group(6))}.{int(found.group(5))}."
    return "date", f"{int(found.group(1))}.{_MONTHS.index(found.group(2).lower()) + 1}."


_COMMON = frozenset(
    stems_of(
        "a an the this that these those it its they them their there here we us our you your i my and or but if when "
        "while as at by for from in into of on onto to up with within after before until till than then so is are was "
        "were be been being am do does did have has had will would can could may might must shall should also only "
        "just about over under more most least up per each every any some all both either other another same such "
        "what which who whose how where why not no"
    )
)
