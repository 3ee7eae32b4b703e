"""What kind of value an entity holds, by what the company says or by its name."""

from __future__ import annotations

import pytest

from bot.contract.kinds import kind_in, kind_of


@pytest.mark.parametrize(
    ("name", "kinds", "kind"),
    [
        ("date", {}, "date"),
        ("postcode", {}, "postcode"),
        ("booking", {}, ""),
        ("zip", {"zip": "postcode"}, "postcode"),
        ("email", {"zip": "postcode"}, "email"),
        # Once days go to another entity, the name is free for a fruit.
        ("date", {"arrival": "date"}, ""),
        ("date", {"date": "phone"}, "phone"),
    ],
)
def test_a_kind_is_what_the_company_says_or_else_the_name(name: str, kinds: dict[str, str], kind: str) -> None:
    """Without a setting the conventional names hold what they say."""
    assert kind_of(name, kinds) == kind


def test_on_a_message_a_kind_stands_only_where_the_name_does_not_say_it() -> None:
    """As Rasa passes entities on."""
    assert kind_in({"entity": "zip", "value": "90210", "kind": "postcode"}) == "postcode"
    assert kind_in({"entity": "date", "value": "2026-12-24"}) == "date"
    assert kind_in({}) == ""
