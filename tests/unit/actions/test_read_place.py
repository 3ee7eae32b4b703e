"""A place among what was offered is pointed at in words."""

from __future__ import annotations

import pytest

from actions.appointments import read_place


@pytest.mark.parametrize(
    ("text", "chosen"),
    [
        ("the first one", "a"),
        ("the second one please", "b"),
        ("not the first one", None),
        ("no, none of the first two", None),
        ("whenever", None),
    ],
)
def test_a_place_is_read_unless_it_is_refused(text: str, chosen: str | None) -> None:
    """What stands behind a "not" is no choice."""
    assert read_place(text, ["a", "b"]) == chosen
