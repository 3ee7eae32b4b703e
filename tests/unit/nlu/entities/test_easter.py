"""Holidays that move with Easter are days of their own, and no Friday of next week."""

from __future__ import annotations

from datetime import datetime

import pytest

from bot.nlu.countries import country_of
from bot.nlu.entities.times import moments_in

NOVEMBER, EASTER_EVE = datetime(2026, 11, 28), datetime(2027, 3, 27)


@pytest.mark.parametrize(
    ("text", "now", "day"),
    [
        ("can he come on good friday", NOVEMBER, "2027-03-26"),
        ("Easter Monday please", NOVEMBER, "2027-03-29"),
        ("easter  sunday", EASTER_EVE, "2027-03-28"),
        ("good friday", EASTER_EVE, "2028-04-14"),
        ("friday is good", NOVEMBER, "2026-12-04"),
        ("good, friday then", NOVEMBER, "2026-12-04"),
    ],
)
def test_the_coming_one_is_meant(text: str, now: datetime, day: str) -> None:
    """This year's, or next year's once it is over; a good Friday that is only good is Friday."""
    assert [moment.value for moment in moments_in(text, now, country_of("GB"))] == [day]
