"""What a message tells beside its wish and its values."""

from __future__ import annotations

import re

import pytest

from bot.dialogue.told import (
    TellingWords,
    beside_values,
    is_only_values,
    told_before,
    told_in_words,
    without_told_before,
)

WORDS = TellingWords(
    re.compile(r"\b(?:leak|won't|stays cold|squeak|humm?|stuck)"), re.compile(r"\b(?:send|mend|plumber)")
)
VALUES = re.compile(r"LS6 2AB|Friday(?: morning)?|\bboiler\b|ada@example\.com")


def _places(text: str) -> list[tuple[int, int]]:
    return [found.span() for found in VALUES.finditer(text)]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("my boiler stays cold, please send a plumber on Friday morning, LS6 2AB", "my boiler stays cold"),
        ("Send a plumber. It leaks, and the lid is stuck", "It leaks, and the lid is stuck"),
        ("can you send someone to mend my boiler that squeaks, Friday is best", "squeaks"),
        ("mend my leaking boiler", "leaking boiler"),
        ("a plumber for the boiler leaking at LS6 2AB", "boiler leaking at LS6 2AB"),
        ("it won't start, nothing on the display. Please send somebody", "it won't start, nothing on the display"),
        ("please send a plumber", ""),
        ("why does it leak?", ""),
    ],
)
def test_the_matter_is_told_apart_from_the_wish(text: str, told: str) -> None:
    """In the customer's own words."""
    assert told_in_words(text, _places(text), WORDS) == told


def test_what_is_only_asked_counts_where_it_is_wanted() -> None:
    """A question that was answered before a visit is wanted is the reason for the visit."""
    assert told_in_words("why does it leak?", (), WORDS, asked_too=True) == "why does it leak?"


def test_a_letter_is_not_taken_apart() -> None:
    """A story is for a person to read."""
    assert told_in_words("it leaks. " * 60, (), WORDS) == ""


@pytest.mark.parametrize(
    "text", ["LS6 2AB", "Friday morning if you can", "on Friday, please", "my postcode is LS6 2AB", "my zip is LS6 2AB"]
)
def test_values_and_the_words_around_them_tell_nothing(text: str) -> None:
    """They are no fault and no reason."""
    assert is_only_values(text, _places(text))


@pytest.mark.parametrize("text", ["it leaks since Friday", "it hums", "LS6 2AB, it won't start"])
def test_anything_more_tells_something(text: str) -> None:
    """A message without a value does so in any case."""
    assert not is_only_values(text, _places(text))


def test_values_are_left_out_of_what_is_told() -> None:
    """ "Friday morning, it leaks" is a day and a fault."""
    assert beside_values("Friday morning, it leaks", _places("Friday morning, it leaks")) == "it leaks"
    assert beside_values("it hums and it is loud", ()) == "it hums and it is loud"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("I told you, it leaks", "it leaks"),
        ("as I said before: the lid is stuck", "the lid is stuck"),
        ("like i already mentioned it won't start", "it won't start"),
        ("I\N{RIGHT SINGLE QUOTATION MARK}ve already told you", ""),
    ],
)
def test_what_was_told_before_is_not_kept_twice(text: str, told: str) -> None:
    """Only the thing itself."""
    assert told_before(text)
    assert without_told_before(text) == told


def test_a_message_that_refers_to_nothing_stays_whole() -> None:
    """ "I said it at the shop" is no answer again, and "it leaks" tells for the first time."""
    assert not told_before("it leaks")
    assert without_told_before(" it leaks ") == "it leaks"
