"""Lines end at a line feed only (X9)."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.untrusted.lines import lines_of

_OTHER_ENDS = "\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"


def test_a_line_separator_inside_a_text_ends_no_line() -> None:
    """U+2028, U+0085 and their like are letters of a message."""
    assert lines_of(f"one{_OTHER_ENDS}one\ntwo\r\nthree\n") == [f"one{_OTHER_ENDS}one", "two", "three"]


def test_a_text_without_a_last_line_feed_has_the_same_lines() -> None:
    """A file whose last line is not ended is read all the same; an empty one has no lines."""
    assert lines_of("one\ntwo") == ["one", "two"] == lines_of("one\ntwo\n")
    assert lines_of("") == [] == lines_of("\n")[1:]


@given(st.lists(st.text(alphabet=st.characters(exclude_characters="\n\r")), min_size=1))
def test_lines_that_were_joined_come_back(lines: list[str]) -> None:
    """Whatever else stands in them."""
    assert lines_of("\n".join(lines) + "\n") == lines
