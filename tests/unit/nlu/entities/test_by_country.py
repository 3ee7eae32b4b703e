"""Dates, times, postcodes and telephone numbers as customers of other countries write them, under other names."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo

import pytest

from bot.errors import SettingError
from bot.nlu.entities.entity import Entity
from bot.nlu.entities.postcodes import shapes
from bot.nlu.entities.reader import EntityFinder, Settings, Taught

ZONES = {
    "US": "America/Chicago",
    "IE": "Europe/Dublin",
    "AU": "Australia/Sydney",
    "DE": "Europe/Berlin",
    "CA": "America/Toronto",
    "SE": "Europe/Stockholm",
    "NL": "Europe/Amsterdam",
    "GB": "Europe/London",
}
KINDS = {"zip": "postcode", "contact_number": "phone", "arrival": "date", "arrival_time": "time", "mail": "email"}


@cache
def finder(country: str) -> EntityFinder:
    """A company of that country that lists and annotates nothing, and calls everything otherwise."""
    return EntityFinder(Taught(), Settings(ZONES[country], country, kinds=KINDS))


def read(country: str, text: str, *asked: str) -> list[tuple[str, str]]:
    """What may fill a slot, on Wednesday 25 November 2026."""
    now = datetime(2026, 11, 25, 9, 30, tzinfo=ZoneInfo(ZONES[country]))
    return [(entity.name, entity.value) for entity in finder(country).understand(text, now, asked).wanted]


@pytest.mark.parametrize(
    ("country", "text", "day"),
    [
        ("US", "3/4", "2027-03-04"),
        ("US", "12/25/2026 please", "2026-12-25"),
        ("US", "on 12-03-26", "2026-12-03"),
        ("US", "December 3rd", "2026-12-03"),
        ("IE", "3/4", "2027-04-03"),
        ("IE", "25/12/2026", "2026-12-25"),
        ("AU", "3/4", "2027-04-03"),
        ("AU", "03.12.26", "2026-12-03"),
        ("DE", "3/4", "2027-04-03"),
        ("DE", "24.12.", "2026-12-24"),
        ("DE", "on 24.12. please", "2026-12-24"),
        ("DE", "on 24.12 if you can", "2026-12-24"),
        ("DE", "24.12.2026", "2026-12-24"),
        ("SE", "2026/12/03", "2026-12-03"),
        ("SE", "26-12-03", "2026-12-03"),
        ("SE", "3/12", "2026-12-03"),
        ("CA", "2026-12-03", "2026-12-03"),
        ("CA", "25/12", "2026-12-25"),
        ("CA", "12/25/2026", "2026-12-25"),
        ("CA", "4/4", "2027-04-04"),
    ],
)
def test_a_date_in_numbers_has_the_countrys_order(country: str, text: str, day: str) -> None:
    """The coming one where it has no year."""
    assert read(country, text) == [("arrival", day)]


@pytest.mark.parametrize(
    ("country", "text"),
    [
        ("CA", "3/4"),
        ("CA", "on 03/04/2027"),
        ("CA", "3/12/26"),
        ("US", "25/12/2026"),
        ("DE", "it costs 9.12."),
        ("DE", "version 10.30. is out"),
        ("IE", "on 24.12 if you can"),
    ],
)
def test_a_date_that_is_not_clear_is_none(country: str, text: str) -> None:
    """The form asks again: a guess would send somebody on the wrong day."""
    assert read(country, text) == []


@pytest.mark.parametrize(
    ("country", "text", "time"),
    [
        ("US", "3:30", "15:30"),
        ("US", "11:30", "11:30"),
        ("US", "03:30", "03:30"),
        ("US", "15:30", "15:30"),
        ("AU", "at 3:30 please", "15:30"),
        ("IE", "3:30", "03:30"),
        ("DE", "15:30", "15:30"),
        ("DE", "at 4", "16:00"),
    ],
)
def test_half_past_three_is_in_the_afternoon_where_the_clock_has_twelve_hours(
    country: str, text: str, time: str
) -> None:
    """Who means the night says so there, or writes the nought."""
    assert read(country, text) == [("arrival_time", time)]


@pytest.mark.parametrize(("country", "day"), [("US", "2026-12-01"), ("IE", "2026-11-24"), ("AU", "2026-11-24")])
def test_next_tuesday_said_on_a_sunday_is_of_the_week_that_begins_next(country: str, day: str) -> None:
    """Today, where weeks begin on Sunday; tomorrow, where they begin on Monday."""
    sunday = datetime(2026, 11, 22, 9, 30, tzinfo=ZoneInfo(ZONES[country]))
    (found,) = finder(country).find("next Tuesday", sunday)
    assert found.value == day


@pytest.mark.parametrize(
    ("country", "text", "code"),
    [
        ("US", "my zip is 90210", "90210"),
        ("US", "90210-1234", "90210-1234"),
        ("US", "Austin, TX 78701", "78701"),
        ("US", "postal code: 02134", "02134"),
        ("IE", "d02x285", "D02 X285"),
        ("IE", "it's D6W XY00 thanks", "D6W XY00"),
        ("IE", "eircode a65 f4e2", "A65 F4E2"),
        ("AU", "Sydney NSW 2000", "2000"),
        ("AU", "postcode 3000", "3000"),
        ("DE", "10115 Berlin", "10115"),
        ("DE", "D-10115 Berlin", "10115"),
        ("DE", "PLZ 10115", "10115"),
        ("CA", "k1a0b1", "K1A 0B1"),
        ("SE", "11351 Stockholm", "113 51"),
        ("NL", "1012ab", "1012 AB"),
        ("GB", "ls62ab", "LS6 2AB"),
    ],
)
def test_a_postcode_is_found_by_its_countrys_shape(country: str, text: str, code: str) -> None:
    """In its one way to be written, without a pattern of a trainer."""
    assert read(country, text) == [("zip", code)]


@pytest.mark.parametrize(
    ("country", "text", "code"),
    [
        ("US", "90210", "90210"),
        ("DE", "it's 10115, thanks", "10115"),
        ("AU", "2026", "2026"),
        ("SE", "113 51", "113 51"),
    ],
)
def test_a_row_of_digits_is_a_postcode_where_one_was_asked_for(country: str, text: str, code: str) -> None:
    """And nothing where nobody asked."""
    assert read(country, text, "zip") == [("zip", code)]
    assert read(country, text) == []


@pytest.mark.parametrize(
    ("country", "text", "found"),
    [
        ("AU", "24 December 2026", [("arrival", "2026-12-24")]),
        ("US", "my order is 12345, where is it?", []),
        ("US", "I paid 12345 dollars", []),
        ("DE", "030 12345 678", [("contact_number", "+493012345678")]),
        ("IE", "it is a65 year thing", []),
        ("NL", "come at 1030 am", [("arrival_time", "10:30")]),
        ("US", "call me on 512-555-0143", [("contact_number", "+15125550143")]),
        ("US", "error 90210", []),
        ("US", "1.90210", []),
    ],
)
@pytest.mark.parametrize("asked", ["", "zip"])
def test_other_numbers_are_no_postcodes(country: str, text: str, found: list[tuple[str, str]], asked: str) -> None:
    """Not even where one was asked for, as long as the message is about something else."""
    assert read(country, text, asked) == found


@pytest.mark.parametrize(
    ("country", "text", "number"),
    [
        ("US", "(512) 555-0143", "+15125550143"),
        ("US", "512 555 0143", "+15125550143"),
        ("US", "512.555.0143", "+15125550143"),
        ("IE", "01 555 0123", "+35315550123"),
        ("IE", "087 123 4567", "+353871234567"),
        ("AU", "0491 570 156", "+61491570156"),
        ("DE", "030 23125 014", "+493023125014"),
        ("DE", "+1 512 555 0143", "+15125550143"),
    ],
)
def test_a_telephone_number_belongs_to_the_country(country: str, text: str, number: str) -> None:
    """Unless it says another."""
    assert read(country, f"ring {text} please") == [("contact_number", number)]


def test_a_bare_row_of_digits_is_a_telephone_number_where_one_was_asked_for() -> None:
    """Where numbers begin with no nought, nothing tells it from another number; a word for telephones does."""
    assert read("US", "5125550143", "contact_number") == [("contact_number", "+15125550143")]
    assert read("US", "call me on 5125550143") == [("contact_number", "+15125550143")]
    assert read("US", "5125550143") == []
    assert read("US", "order 512-555-0143", "contact_number") == []


def test_an_address_has_the_name_that_the_company_gives_it() -> None:
    """Whatever it is called, without a pattern."""
    assert read("US", "it's Jo.Bell@Example.org") == [("mail", "jo.bell@example.org")]


def test_the_kind_goes_along_with_the_name() -> None:
    """So that whoever asks for a day need not know what a company calls it."""
    found = finder("US").find("not on Monday, zip 90210", datetime(2026, 11, 25, tzinfo=ZoneInfo("UTC")))
    assert [(each.name, each.kind, each.ruled_out) for each in found] == [
        ("arrival", "date", True),
        ("zip", "postcode", False),
    ]


def test_a_day_is_refused_as_days_are_whatever_it_is_called() -> None:
    """ "Doesn't work" says no to a day, and tells a fault of anything else."""
    now = datetime(2026, 11, 25, tzinfo=ZoneInfo("UTC"))
    understood = finder("US").understand("Monday morning doesn't work, Tuesday does", now)
    assert [each.value for each in understood.ruled_out] == ["2026-11-30", "morning"]
    assert [each.value for each in understood.wanted] == ["2026-12-01"]


def found_by(settings: Settings, text: str, *regexes: tuple[str, str]) -> list[tuple[str, str, bool]]:
    """Name, value and whether it can exist, by a company's settings and patterns."""
    found: tuple[Entity, ...] = EntityFinder(Taught(regexes=regexes), settings).find(
        text, datetime(2026, 11, 25, tzinfo=ZoneInfo("UTC"))
    )
    return [(each.name, each.value, each.valid) for each in found]


def test_without_other_names_a_kind_has_its_own() -> None:
    """The conventional names need no setting."""
    text = "zip 90210, 512-555-0143, jo@example.org, 12/3 at 3pm"
    assert [name for name, *_ in found_by(Settings("America/Chicago", "US"), text)] == [
        *("postcode", "phone", "email", "date", "time"),
    ]


def test_a_trainers_pattern_says_what_a_code_looks_like() -> None:
    """What it finds is written as the country writes it, and what the country does not have cannot exist."""
    settings = Settings("Europe/Dublin", "IE", kinds={"eircode": "postcode"})
    pattern = ("eircode", r"(?i:\b[A-Z]\d[\dW] ?\w{4}\b)")
    assert found_by(settings, "d02x285", pattern) == [("eircode", "D02 X285", True)]
    assert found_by(settings, "eircode D02 B285", pattern) == [("eircode", "D02 B285", False)]
    assert found_by(Settings("Europe/Dublin", "IE"), "D02 X285", ("postcode", r"\bNOTHING\b")) == []


def test_two_entities_may_hold_postcodes_where_each_has_a_pattern() -> None:
    """As a street and a box have in some countries."""
    settings = Settings("Europe/Dublin", "IE", kinds={"home": "postcode", "work": "postcode"})
    home, work = ("home", r"(?i:(?<=home )\b\w{3} ?\w{4}\b)"), ("work", r"(?i:(?<=work )\b\w{3} ?\w{4}\b)")
    assert found_by(settings, "home d02x285, work a65f4e2", home, work) == [
        ("home", "D02 X285", True),
        ("work", "A65 F4E2", True),
    ]


@pytest.mark.parametrize(
    ("kinds", "said"),
    [
        ({"zip": "plz"}, "'plz' is unknown: write one of date, time, phone, email, postcode"),
        ({"arrival": "date", "departure": "date"}, "arrival and departure are all of the kind date"),
        ({"home": "postcode", "work": "postcode"}, "give each a regex"),
    ],
)
def test_kinds_that_mean_nothing_are_refused(kinds: dict[str, str], said: str) -> None:
    """At training, with what to write instead."""
    with pytest.raises(SettingError, match=said):
        EntityFinder(Taught(), Settings("America/Chicago", "US", kinds=kinds))


def test_a_country_without_shapes_keeps_what_was_typed() -> None:
    """Nothing is found there, and nothing is refused."""
    assert found_by(Settings("America/Panama", "PA"), "postcode 0801") == []
    pattern = ("postcode", r"\b\d{4}\b")
    assert found_by(Settings("America/Panama", "PA"), "postcode 0801", pattern) == [("postcode", "0801", True)]


WRITTEN = {
    **{"AT": "1010", "AU": "2000", "BE": "1000", "CA": "K1A 0B1", "CH": "8001", "DE": "10115", "DK": "1050"},
    **{"ES": "28013", "FI": "00100", "FR": "75001", "GB": "SW1A 0AA", "IE": "A65 F4E2", "IN": "110 001", "IT": "00184"},
    **{"JP": "100-0001", "NL": "1012 AB", "NO": "0150", "NZ": "6011", "PL": "00-950", "PT": "1000-205"},
    **{"SE": "113 51", "US": "90210-1234"},
}


def test_each_shape_has_an_example() -> None:
    """Whoever adds a country writes one of its codes here."""
    assert set(WRITTEN) == set(shapes())


@pytest.mark.parametrize(("country", "code"), WRITTEN.items())
def test_each_shape_writes_its_own_codes_in_one_way(country: str, code: str) -> None:
    """A canonical code stays as it is, and is the same in small letters, without blanks and with many."""
    shape = shapes()[country]
    for typed in (code, code.lower(), code.replace(" ", "").replace("-", ""), f" {code} "):
        assert shape.canonical(typed) == code
    assert shape.canonical("no code") is None
