"""Order numbers and postcodes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.shop import order_numbers, postcodes

SIX = st.integers(0, 999_999).map(lambda number: f"{number:06}")


@given(SIX)
def test_every_number_we_give_out_is_valid(six: str) -> None:
    """The check digit fits its own six digits."""
    assert order_numbers.is_valid(order_numbers.order_number(six))


@given(SIX, st.integers(0, 6), st.integers(1, 9))
def test_one_wrong_digit_is_always_found(six: str, place: int, by: int) -> None:
    """Whoever mistypes one digit hears of it before a postcode is asked for."""
    digits = list(order_numbers.order_number(six).removeprefix("LF-"))
    digits[place] = str((int(digits[place]) + by) % 10)
    assert not order_numbers.is_valid("LF-" + "".join(digits))


@pytest.mark.parametrize("written", ["LF-1234566", "lf1234566", "LF 1234566", "1234566", " lf-1234566 "])
def test_a_number_has_one_way_of_writing(written: str) -> None:
    """However customers write it."""
    assert order_numbers.canonical(written) == "LF-1234566"


@pytest.mark.parametrize("written", ["LF-123456", "12345678", "hello", "", "LF-12345a6"])
def test_what_is_no_number_stays_none(written: str) -> None:
    """No digits are invented or cut."""
    assert order_numbers.canonical(written) is None


def test_a_postcode_has_one_way_of_writing() -> None:
    """In capitals, with one space; its area is its letters."""
    assert postcodes.canonical("ls62ab") == "LS6 2AB"
    assert postcodes.canonical("M1 1AE") == "M1 1AE"
    assert postcodes.canonical("90210") is None
    assert postcodes.area("LS6 2AB") == "LS"
    assert postcodes.area("") == ""
