"""Business hours: the company's own clock, its holidays, and the file that says so."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.errors import SettingError
from bot.gateway.tickets import hours, zones
from bot.gateway.tickets.desk_settings import DEFAULT, DeskSettings, load_desk_settings
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
        ("limits:\n  tickets_per_visitor: 4\n  tickets_per_address: 3\n", 3, "what a visitor is"),
        ("limits:\n  tickets_per_visitor: 11\n", 2, "what a visitor is"),
        ("hours: [\n", 2, "not YAML"),
    ],
)
def test_a_mistake_names_its_file_and_line(tmp_path: Path, text: str, line: int, says: str) -> None:
    """Found at start, in words."""
    path = tmp_path / "desk.yml"
    path.write_text(text)
    with pytest.raises(SettingError, match=f"{path}:{line}: .*{says}"):
        load_desk_settings(path)
