"""What a country's customers write is read in its own way: CLDR says which, and nobody's country is the usual one."""

from __future__ import annotations

import pytest

from bot.errors import SettingError
from bot.nlu.countries import DAY_FIRST, MONTH_FIRST, country_of


@pytest.mark.parametrize(
    ("code", "orders"),
    [
        ("GB", [DAY_FIRST]),
        ("IE", [DAY_FIRST]),
        ("AU", [DAY_FIRST]),
        ("DE", [DAY_FIRST]),
        ("US", [MONTH_FIRST]),
        ("SE", [DAY_FIRST]),
        ("JP", [MONTH_FIRST]),
        ("CA", [DAY_FIRST, MONTH_FIRST]),
        ("ZA", [DAY_FIRST, MONTH_FIRST]),
    ],
)
def test_the_order_of_day_and_month_is_the_countrys(code: str, orders: list[str]) -> None:
    """Both where its languages disagree, or where English there is written otherwise than elsewhere."""
    assert list(country_of(code).orders) == orders


@pytest.mark.parametrize(
    ("code", "year_first", "dotted", "twelve_hours", "week_begins"),
    [
        ("GB", False, False, False, 0),
        ("IE", False, False, False, 0),
        ("US", False, False, True, 6),
        ("AU", False, False, True, 0),
        ("DE", False, True, False, 0),
        ("SE", True, False, False, 0),
    ],
)
def test_year_clock_and_week_are_the_countrys(
    code: str, year_first: bool, dotted: bool, twelve_hours: bool, week_begins: int
) -> None:
    """Each from CLDR, for English as it is written there where it is."""
    country = country_of(code)
    assert (country.year_first, country.dotted) == (year_first, dotted)
    assert (country.twelve_hours, country.week_begins) == (twelve_hours, week_begins)


def test_languages_come_by_their_speakers() -> None:
    """Of the country's people, not of the world's."""
    assert country_of("US").languages[:2] == ("en", "es")
    assert country_of("CH").languages[0] == "de"
    assert {"cy", "pl"} <= set(country_of("GB").languages)


@pytest.mark.parametrize("code", ["", "UK", "gb", "XX", "GBR", "../GB", "ZZ"])
def test_a_country_that_is_none_is_a_setting_error(code: str) -> None:
    """Whatever was typed in its place."""
    with pytest.raises(SettingError, match="two capitals"):
        country_of(code)
