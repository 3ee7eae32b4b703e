"""Every point in time from outside is bounded and in UTC (X18)."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.untrusted.moments import EARLIEST, LATEST, in_bounds, read_moment

_ZONES = st.integers(-24 * 60 + 1, 24 * 60 - 1).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@given(st.datetimes(timezones=_ZONES))
def test_a_time_is_in_utc_and_bounds_or_refused_with_a_sentence(at: datetime) -> None:
    """Nothing else is raised, and the moment is the same."""
    if not (EARLIEST.year <= at.year <= LATEST.year and EARLIEST <= at < LATEST):
        with pytest.raises(ValueError, match="between"):
            in_bounds(at)
    else:
        found = in_bounds(at)
        assert found == at
        assert found.utcoffset() == timedelta(0)


_NEVER = ["9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00", "2100-01-01T00:00:00+00:00"]


@pytest.mark.parametrize("text", [*_NEVER, "2026-11-28T10:00:00", "soon"])
def test_a_text_that_is_no_such_time_is_none(text: str) -> None:
    """At the ends of what Python counts, without a zone, no time at all."""
    assert read_moment(text) is None


def test_a_time_in_another_zone_is_read() -> None:
    """The same moment, in UTC."""
    assert read_moment("2026-11-28T10:00:00+01:00") == datetime(2026, 11, 28, 9, tzinfo=timezone.utc)
