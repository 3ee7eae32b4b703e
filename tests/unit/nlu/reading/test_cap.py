"""How much of a message is read, and where what was read stands in it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.nlu.reading.cap import (
    LONGEST_GAP,
    LONGEST_ROW,
    LONGEST_WORD,
    MOST_CHARACTERS,
    MOST_WORDS,
    read_of,
    readable,
)
from bot.nlu.reading.normalise import normalise
from tests.unit.nlu.reading.hostile import LONG, UNITS, filled, units

ROOT = Path(__file__).resolve().parents[4]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Where is my order?",
        "Hello,\n\nmy number is LF-1234566 …\n--\nA. Customer  (020 7946 0123)",
        "https://www.example.com/orders/LF-1234566?from=mail#top",
        "👍👍👍 !!! :)",
    ],
)
def test_an_ordinary_message_is_read_as_it_was_typed(text: str) -> None:
    """All of it, and every place is its own."""
    read = readable(text)
    assert read.text == text
    assert [read.typed_span(place, place + 1) for place in range(len(text))] == [
        (place, place + 1) for place in range(len(text))
    ]


def test_a_letter_as_long_as_the_gateway_takes_is_read_to_its_end() -> None:
    """Its order number may stand in the last line."""
    # The gateway's environment alone has it.
    longest = pytest.importorskip("bot.gateway.conversations.inbox", exc_type=ImportError).LONGEST_TEXT
    letter = ("I have written to you about the washing machine before. " * 80)[: longest - 11] + " LF-1234566"
    assert longest == MOST_CHARACTERS
    assert read_of(letter) == letter


@given(units, st.integers(1, 2 * LONG), st.sampled_from(["", "x", "[x"]))
def test_what_is_read_keeps_all_bounds(unit: str, length: int, frame: str) -> None:
    """Characters, words, the length of a word, and of rows of marks and blanks."""
    text = read_of(filled(unit, length + 2 * len(frame), frame))
    assert len(text) <= MOST_CHARACTERS
    assert len(text.split()) <= MOST_WORDS
    assert max(map(len, text.split()), default=0) <= LONGEST_WORD
    assert max(map(len, re.findall(r"\s+", text)), default=0) <= LONGEST_GAP
    assert max(map(len, re.findall(r"[^\w\s]+", text)), default=0) <= LONGEST_ROW


@given(st.lists(st.tuples(st.sampled_from(UNITS), st.integers(1, 150)), max_size=12))
def test_what_is_read_stands_where_it_was_typed(parts: list[tuple[str, int]]) -> None:
    """Every sign is what its place looks like when normalised, but for blanks that take giant words apart."""
    typed = "".join(unit * times for unit, times in parts)
    read = readable(typed)
    spans = [read.typed_span(place, place + 1) for place in range(len(read.text))]
    assert spans == sorted(spans)
    assert all(
        sign in normalise(typed[start:end]).text or sign == " "
        for (start, end), sign in zip(spans, read.text, strict=True)
    )


@given(st.lists(st.tuples(st.sampled_from(UNITS), st.integers(1, 150)), max_size=12))
def test_what_was_read_once_is_read_the_same_again(parts: list[tuple[str, int]]) -> None:
    """One reader may hand its text to another."""
    text = read_of("".join(unit * times for unit, times in parts))
    assert read_of(text) == text


def test_a_giant_word_is_read_in_pieces_and_none_of_it_is_lost() -> None:
    """An address of 250 characters is three words."""
    address = "https://example.com/" + "a" * 230
    read = readable(f"see {address} please")
    assert read.text.replace(" ", "") == f"see{address}please"
    assert [len(word) for word in read.text.split()] == [3, 100, 100, 50, 6]
    assert read.typed_span(read.text.index("please"), len(read.text)) == (4 + 250 + 1, 4 + 250 + 7)


def test_a_long_gap_keeps_that_a_paragraph_ended() -> None:
    """Its first two line breaks; without any, some blanks."""
    assert read_of("one" + " \n" * 50 + "two") == "one\n\ntwo"
    assert read_of("one" + " " * 500 + "two") == "one" + " " * LONGEST_GAP + "two"


def test_the_encoder_knows_no_longer_word_either() -> None:
    """Where the bound has its number from."""
    tokenizer = ROOT / "models" / "encoder" / "tokenizer.json"
    if not tokenizer.is_file():
        pytest.skip("there is no encoder: run `make train`")
    known = json.loads(tokenizer.read_text(encoding="utf-8"))["model"]
    assert known["max_input_chars_per_word"] == LONGEST_WORD
