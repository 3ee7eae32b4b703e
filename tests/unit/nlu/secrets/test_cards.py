"""Card numbers are hidden however they are typed, and nothing else is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.nlu.entities.values import luhn_digit
from bot.nlu.secrets.cards import is_card_number
from bot.nlu.secrets.reader import SecretReader

READER = SecretReader(["LF-0000000"])

# Numbers for tests, most of them published by the networks: nobody's card.
PUBLISHED = (
    "4111111111111111",
    "4222222222222",
    "5555555555554444",
    "2223003122003222",
    "378282246310005",
    "30569309025904",
    "3530111333300000",
    "6011111111111117",
    "6200000000000000000",
    "6759649826438453",
)


@pytest.mark.parametrize("number", PUBLISHED)
@pytest.mark.parametrize("said", ["{}", "please take it from {} today", "card{}", "my card is {}, thanks"])
def test_a_cards_number_is_hidden_but_for_its_last_four_digits(number: str, said: str) -> None:
    """Alone, in a sentence, and glued to its word."""
    hidden = READER.hidden(said.format(number))
    assert hidden.text == said.format(f"•••• {number[-4:]}")
    assert hidden.kinds == {"card"}


@pytest.mark.parametrize(
    "typed",
    [
        "4111 1111 1111 1111",
        "4111-1111-1111-1111",
        "4111.1111.1111.1111",
        "4111\u00a01111\u00a01111\u00a01111",
        "4111\n1111\n1111\n1111",
        "41111111 11111111",
        "4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1",
        "411 111 111 111 1111",
        "4111 \u20131111 \u2013 1111\u20111111",
        "\uff14\uff11\uff11\uff11 1111 \uff11\uff11\uff11\uff11 1111",
        "\u0664\u0661\u0661\u0661 1111 \u0661\u0661\u0661\u0661 1111",
        "4111\u200b1111\u200b1111\u200b1111",
    ],
)
def test_any_blanks_dashes_and_digits_are_seen_through(typed: str) -> None:
    """As printed, as read out, as pasted."""
    assert READER.hidden(f"it is {typed} ok").text == "it is •••• 1111 ok"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("4111 1111 1111 1111 12/27 123", "•••• 1111 ••/•• •••"),
        ("4111111111111111 exp 12/2027 cvc 123", "•••• 1111 exp ••/•• cvc •••"),
        ("4111 1111 1111 1111 12 27 123", "•••• 1111 ••/•• •••"),
        ("4111 1111 1111 1111, 1227, 123", "•••• 1111, ••/••, •••"),
        (
            "3782 822463 10005 valid thru 03-28, security code is 1234",
            "•••• 0005 valid thru ••/••, security code is •••",
        ),
        ("4111111111111111 expires december 2027", "•••• 1111 expires ••/••"),
        ("cvv 123", "cvv •••"),
        ("4111111111111111 expiry: 09/28 security: 123", "•••• 1111 expiry: ••/•• security: •••"),
        ("the card expires 12/27", "the card expires ••/••"),
        ("visa 4111111111111111\n123", "visa •••• 1111\n•••"),
    ],
)
def test_its_date_and_its_code_are_hidden_too(typed: str, kept: str) -> None:
    """No code may ever be kept (PCI DSS 3.3.1), and a date must not become a day that somebody asked for."""
    assert READER.hidden(typed).text == kept


@pytest.mark.parametrize(
    "typed",
    [
        "my order is LF-1234566 and the other one 1234566",
        "call me on +44 7911 123456 or 0044 20 7946 0123",
        "07700 900123, 07700 900456",
        "from abroad +4222222222222 or +42 2222 222 2222",
        "serial 356938035643809",
        "the barcode is 4006381333931",
        "on 12/11 or 14-12-2026 14:30",
        "4111 1111 1111 1112",
        "DE89 3704 0044 0532 0130 00",
        "parcel JD014600003412345678",
        "0000 0000 0000 0000",
        "my warranty expires 12/27",
        "my gift card expires 12/27",
        "an oven of 60 cm, 2 of 3 parts, £399.00 and 123 High Street",
    ],
)
def test_other_numbers_stay(typed: str) -> None:
    """Orders, telephones, serial numbers, days, accounts; and a card's number with a wrong digit is none."""
    assert READER.hidden(typed).text == typed


def test_what_was_paid_on_which_day_stays_beside_a_card() -> None:
    """A day and an amount are no date and code of the card, nor is a house's number."""
    typed = "4111 1111 1111 1111 was charged 399 on 12/11, I live at 123 High Street"
    assert READER.hidden(typed).text == "•••• 1111 was charged 399 on 12/11, I live at 123 High Street"
    assert READER.hidden("4111 1111 1111 1111, 123 High Street").text == "•••• 1111, 123 High Street"


def test_two_cards_are_both_hidden() -> None:
    """Not only the first."""
    assert READER.hidden("4111111111111111 or 5555 5555 5555 4444").text == "•••• 1111 or •••• 4444"


def with_check(digits: str) -> str:
    return digits + luhn_digit(digits)


@given(st.text("0123456789", min_size=14, max_size=14).map(lambda rest: with_check("4" + rest)))
def test_a_number_in_the_companys_own_form_is_never_hidden(number: str) -> None:
    """Not even one of sixteen digits that begins and ends as a Visa card's does."""
    reader = SecretReader(["ORD-0000000000000000"])
    assert is_card_number(number)
    for typed in (
        f"where is ORD-{number}?",
        f"paid by card: ORD-{number}",
        f"ord {number}",
        f"ORD{number[:4]} {number[4:]}",
    ):
        assert reader.hidden(typed).text == typed
    assert reader.hidden(f"card {number}").text == f"card •••• {number[-4:]}"


@given(st.text("0123456789", min_size=14, max_size=14).map(lambda rest: with_check("4" + rest)))
def test_an_own_form_without_letters_gives_way_to_the_word_card(number: str) -> None:
    """A bare row of digits is an order's number, unless it is called a card's."""
    reader = SecretReader(["0000-0000-0000-0000"])
    assert reader.hidden(f"where is {number}").text == f"where is {number}"
    assert reader.hidden(f"pay with my card {number}").text == f"pay with my card •••• {number[-4:]}"


@given(
    st.from_regex(r"LF-?[0-9]{7}", fullmatch=True)
    | st.from_regex(r"\+[1-9][0-9]{0,2} [0-9]{3,5} ?[0-9]{5,6}", fullmatch=True)
    | st.from_regex(r"\+[1-9][0-9]{7,14}", fullmatch=True)
)
def test_orders_and_telephones_with_their_country_are_never_hidden(typed: str) -> None:
    """Whatever their digits are."""
    assert READER.hidden(f"it is {typed}.").text == f"it is {typed}."


@given(st.text(max_size=60))
def test_what_holds_no_digit_and_no_word_for_a_password_stays_as_it_was_typed(typed: str) -> None:
    """To the last sign, also where readers would see another."""
    hidden = READER.hidden(typed)
    assert hidden.kinds or hidden.text == typed
