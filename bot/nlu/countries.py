"""What differs from country to country in what customers write: the order of dates, the clock, the week, the languages.

All of it is read from the Common Locale Data Repository (Unicode CLDR, by babel), for the country's official languages
and for English as it is written there, because customers write English to us. Nothing here is about one country.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from babel import Locale
from babel.core import UnknownLocaleError
from babel.languages import get_official_languages, get_territory_language_info

from bot.errors import SettingError

DAY_FIRST = "day first"
MONTH_FIRST = "month first"

# The parts of a date in a CLDR pattern such as "dd/MM/y"; what stands in quotes is text.
_PARTS = re.compile(r"'[^']*'|[yMLd]+")
_ENGLISH_ANYWHERE = "en_001"
"""CLDR's English of no country in particular."""
_FEWEST_SPEAKERS = 0.5
"""Per cent of a country's people: CLDR counts languages of a few villages, too."""


@dataclass(frozen=True)
class Country:
    """A country's conventions; ``code`` is its ISO 3166 code, such as ``NZ``."""

    code: str
    orders: tuple[str, ...]
    """What 3/4 may mean: ``day first``, ``month first``, or both where the country's languages disagree."""
    year_first: bool
    """Whether dates with a year begin with it: 2026-12-03."""
    dotted: bool
    """Whether day and month are written with full stops: 24.12."""
    twelve_hours: bool
    """Whether the clock has twelve hours, so that 3:30 alone is more likely in the afternoon."""
    week_begins: int
    """The first day of the week: 0 is Monday, 6 is Sunday."""
    languages: tuple[str, ...]
    """What is spoken there (ISO 639), by the most speakers."""


@lru_cache(maxsize=32)
def country_of(code: str) -> Country:
    """Return a country's conventions; a code that is none is a :class:`SettingError`."""
    spoken = get_territory_language_info(code) if re.fullmatch("[A-Z]{2}", code) else {}
    locales = list(_locales(code))
    if not spoken or not locales:
        raise SettingError(f"The country {code!r} is unknown: write its code in two capitals (ISO 3166), such as NZ.")
    # Customers write English: its clock and week where CLDR has it for the country, else those of its first language.
    written = next((one for one in locales if one.language == "en"), locales[0])
    share = {language: float(about["population_percent"] or 0) for language, about in spoken.items()}
    by_speakers = sorted(share, key=lambda language: -share[language])
    return Country(
        code=code,
        orders=tuple(sorted({order for one in locales for order in _orders(one)})),
        year_first=all(_parts(_short(one))[0] == "y" for one in locales if one.language == locales[0].language),
        dotted="." in _day_and_month(locales[0]),
        twelve_hours="a" in str(written.time_formats["short"].pattern),
        week_begins=int(written.first_week_day),
        # "zh_Hant" is Chinese, however it is written.
        languages=tuple(dict.fromkeys(one.split("_")[0] for one in by_speakers if share[one] >= _FEWEST_SPEAKERS)),
    )


def _locales(code: str) -> Iterator[Locale]:
    """The country's official languages as they are written there, the one of most people first, and English."""
    for language in dict.fromkeys((*get_official_languages(code, de_facto=True), "en")):
        try:
            yield Locale.parse(f"{language}_{code}")
        except (UnknownLocaleError, ValueError):
            continue


def _orders(locale: Locale) -> Iterator[str]:
    """The order of day and month in a language.

    Where dates begin with the year, the short form without it counts, as it is written in the country and elsewhere: of
    such a country CLDR's order alone does not say what a customer means by 3/4.
    """
    if _parts(_short(locale))[0] != "y":
        yield _order(_short(locale))
        return
    yield _order(_day_and_month(locale))
    yield _order(_day_and_month(Locale.parse(_ENGLISH_ANYWHERE if locale.language == "en" else locale.language)))


def _order(pattern: str) -> str:
    parts = _parts(pattern)
    return DAY_FIRST if parts.index("d") < parts.index("M") else MONTH_FIRST


def _parts(pattern: str) -> list[str]:
    return [part[0].replace("L", "M") for part in _PARTS.findall(pattern) if part[0] != "'"]


def _short(locale: Locale) -> str:
    return str(locale.date_formats["short"].pattern)


def _day_and_month(locale: Locale) -> str:
    return str(locale.datetime_skeletons["Md"])
