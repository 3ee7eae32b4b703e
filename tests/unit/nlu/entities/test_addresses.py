"""E-mail addresses in what people write: whole, valid, meant."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.nlu.entities.addresses import address_meant, addresses_in


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("siobhan.o\u2019brien@example.com", "siobhan.o'brien@example.com"),
        ("j\u00f6rg-m@example.com", "j\u00f6rg-m@example.com"),
        ("it's Jo@Example.com.", "jo@example.com"),
        ("<jo@example.com>", "jo@example.com"),
        ("'jo@example.com'", "jo@example.com"),
        ("mailto:jo@example.com", "jo@example.com"),
        ("\uff4a\uff4f\uff20example.com", "jo@example.com"),
        ("jo\u200b@example.com", "jo@example.com"),
        ("a@example.com, sorry, b@example.com", "b@example.com"),
        ("b@example.com, not a@example.com", "b@example.com"),
        ("sorry, wrong address: it is siobhan@example.com", "siobhan@example.com"),
        ("jo@@example.com", None),
        ("a..b@example.com", None),
        ("a@example", None),
        ("name at example dot com", None),
        ("no", None),
        ("", None),
    ],
)
def test_the_address_that_is_given(typed: str, address: str | None) -> None:
    """D2 and D11, kind 2: the whole of it or nothing; the later one and never one that is ruled out."""
    assert address_meant(typed) == address


@given(st.text(min_size=1, max_size=12).filter(lambda text: not any(sign.isspace() for sign in text)))
def test_never_a_proper_part_of_an_unbroken_word(glued: str) -> None:
    """D2, kind 2: letters, digits and marks before an address are part of it."""
    if glued[-1].isalnum():
        assert all(found.start < len(glued) for found in addresses_in(f"{glued}m@example.com"))


def test_an_address_tells_where_it_was_typed() -> None:
    """Invisible signs within it are part of its place."""
    found = addresses_in("mail jo\u00ad.m@example.com!")
    assert [(each.value, each.start, each.end) for each in found] == [("jo.m@example.com", 5, 22)]
