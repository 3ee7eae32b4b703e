"""The words by which a wish is named are counted in the trainers' examples."""

from __future__ import annotations

import pytest

from bot.dialogue.wish_words import Labelled, WishWords, learn

WISH = [
    Labelled(f"please send a plumber {more}", "book_plumber", frozenset({"date"}))
    for more in ("now", "here", "soon", "quick")
]
FAULT = [
    Labelled(f"the boiler leaks, please help {number}", "boiler_fault", frozenset({"product"})) for number in range(30)
]
OTHER = [Labelled(f"please tell me the price {number}", "price") for number in range(30)]
LEARNT = learn([*WISH, *FAULT, *OTHER], {"boiler_fault": "book_plumber"})


def test_a_word_of_the_wish_names_it() -> None:
    """Where it stands in most of its examples and in none of the faults'."""
    assert LEARNT.name("book_plumber", "Plumber for my boiler, it leaks")
    assert not LEARNT.name("book_plumber", "please, it leaks")


def test_a_word_of_one_example_is_chance() -> None:
    """It says nothing."""
    assert not LEARNT.name("book_plumber", "it leaks now")


@pytest.mark.parametrize("text", ["no plumber please", "I don't want a plumber", "can I do it without a plumber"])
def test_a_wish_that_is_refused_is_none(text: str) -> None:
    """The same word says the opposite."""
    assert not LEARNT.name("book_plumber", text)


def test_a_day_belongs_to_the_wish_and_a_product_to_the_fault() -> None:
    """Who names a day has decided."""
    assert LEARNT.settles("book_plumber", ["product", "date"])
    assert not LEARNT.settles("book_plumber", ["product"])


def test_a_wish_that_is_offered_with_nothing_is_unknown() -> None:
    """Only what answers offer is learnt."""
    assert not LEARNT.name("price", "the price")
    assert not LEARNT.settles("price", ["date"])


def test_what_was_learnt_can_be_kept() -> None:
    """As plain values."""
    assert WishWords.from_json(LEARNT.as_json()) == LEARNT
