"""Nothing is cut out of a longer word."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.nlu.reading.whole import JOINERS, is_whole


@pytest.mark.parametrize(
    "text",
    [
        "{}",
        "it is {}.",
        "({})",
        '"{}"',
        "'{}'",
        "see {}, thanks",
        "order:{}",
        "{}/x",
        "no.{}",
        "{}'s state",
        "wait--{}",
    ],
)
def test_a_value_between_blanks_and_punctuation_is_whole(text: str) -> None:
    """D2, kind 2: sentence ends, quotes, brackets, a label and a possessive are no part of a word."""
    start = text.index("{}")
    assert is_whole(text.replace("{}", "LF17"), start, start + 4)


@given(
    st.sampled_from(["LF17", "oven", "1000017"]),
    st.sampled_from(["x", "7", "é", "я", "ß", "\u0928\u093f"]),
    st.sampled_from(["", *sorted(JOINERS)]),
    st.booleans(),
)
def test_a_value_glued_into_a_longer_word_is_not(value: str, glue: str, joiner: str, before: bool) -> None:
    """D2, kind 2: letters, digits and marks of any script, on either side, with a joiner or without."""
    text = f"hi {glue}{joiner}{value} x" if before else f"hi {value}{joiner}{glue} x"
    start = text.index(value, 3)
    assert not is_whole(text, start, start + len(value))


def test_an_address_begins_where_its_local_part_does() -> None:
    """D2, kind 2: any sign that a local part may have belongs to it."""
    for sign in "!#$%&'*+/?^_`{|}~-.":
        text = f"{sign}m@example.com"
        assert not is_whole(text, 1, len(text))
