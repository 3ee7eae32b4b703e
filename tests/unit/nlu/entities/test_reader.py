"""What the entity finder promises: canonical values, coming dates, no false ones, one entity in one place."""

from __future__ import annotations

from datetime import datetime, timezone
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.errors import ArtefactError, SettingError, WarmlineError
from bot.nlu.entities.reader import EntityFinder, Settings, Taught
from bot.nlu.entities.recogniser import Annotated
from tests.unit.nlu.entities.annotated_sets import annotated

ROOT = Path(__file__).parents[4]

SUNDAY = datetime(2026, 11, 22, 9, 0, tzinfo=ZoneInfo("Europe/London"))

WORDS = (
    *("tuesday", "31/02", "24th", "at", "half", "past", "3pm", "LF1234566", "1234566", "ls6", "2ab", "may", "fridge"),
    *("freezer", "noon", "the", "of", "9", "week", "99/99", "a@b.co", "in", "two", "weeks", "ago", "next"),
    *(
        "0000-00-00",
        "\U0001f600",
        "\u0130",
        "firdge",
        "washin",
        "machine",
        "07700",
        "900142",
        "+44",
        "2-12-26",
        "twenty",
    ),
    *("first", "christmas", "eve", "between", "and", "to", "a..b@c.de", "LF1234567", "@", "''", "\u0627", "half"),
)


def built(timezone="Europe/London", country="GB", forms=None, checks=None, examples=(), **changes):
    parts = {
        "lookups": {"product": ["Tern 45", "fridge", "washing machine", "washer", "fridge freezer"]},
        "regexes": [
            ("order_number", r"(?i:\bLF[ -]?\d{7}\b)"),
            ("order_number", r"\b\d{7}\b"),
            ("postcode", r"(?i:\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b)"),
            ("email", r"(?i:\b[A-Z0-9._%+-]+@(?:[A-Z0-9-]+\.)+[A-Z]{2,}\b)"),
        ],
        "synonyms": {"washer": "washing machine", "fridge freezer": "fridge", "icebox": "fridge"},
    }
    forms = {"order_number": "LF-0000000"} if forms is None else forms
    checks = {"order_number": "luhn"} if checks is None else checks
    taught = Taught(**{**parts, **changes}, examples=examples)
    return EntityFinder.build(taught, Settings(timezone, country, forms, checks))


@pytest.fixture(scope="module")
def finder():
    return built()


def values(finder, text, now=SUNDAY):
    return [(entity.name, entity.value) for entity in finder.find(text, now)]


@pytest.mark.parametrize("typed", ["LF-1234566", "lf1234566", "LF 1234566", "1234566"])
def test_an_order_number_has_one_form_however_it_is_typed(finder, typed):
    assert values(finder, f"it is {typed} thanks") == [("order_number", "LF-1234566")]


def test_an_order_number_with_a_wrong_check_digit_is_found_so_that_the_form_can_say_so(finder):
    assert values(finder, "LF1234567") == [("order_number", "LF-1234567")]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ls62ab", ("postcode", "LS6 2AB")),
        ("to LS6 2AB.", ("postcode", "LS6 2AB")),
        ("Ann.Lee@Example.COM", ("email", "ann.lee@example.com")),
        ("my TERN 45 hums", ("product", "Tern 45")),
        ("the washer stopped", ("product", "washing machine")),
        ("a fridge freezer", ("product", "fridge")),
        ("an icebox", ("product", "fridge")),
    ],
)
def test_values_come_in_their_canonical_form(finder, text, found):
    assert values(finder, text) == [found]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("today", "2026-11-22"),
        ("tomorrow", "2026-11-23"),
        ("tommorow please", "2026-11-23"),
        ("the day after tomorrow", "2026-11-24"),
        ("no, Tuesday", "2026-11-24"),
        ("on wed", "2026-11-25"),
        ("sat", "2026-11-28"),
        ("Sunday", "2026-11-29"),
        ("next Tuesday", "2026-11-24"),
        ("a week on Friday", "2026-12-04"),
        ("tuesday week", "2026-12-01"),
        ("24th", "2026-11-24"),
        ("on the 1st", "2026-12-01"),
        ("2 December", "2026-12-02"),
        ("December 2nd", "2026-12-02"),
        ("the 3rd of Jan", "2027-01-03"),
        ("03/12", "2026-12-03"),
        ("3/12/26", "2026-12-03"),
        ("2026-12-03", "2026-12-03"),
        ("in two weeks", "2026-12-06"),
        ("a week tomorrow", "2026-11-30"),
        ("may 3", "2027-05-03"),
        ("yesterday", "2026-11-21"),
        ("last Friday", "2026-11-20"),
        ("3 days ago", "2026-11-19"),
    ],
)
def test_a_date_is_the_coming_one_in_british_order(finder, text, day):
    assert values(finder, text) == [("date", day)]


def test_next_tuesday_is_the_tuesday_of_next_week(finder):
    monday = datetime(2026, 11, 23, 9, 0, tzinfo=ZoneInfo("Europe/London"))
    assert values(finder, "next Tuesday", monday) == [("date", "2026-12-01")]
    assert values(finder, "Tuesday", monday) == [("date", "2026-11-24")]


def test_today_is_the_day_of_the_time_zone(finder):
    late_in_new_york = datetime(2026, 11, 22, 23, 0, tzinfo=ZoneInfo("America/New_York"))
    assert values(finder, "today", late_in_new_york) == [("date", "2026-11-23")]


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("3pm", "15:00"),
        ("10.30am", "10:30"),
        ("14:30", "14:30"),
        ("half past nine", "09:30"),
        ("quarter to nine", "08:45"),
        ("at 4", "16:00"),
        ("10 o'clock", "10:00"),
        ("noon", "12:00"),
        ("12am", "00:00"),
        ("morning please", "morning"),
        ("in the afternoon", "afternoon"),
    ],
)
def test_a_time_is_on_the_clock_of_24_hours_or_a_part_of_the_day(finder, text, time):
    assert values(finder, text) == [("time", time)]


def test_a_date_and_a_time_in_one_sentence_are_both_found(finder):
    assert values(finder, "next Tuesday at 3pm please") == [("date", "2026-11-24"), ("time", "15:00")]
    assert values(finder, "this afternoon") == [("date", "2026-11-22"), ("time", "afternoon")]


@pytest.mark.parametrize(
    "text",
    [
        "may I ask something",
        "I sat on it and now it hums",
        "the sun shines",
        "5",
        "it costs £10.50",
        "open 24/7?",
        "good morning",
        "Morning, where is my parcel",
        "on the 4th floor",
        "my 2nd complaint",
        "30 February",
        "31/02/2026",
        "error E18",
        "about 18 months old",
        "March",
    ],
)
def test_what_only_looks_like_a_date_is_none(finder, text):
    assert values(finder, text) == []


def test_a_number_of_an_order_is_no_date(finder):
    assert values(finder, "LF-1012266 on 10/12") == [("order_number", "LF-1012266"), ("date", "2026-12-10")]


@settings(max_examples=200)
@example(text="in 99 weeks' time 29/02 31st 99 December 00:00am")
@given(
    text=st.one_of(
        st.text(max_size=120),
        st.lists(
            st.sampled_from(WORDS),
            max_size=12,
        ).map(" ".join),
    )
)
def test_whatever_is_typed_entities_are_in_order_apart_and_verbatim(finder, text):
    end = 0
    for entity in finder.find(text, SUNDAY):
        assert end <= entity.start < entity.end
        assert text[entity.start : entity.end] == entity.text
        assert entity.value
        end = entity.end


def test_without_a_form_a_pattern_gives_what_was_typed():
    assert values(built(forms={}, checks={}), "lf1234566") == [("order_number", "lf1234566")]


def test_a_pattern_that_is_none_is_quoted():
    with pytest.raises(WarmlineError, match=r"'broken'.*\(open"):
        built(regexes=[("broken", "(open")])


def test_an_unknown_time_zone_is_a_setting_error():
    with pytest.raises(SettingError, match="America/New_York"):
        built(timezone="Mars/Olympus")


def test_a_saved_finder_finds_as_before(finder, tmp_path):
    finder.save(tmp_path)
    text = "LF1234566 for the icebox, Tuesday 3pm"
    assert EntityFinder.load(tmp_path).find(text, SUNDAY) == finder.find(text, SUNDAY)


@pytest.mark.parametrize("content", ["", "{", "[]", '{"schema": "entities/1"}', '{"schema": "other/1"}'])
def test_a_damaged_file_is_refused_with_the_command_that_mends_it(tmp_path, content):
    (tmp_path / "entities.json").write_text(content)
    with pytest.raises(ArtefactError, match="make train"):
        EntityFinder.load(tmp_path)


@pytest.fixture(scope="module")
def assistants_finder():
    """The reference assistant's lists and patterns, without the recogniser, which the sentences do not need."""
    lookups, regexes, synonyms = {}, [], {}
    for section in yaml.safe_load((ROOT / "data/nlu/entities.yml").read_text("utf-8"))["nlu"]:
        written = [line.removeprefix("- ") for line in section["examples"].splitlines()]
        if "lookup" in section:
            lookups[section["lookup"]] = written
        elif "regex" in section:
            regexes.extend((section["regex"], pattern) for pattern in written)
        else:
            synonyms.update(dict.fromkeys(written, section["synonym"]))
    return built(lookups=lookups, regexes=regexes, synonyms=synonyms)


SENTENCES = yaml.safe_load((Path(__file__).parent / "entity_sentences.yml").read_text("utf-8"))


@pytest.mark.parametrize(("text", "names"), SENTENCES["sentences"])
def test_a_development_sentence_names_what_it_names(assistants_finder, text, names):
    found = [
        [entity.name, entity.value, *([] if entity.valid else ["invalid"])]
        for entity in assistants_finder.find(text, SENTENCES["now"])
    ]
    assert found == [[name, str(value), *more] for name, value, *more in names]


def test_a_typo_is_found_and_says_what_was_typed(finder):
    (entity,) = finder.find("my washin machine leaks", SUNDAY)
    assert (entity.name, entity.value, entity.text) == ("product", "washing machine", "washin machine")


def test_a_wrong_check_digit_is_marked(finder):
    (entity,) = finder.find("LF1234567", SUNDAY)
    assert not entity.valid
    assert finder.find("LF1234566", SUNDAY)[0].valid


def test_without_a_check_every_number_of_the_shape_holds():
    (entity,) = built(checks={}).find("LF1234567", SUNDAY)
    assert entity.valid


def test_an_unknown_check_is_a_setting_error():
    with pytest.raises(SettingError, match="luhn"):
        built(checks={"order_number": "crc"})


def test_a_word_that_trainers_write_often_is_no_misspelt_product():
    assert values(built(), "the firdge is off") == [("product", "fridge")]
    often = [Annotated(f"the firdge {number}") for number in ("one", "two", "three")]
    assert values(built(examples=often), "the firdge is off") == []


def test_entities_stand_where_the_customer_typed_them_behind_what_is_not_read() -> None:
    """A row of marks, a wide gap and a giant word are read in part; places and text are those that were typed."""
    finder = EntityFinder(Taught(regexes=[("order_number", r"\bLF-\d{7}\b")]), Settings("Europe/London", "GB"))
    for before in ("[" * 500, "a" * 450 + " ", " " * 300, "\n" * 300, "😀" * 99):
        text = f"hello{before} LF-1234567 on 3 May, call 020 7946 0123"
        found = {entity.name: entity for entity in finder.find(text, datetime(2026, 3, 4, tzinfo=timezone.utc))}
        assert {"order_number", "date", "phone"} <= set(found)
        assert found["order_number"].text == "LF-1234567"
        assert found["phone"].text == "020 7946 0123"
        assert all(text[entity.start : entity.end] == entity.text for entity in found.values())


def test_a_pattern_that_takes_for_ever_is_given_up_and_named(caplog: pytest.LogCaptureFixture) -> None:
    """The others go on; the log has the trainer's pattern and no word of the customer."""
    taught = Taught(regexes=[("odd", r"(?:(?:x|xx)+ ?)+!"), ("order_number", r"\bLF-\d{7}\b")])
    text = "x" * 90 + " LF-1234567"
    found = EntityFinder(taught, Settings("Europe/London", "GB")).find(text, datetime(2026, 3, 4, tzinfo=timezone.utc))
    assert [entity.name for entity in found] == ["order_number"]
    assert "'odd'" in caplog.text
    assert "xxx" not in caplog.text


def test_a_listed_value_is_shown_as_the_trainer_wrote_it() -> None:
    """Whatever the customer's capitals, and with a letter wrong."""
    finder = built(lookups={"city": ["New York", "Oslo", "Edinburgh"]}, synonyms={"the big apple": "New York"})
    assert values(finder, "from NEW YORK to oslo") == [("city", "New York"), ("city", "Oslo")]
    assert values(finder, "the Big Apple") == [("city", "New York")]
    assert values(finder, "edinburg please") == [("city", "Edinburgh")]


def test_a_marked_value_without_a_list_has_the_capitals_that_trainers_gave_it() -> None:
    marked = [annotated(f"fly to [{city}](city) please") for city in ("New York", "Oslo", "Rome", "Cork", "Lima")]
    finder = built(examples=marked)
    assert values(finder, "fly to new york please") == [("city", "New York")]
    assert values(finder, "fly to LIMA please") == [("city", "Lima")]


def test_a_value_that_was_marked_with_another_is_that_other() -> None:
    """Rasa makes a synonym of `{"value": …}`, and it counts whatever the capitals."""
    marked = [annotated(f"I sit [{place}](seating)") for place in ("outside", "inside", "outdoors", "indoors")]
    finder = built(examples=marked, synonyms={"outdoors": "outside", "indoors": "inside"})
    assert values(finder, "I sit Outdoors") == [("seating", "outside")]


def test_an_entity_whose_list_has_all_that_is_marked_takes_no_other_word() -> None:
    listed = ["red", "green", "blue", "white", "black"]
    marked = [annotated(f"the [{colour}](colour) one please") for colour in listed]
    closed = built(lookups={"colour": listed}, examples=marked)
    assert values(closed, "the large one please") == []
    opened = built(lookups={"colour": listed[:2]}, examples=marked)
    assert values(opened, "the blue one please") == [("colour", "blue")]


def test_a_marked_hour_is_the_trainers_entity_and_no_hour() -> None:
    """What a project marks of its own goes before what is read of days and hours everywhere."""
    marked = [annotated(f"pick me up at [{hour}](pick_up)") for hour in ("5pm", "6pm", "7pm", "noon", "9am")]
    assert values(built(examples=marked), "pick me up at 7pm") == [("pick_up", "7pm")]


def test_what_was_marked_has_its_role_also_where_a_list_finds_it() -> None:
    cities = ["Oslo", "Rome", "Lima", "Bern", "Cork"]
    marked = [
        annotated(f'from [{one}]{{"entity": "city", "role": "from"}} to [{other}]{{"entity": "city", "role": "to"}}')
        for one, other in pairwise(cities)
    ]
    finder = built(lookups={"city": cities}, examples=marked)
    found = finder.find("from cork to rome", SUNDAY)
    assert [(each.value, each.role) for each in found] == [("Cork", "from"), ("Rome", "to")]
