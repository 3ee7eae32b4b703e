"""Origins: the same place has the same name, other places have others, and the name tells nobody where it is."""

from __future__ import annotations

import hashlib
import re

import pytest

from bot.gateway.platform import origin

KEY = "k" * 40


def test_an_origin_is_32_hex_digits_and_needs_the_key() -> None:
    """Nobody who reads the database can try all addresses."""
    name = origin.of_address(KEY, "203.0.113.7")
    assert re.fullmatch("[0-9a-f]{32}", name)
    assert name == origin.of_address(KEY, "203.0.113.7")
    assert name != origin.of_address("x" * 40, "203.0.113.7")
    assert hashlib.sha256(b"203.0.113.7").hexdigest()[:32] != name


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("203.0.113.7", "203.0.113.8", False),
        ("203.0.113.7", "::ffff:203.0.113.7", True),
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff", True),
        ("2001:db8:1:2::1", "2001:DB8:1:2:0:0:0:1", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("fe80::1%eth0", "fe80::1%eth1", True),
        ("", "127.0.0.1", False),
    ],
)
def test_one_place_has_one_name(one: str, other: str, same: bool) -> None:
    """IPv4 by address however it is written, IPv6 by its /64: a device takes new addresses in it as it likes."""
    assert (origin.of_address(KEY, one) == origin.of_address(KEY, other)) is same


def test_a_telegram_user_is_no_address() -> None:
    """Whatever number they have."""
    assert origin.of_telegram(KEY, "77") != origin.of_address(KEY, "77")
    assert origin.of_telegram(KEY, "77") != origin.of_telegram(KEY, "78")
