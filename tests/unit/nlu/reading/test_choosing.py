"""Typing what was offered."""

from __future__ import annotations

import pytest

from bot.nlu.reading.choosing import NONE, chosen

TITLES = ("Track an order", "Delivery times", "None of these")


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("the second one", 1),
        ("No. 2", 1),
        ("2", 1),
        ("#2 please", 1),
        ("2nd", 1),
        ("the first", 0),
        ("option one please", 0),
        ("I'd like the first one", 0),
        ("the last one", 2),
        ("track an order", 0),
        ("Track order please", 0),
        ("delivery times.", 1),
        ("none", NONE),
        ("None of those!", NONE),
        ("neither", NONE),
        ("something else", NONE),
    ],
)
def test_a_number_a_title_or_none_is_a_choice(text: str, place: object) -> None:
    """However short."""
    assert chosen(text, TITLES) == place


@pytest.mark.parametrize(
    "text",
    ["no", "4", "LF-1000017", "the second delivery was late", "where is my second order", "one two", "", "??", "12345"],
)
def test_anything_else_is_none(text: str) -> None:
    """It is read as any other message."""
    assert chosen(text, TITLES) is None


def test_without_an_offer_nothing_is_chosen() -> None:
    """Then "2" is only a number."""
    assert chosen("2", ()) is None


@pytest.mark.parametrize(
    ("text", "place"),
    [
        *((text, 0) for text in ("yes", "Yes please", "yeah", "yep!", "sure", "ok", "that's right", "correct")),
        *((text, 1) for text in ("no", "nope", "no thanks", "not really", "nah, sorry")),
        *((text, None) for text in ("yes but the oven", "no power", "where is my order?", "maybe", "that", "please")),
    ],
)
def test_where_yes_and_no_are_offered_a_word_for_either_is_the_choice(text: str, place: int | None) -> None:
    """D9, kind 3: a typed yes after one reading was asked back; more than yes or no is read as any message."""
    assert chosen(text, ["Yes", "No"]) == place
