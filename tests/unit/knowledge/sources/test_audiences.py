"""What audiences promise: segments add to what everybody may read, and nothing makes a customer a colleague."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.knowledge.sources.audiences import may_read, readers_of


@pytest.mark.parametrize(
    ("attributes", "readers"),
    [
        ({}, {"public"}),
        ({"segments": ["trade"]}, {"public", "trade"}),
        ({"segments": "trade"}, {"public", "trade"}),
        ({"segments": ["trade", "internal"]}, {"public", "trade"}),
        ({"segments": [" Internal ", "INTERNAL", 7, None, ["internal"]]}, {"public"}),
        ({"segments": {"internal": True}}, {"public"}),
        ({"segment": ["trade"]}, {"public"}),
        (None, {"public"}),
    ],
)
def test_a_customers_attributes_choose_their_segments(attributes, readers):
    assert readers_of({"attributes": attributes}) == readers


_ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.sampled_from(["internal", "public", "trade"]),
    lambda inner: st.lists(inner, max_size=12) | st.dictionaries(st.text() | st.just("segments"), inner, max_size=4),
    max_leaves=20,
)


@given(_ANYTHING)
def test_whatever_the_attributes_hold_a_customer_is_no_colleague(attributes):
    readers = readers_of({"attributes": attributes})
    assert "public" in readers
    assert "internal" not in readers
    assert not may_read(("internal",), readers)


def test_nothing_is_known_of_somebody_without_attributes():
    assert readers_of(None) == readers_of({}) == {"public"}
