"""Messages without words: what a sign alone says."""

from __future__ import annotations

import pytest

from bot.dialogue.signs import Sign, sign_in


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("👍", "affirm"),
        ("👍🏽", "affirm"),
        ("❤️!!", "affirm"),
        ("✔", "affirm"),
        ("👎", "deny"),
        ("❌❌", "deny"),
        ("🚫", "deny"),
        ("👍👎", "deny"),
        ("?!", "nothing"),
        ("🐶", "nothing"),
        ("...", "nothing"),
        ("", "nothing"),
        ("👍 yes", None),
        ("👎 да", None),
        ("👍 2", None),
        ("½", None),
        ("x", None),
    ],
)
def test_a_sign_says_yes_no_or_nothing_and_a_letter_or_a_digit_is_to_be_read(text: str, says: Sign | None) -> None:
    """A no beside a yes is a no; skin tones and marks change nothing; no script of letters is taken for a sign."""
    assert sign_in(text) == says
