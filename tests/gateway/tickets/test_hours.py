"""Business hours: the company's own clock, its holidays, and the file that says so."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.errors import SettingError
from bot.gateway.tickets import hours, zones
from bot.gateway.tickets.desk_settings import DEFAULT, DeskSettings, Span, load_desk_settings
from tests.e2e.installation import ROOT
from tests.gateway.making import words

LONDON = ZoneInfo("Europe/London")


@pytest.fixture(scope="module")
def company() -> DeskSettings:
    """What the repository's own file says."""
    return load_desk_settings(ROOT / "desk.yml")


def london(*moment: int) -> datetime:
    """A local time in London."""
    return datetime(*moment, tzinfo=LONDON)  # type: ignore[arg-type,misc]


def test_the_desk_is_open_in_local_time_in_winter_and_in_summer(company: DeskSettings) -> None:
    """Eight in the morning is another hour of UTC in July."""
    for day in (london(2026, 1, 14), london(2026, 7, 15)):
        assert not hours.is_open(company, day.replace(hour=7, minute=59))
        assert hours.is_open(company, day.replace(hour=8))
        assert not hours.is_open(company, day.replace(hour=20))


def test_a_public_holiday_is_closed_and_the_next_opening_is_after_it(company: DeskSettings) -> None:
    """Good Friday and Easter Monday of 2026; Saturday is a working day here."""
    assert not hours.is_open(company, london(2026, 4, 3, 12))
    assert hours.next_open(company, london(2026, 4, 3, 12)) == london(2026, 4, 4, 9)
    assert hours.next_open(company, london(2026, 4, 5, 17)) == london(2026, 4, 7, 8)


def test_on_the_day_when_clocks_change_the_hours_are_those_of_the_clock_on_the_wall(company: DeskSettings) -> None:
    """25 October 2026 has 25 hours, and Sunday's six are six."""
    day = london(2026, 10, 25)
    assert hours.open_between(company, day, london(2026, 10, 26)) == timedelta(hours=6)
    assert hours.next_open(company, day) == london(2026, 10, 25, 10)


def test_a_moment_within_the_hours_is_its_own_next_opening(company: DeskSettings) -> None:
    """Nobody is sent away from an open desk."""
    at = london(2026, 3, 4, 12, 30)
    assert hours.next_open(company, at) == at
    assert hours.closes_at(company, at) == london(2026, 3, 4, 20)


def test_times_to_pick_lie_in_the_hours_and_in_the_future(company: DeskSettings) -> None:
    """In the evening the first one is tomorrow's."""
    now = london(2026, 3, 4, 19, 45)
    picked = hours.times_to_pick(company, now, 4)
    assert len(picked) == 4
    assert picked[0] == london(2026, 3, 5, 8)
    assert all(hours.is_open(company, at) and at > now for at in picked)
    assert picked == sorted(set(picked))


def test_a_time_is_said_as_people_say_it(company: DeskSettings) -> None:
    """Today, tomorrow, or the day's name."""
    now = london(2026, 3, 4, 12)
    assert words(hours.spoken(company, london(2026, 3, 4, 14), now)) == "today at 14:00 (London time)"
    assert words(hours.spoken(company, london(2026, 3, 5, 8), now)) == "tomorrow at 08:00 (London time)"
    assert words(hours.spoken(company, london(2026, 3, 9, 9, 30), now)) == "Monday 9 March at 09:30 (London time)"


@pytest.mark.parametrize(
    ("zone", "at", "said"),
    [
        ("Europe/London", london(2026, 3, 4, 14), "today at 14:00"),
        ("Europe/Lisbon", london(2026, 3, 4, 14), "today at 14:00"),
        ("Europe/Berlin", london(2026, 3, 4, 14), "today at 15:00 (your time)"),
        ("America/New_York", london(2026, 3, 4, 14), "today at 09:00 (your time)"),
        # Wednesday evening in London is Thursday morning in Auckland, where Thursday has just begun.
        ("Pacific/Auckland", london(2026, 3, 4, 19), "today at 08:00 (your time)"),
        # New York changes its clocks three weeks before London: an hour less between them on the 9th.
        ("America/New_York", london(2026, 3, 9, 14), "Monday 9 March at 10:00 (your time)"),
        ("America/New_York", london(2026, 3, 30, 14), "Monday 30 March at 09:00 (your time)"),
    ],
)
def test_a_promise_uses_the_customers_own_clock_where_it_is_known(
    company: DeskSettings, zone: str, at: datetime, said: str
) -> None:
    """Kind 9: two zones, each with its own summer time, and its own today."""
    assert words(hours.spoken(company, at, london(2026, 3, 4, 11), ZoneInfo(zone))) == said


def test_an_hour_that_comes_twice_says_which_it_is(company: DeskSettings) -> None:
    """Kind 9: on 25 October 2026 London has half past one twice."""
    now = london(2026, 10, 25, 0)
    first, second = (datetime(2026, 10, 25, 1, 30, fold=fold, tzinfo=LONDON) for fold in (0, 1))
    assert words(hours.spoken(company, first, now)) == "today at 01:30 UTC+01:00 (London time)"
    assert words(hours.spoken(company, second, now)) == "today at 01:30 UTC (London time)"


def test_a_zone_without_a_place_is_told_by_its_distance() -> None:
    """Kind 9: nobody lives by "Etc/GMT+5"."""
    at = datetime(2026, 3, 4, 12, tzinfo=ZoneInfo("UTC"))
    called = {
        name: words(zones.called(ZoneInfo(name), at)) for name in ("UTC", "Etc/GMT+5", "Asia/Kolkata", "Asia/Kathmandu")
    }
    assert called == {
        "UTC": "UTC",
        "Etc/GMT+5": "UTC-05:00",
        "Asia/Kolkata": "Kolkata time",
        "Asia/Kathmandu": "Kathmandu time",
    }


def test_without_a_file_the_desk_is_always_open(tmp_path: Path) -> None:
    """A small installation needs none."""
    assert load_desk_settings(tmp_path / "desk.yml") == DEFAULT
    assert hours.is_open(DEFAULT, london(2026, 12, 25, 3))


def test_how_many_tickets_may_be_open_is_a_setting(tmp_path: Path) -> None:
    """The project's own file says the defaults."""
    path = tmp_path / "desk.yml"
    path.write_text("limits:\n  tickets_per_visitor: 1\n  tickets_per_address: 1\n")
    read = load_desk_settings(path)
    assert (read.tickets_per_visitor, read.tickets_per_address) == (1, 1)
    ours = load_desk_settings(ROOT / "desk.yml")
    assert (ours.tickets_per_visitor, ours.tickets_per_address) == (
        DEFAULT.tickets_per_visitor,
        DEFAULT.tickets_per_address,
    )


NEW_YORK = ZoneInfo("America/New_York")
MONDAYS = DeskSettings(
    timezone=NEW_YORK, week=((Span(time(9), time(22)),), *((),) * 6), callback_every=timedelta(hours=1), callback_days=2
)
"""Open on Mondays until ten in the evening, when it is Tuesday in UTC."""
MONDAY_EVENING = datetime(2026, 3, 2, 20, 30, tzinfo=NEW_YORK)
MONDAY_CLOSING = datetime(2026, 3, 2, 22, tzinfo=NEW_YORK)


def test_a_day_is_the_desks_own_wherever_the_server_stands() -> None:
    """An evening in New York is the next day in UTC, on which this desk is closed."""
    assert hours.is_open(MONDAYS, MONDAY_EVENING)
    assert hours.next_open(MONDAYS, MONDAY_EVENING) == MONDAY_EVENING
    assert hours.closes_at(MONDAYS, MONDAY_EVENING) == MONDAY_CLOSING
    assert hours.open_between(MONDAYS, MONDAY_EVENING, MONDAY_CLOSING) == timedelta(minutes=90)
    sunday_evening = MONDAY_EVENING - timedelta(days=1)
    assert hours.open_between(MONDAYS, sunday_evening, MONDAY_EVENING) == timedelta(hours=11, minutes=30)
    assert hours.times_to_pick(MONDAYS, MONDAY_EVENING, 4) == [MONDAY_EVENING.replace(hour=21, minute=0)]
    assert words(hours.spoken(MONDAYS, MONDAY_CLOSING, MONDAY_EVENING, NEW_YORK)) == "today at 22:00"


def test_a_desk_closes_at_the_very_moment_and_opens_at_the_very_moment() -> None:
    """Each moment belongs to one side."""
    opening = datetime(2026, 3, 2, 9, tzinfo=NEW_YORK)
    assert hours.closes_at(MONDAYS, opening) == MONDAY_CLOSING
    assert hours.closes_at(MONDAYS, MONDAY_CLOSING) is None
    assert hours.closes_at(MONDAYS, opening + timedelta(days=1)) is None
    assert hours.next_open(MONDAYS, MONDAY_CLOSING) == opening + timedelta(days=7), "by the clock on the wall"


def test_a_day_that_is_open_to_its_end_ends_at_midnight() -> None:
    """Written without an end in ``desk.yml``; moments come in UTC, whatever the server's clock."""
    closing = hours.closes_at(DEFAULT, datetime(2026, 3, 4, 12, tzinfo=timezone.utc))
    assert closing == datetime(2026, 3, 5, tzinfo=timezone.utc)
    assert closing is not None
    assert closing.tzinfo is timezone.utc


def test_an_opening_is_looked_for_a_month_ahead_and_no_further() -> None:
    """A shop that is closed for so long has no hours that could be promised."""
    now = datetime(2026, 4, 1, 12, tzinfo=timezone.utc)
    closed = frozenset(date(2026, 4, 1) + timedelta(days=days) for days in range(hours.FURTHEST.days))
    opening = datetime(2026, 5, 2, tzinfo=timezone.utc)
    assert hours.next_open(replace(DEFAULT, also_closed=closed), now) == opening
    assert hours.next_open(replace(DEFAULT, also_closed=closed | {opening.date()}), now) is None


def test_a_time_to_pick_lies_half_a_step_ahead_at_least() -> None:
    """Nobody can be called back in a moment."""
    at_nine = MONDAY_EVENING.replace(hour=21, minute=0)
    assert hours.times_to_pick(MONDAYS, MONDAY_EVENING, 4) == [at_nine]
    assert hours.times_to_pick(MONDAYS, MONDAY_EVENING + timedelta(minutes=1), 4) == []
    assert hours.times_to_pick(MONDAYS, MONDAY_EVENING - timedelta(minutes=31), 4) == [
        MONDAY_EVENING.replace(hour=20, minute=0) + timedelta(hours=hour) for hour in range(1, 2)
    ]


def test_times_to_pick_end_after_the_days_of_the_setting() -> None:
    """Today and so many days after it."""
    daily = replace(MONDAYS, week=((Span(time(9), time(10)),),) * 7)
    early = datetime(2026, 3, 2, 7, tzinfo=NEW_YORK)
    nine = [datetime(2026, 3, day, 9, tzinfo=NEW_YORK) for day in (2, 3, 4)]
    assert hours.times_to_pick(daily, early, 10) == nine


@pytest.mark.parametrize(("offered", "picked"), [(10, [9, 10, 14, 18]), (5, [9, 10, 11, 12]), (4, [9, 10, 11, 12])])
def test_some_times_are_near_and_some_far(offered: int, picked: list[int]) -> None:
    """Near ones for the hurried, later ones for the busy, and as many as there is room for."""
    day = replace(MONDAYS, week=((Span(time(9), time(9 + offered)),), *((),) * 6))
    early = datetime(2026, 3, 2, 7, tzinfo=NEW_YORK)
    assert [at.astimezone(NEW_YORK).hour for at in hours.times_to_pick(day, early, 4)] == picked


def test_a_desk_in_a_zone_without_a_place_tells_its_times_by_the_distance() -> None:
    """The distance at the moment that is told."""
    desk = replace(MONDAYS, timezone=ZoneInfo("Etc/GMT+5"))
    assert words(hours.spoken(desk, MONDAY_CLOSING, MONDAY_EVENING)) == "today at 22:00 (UTC-05:00)"


def test_a_desk_without_hours_never_opens() -> None:
    """And does not look for ever."""
    assert hours.next_open(DeskSettings(week=((),) * 7), london(2026, 3, 4)) is None


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("hours:\n  timezone: Europe/Londn\n", 2, "time zone"),
        ('hours:\n  timezone: UTC\n  monday: ["18:00-08:00"]\n', 3, "earlier time first"),
        ('hours:\n  monday:\n    - "08:00-12:00"\n    - "noon"\n', 4, "08:00-18:00"),
        ("holidays:\n  country: XX\n", 2, "two letters"),
        ("holidays:\n  country: GB\n  part: TEX\n", 3, "ENG"),
        ("holidays:\n  also_closed: [24.12.2026]\n", 2, "2026-12-24"),
        ("line:\n  head_start:\n    urgent: soon\n", 3, "minutes"),
        ("silence:\n  agents: 3\n", 2, "no setting 'agents'"),
        ("skills:\n  Returns: [return_item]\n", 2, "small letters"),
        ("limits:\n  tickets_per_visitor: 0\n", 2, "above 0"),
        ("limits:\n  tickets_per_address: all\n", 2, "above 0"),
        ("limits:\n  tickets: 3\n", 2, "no setting 'tickets'"),
        ("limits:\n  tickets_per_visitor: 4\n  tickets_per_address: 3\n", 3, "must be at least"),
        ("limits:\n  tickets_per_visitor: 11\n", 2, "must be at least"),
        ("hours: [\n", 2, "not YAML"),
    ],
)
def test_a_mistake_names_its_file_and_line(tmp_path: Path, text: str, line: int, says: str) -> None:
    """Found at start, in words."""
    path = tmp_path / "desk.yml"
    path.write_text(text)
    with pytest.raises(SettingError, match=f"{path}:{line}: .*{says}"):
        load_desk_settings(path)
