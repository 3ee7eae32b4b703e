"""Texts that are written to keep a reader busy."""

from __future__ import annotations

from hypothesis import strategies as st

SHORT, LONG = 2000, 4000
"""Characters: how the cost grows is seen between these two."""

_JOINTS = (
    *("and ", "oh ", "and oh just ", "also ", "if the ", "then again, ", "i want, and ", "where is it? "),
    *(", ", ". ", "? ", "\n", "; ", " - ", "please cancel it. "),
)
_MARKS = ("[", "'", "!", "?", ".", ",", "+", "(", "-", "@", "/", ":", '"', "*", "#", "…", ":)", "[('\"!?.,;")
_NUMBERS = (
    "1",
    "0-",
    "(0",
    "12:30 ",
    "020 7946 0123 ",
    "20/12/2026 ",
    "on 3 May ",
    "between 4 and ",
    "and 4,",
    "and 12:30 ",
    "LF-1234567 ",
)
_WORDS = (
    *("a", "A", "ha", "x-", "a@", "a.", "a b ", "the ", "dishwaser ", "dove si trova il pacco ", "привет ", "你"),
    *("ß", "ﷺ", "e\u0301", "😀", "👍🏽"),
)
_BLANKS = (" ", "\t", "\u00a0", "\u200b")
UNITS = (*_JOINTS, *_MARKS, *_NUMBERS, *_WORDS, *_BLANKS)

units = st.one_of(
    st.sampled_from(UNITS),
    st.lists(st.sampled_from(UNITS), min_size=2, max_size=4).map("".join),
    st.text(min_size=1, max_size=3),
)
"""What is repeated: one thing, or a mix of a few."""


def filled(unit: str, length: int, frame: str = "") -> str:
    """A text of so many characters: the unit again and again, between the frame's."""
    middle = length - 2 * len(frame)
    return frame + (unit * (middle // len(unit) + 1))[:middle] + frame
