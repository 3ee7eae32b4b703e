"""Values in their canonical form, and what cannot be one."""

from __future__ import annotations

import pytest

from bot.errors import SettingError
from bot.nlu.entities.values import Value, checked_country, email, in_form, luhn, luhn_digit, phones_in


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("Ann.Lee@Example.COM", Value("ann.lee@example.com")),
        ("o'neil@mail.example", Value("o'neil@mail.example")),
        ("a..b@example.com", Value("a..b@example.com", valid=False)),
        ("ann@-example.com", Value("ann@-example.com", valid=False)),
    ],
)
def test_an_address_is_lower_case_and_as_the_standard_has_it(typed: str, value: Value) -> None:
    assert email(typed) == value


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("07700 900142", "+447700900142"),
        ("(0113) 496 0877", "+441134960877"),
        ("+44 (0)7700 900142", "+447700900142"),
        ("0044 7700 900142", "+447700900142"),
        ("+353 1 555 0123", "+35315550123"),
    ],
)
def test_a_telephone_number_has_its_country(typed: str, value: str) -> None:
    text = f"ring {typed}, please"
    (phone,) = phones_in(text, "GB")
    assert (phone.value, text[phone.start : phone.end]) == (value, typed)


@pytest.mark.parametrize("text", ["serial number 0771 2345 678", "1234567890123", "20 years, 30 days, 40 hours", ""])
def test_not_every_row_of_digits_rings_somewhere(text: str) -> None:
    assert list(phones_in(text, "GB")) == []


def test_a_country_that_is_none_is_a_setting_error() -> None:
    with pytest.raises(SettingError, match="such as NZ"):
        checked_country("UK")


def test_the_check_digit_catches_each_single_slip() -> None:
    number = "100001" + luhn_digit("100001")
    assert luhn(f"LF-{number}")
    for place in range(7):
        for digit in "0123456789":
            if digit != number[place]:
                assert not luhn(number[:place] + digit + number[place + 1 :])


def test_digits_fill_a_form_and_others_stay() -> None:
    assert in_form("lf 1000017", "LF-0000000") == "LF-1000017"
    assert in_form("lf 17", "LF-0000000") == "lf 17"
