"""What readers see of a message: the signs that people mean, and the way back to those that they typed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.nlu.reading.normalise import normalise


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("o\u2019brien", "o'brien"),
        ("\u201cno\u201d", '"no"'),
        ("LF\u20111000017", "LF-1000017"),
        ("LF\uff0d\uff11\uff10\uff10", "LF-100"),
        ("\u0661\u0662\u0663", "123"),
        ("\u09e7\u09e8", "12"),
        ("LS6\u00a02AB", "LS6 2AB"),
        ("LS6\t2AB", "LS6 2AB"),
        ("LS6\u30002AB", "LS6 2AB"),
        ("L\u00adS\u200b6\ufeff 2AB", "LS6 2AB"),
        ("\ufb01x it", "fix it"),
        ("e\u0301te\u0301", "été"),
        ("\u1112\u1161\u11ab", "\ud55c"),
        ("one\r\ntwo\u2028three", "one\ntwo\nthree"),
        ("wait\u2026 2\u00bd", "wait\u2026 2\u00bd"),
        ("tuesday \u2014 no", "tuesday \u2014 no"),
    ],
)
def test_a_text_is_read_as_it_looks(typed: str, read: str) -> None:
    """D18, kind 2: quotes, hyphens, digits, blanks, invisible signs, ligatures, accents and line breaks."""
    assert normalise(typed).text == read


@given(st.text(max_size=80))
def test_normalised_once_is_normalised(typed: str) -> None:
    """A reader may hand its text to another."""
    once = normalise(typed).text
    assert normalise(once).text == once


@given(st.text(max_size=80))
def test_every_sign_leads_back_to_where_it_was_typed(typed: str) -> None:
    """Places ascend, and what stands there looks like the sign."""
    read = normalise(typed)
    spans = [(read.typed_start(place), read.typed_end(place)) for place in range(len(read.text))]
    assert spans == sorted(spans)
    assert all(0 <= start < end <= len(typed) for start, end in spans)
    assert all(sign in normalise(typed[start:end]).text for sign, (start, end) in zip(read.text, spans, strict=True))


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=80))
def test_plain_english_stays_as_it_is(typed: str) -> None:
    """Nothing moves."""
    assert normalise(typed).text == typed


def test_a_tower_of_marks_costs_no_square() -> None:
    """Marks are composed in bounded clusters, and none is lost."""
    tower = "e" + "\u0301\u0316" * 2000
    assert len(normalise(tower).text) <= len(tower)
