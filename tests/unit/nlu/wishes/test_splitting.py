"""How a message is taken apart into wishes; what the split is worth, `make bench-understanding` says."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import ArtefactError
from bot.nlu.intents.classifier import Reading
from bot.nlu.wishes.splitting import (
    LONGEST_TEXT,
    MOST_PIECES,
    PIECES_OF_A_STRETCH,
    SplitPoints,
    StretchReading,
    WishSplitter,
    refers_back,
    splitter,
)

ABOUT = {"order": "track", "open": "hours", "refund": "refund", "delivery": "delivery", "hello": "greet"}


def read(texts: Sequence[str]) -> list[StretchReading]:
    """An honest small reader: a known word says what a stretch is about."""
    looks = []
    for text in texts:
        names = [name for word, name in ABOUT.items() if word in text.lower()]
        shares = dict.fromkeys((*ABOUT.values(), "out_of_scope"), 0.02)
        for name in names:
            shares[name] = 0.9 / len(names)
        if not names:
            shares["out_of_scope"] = 0.9
        total = sum(shares.values())
        vector = np.asarray([shares[name] for name in sorted(shares)], dtype=np.float32)
        readings = [Reading(name, share / total) for name, share in shares.items()]
        scope = 0.95 if names else 0.2
        looks.append(StretchReading.at(readings, scope, vector / np.linalg.norm(vector), "out_of_scope"))
    return looks


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (
            "Where is my order LF-1000017 and when do you open on Sunday?",
            ["Where is my order LF-1000017", "when do you open on Sunday?"],
        ),
        (
            "Where is my order? Also, how long does a refund take?",
            ["Where is my order?", "how long does a refund take?"],
        ),
        ("when do you open?\nwhere is my order?", ["when do you open?", "where is my order?"]),
    ],
)
def test_two_wishes_are_two_parts_with_their_own_words(text: str, parts: list[str]) -> None:
    """Each part is a stretch of the message."""
    wishes = splitter().split(text, read)
    assert [wish.text for wish in wishes] == parts
    assert all(text[wish.start : wish.end] == wish.text for wish in wishes)


@pytest.mark.parametrize(
    "text",
    [
        "Where is my order LF-1000017",
        "I ordered last week. I heard nothing since. My order should have come. Where is it?",
        "hello. where is my order?",
        "Do you open on Saturday and Sunday?",
        "",
        "??",
    ],
)
def test_one_wish_is_the_whole_message(text: str) -> None:
    """A story, a courtesy and a list are no second wish."""
    assert [wish.text for wish in splitter().split(text, read)] == [text]


def test_a_plain_message_is_not_read_at_all() -> None:
    """Without a joint there is nothing to weigh, and nothing to pay for."""

    def never(texts: Sequence[str]) -> list[StretchReading]:
        raise AssertionError(texts)

    assert len(splitter().split("where is my order", never)) == 1


def test_a_pasted_letter_is_not_taken_apart() -> None:
    """Its joints would take longer than they are worth."""
    assert len(SplitPoints("Where is my order? " * (LONGEST_TEXT // 10))) == 0


def test_the_weights_belong_to_the_evidence() -> None:
    """A name that one side has forgotten would silently count nothing."""
    joints = SplitPoints("Where is my order and when do you open?")
    looks = dict(zip(joints.stretches, read(joints.stretches), strict=True))
    (evidence,) = joints.evidence(looks)
    assert set(evidence) == set(splitter().weights)


def test_damaged_weights_are_refused(tmp_path: Path) -> None:
    """With the file's name."""
    (tmp_path / "wishes.json").write_text('{"schema": "wishes/1"}')
    with pytest.raises(ArtefactError, match="damaged"):
        WishSplitter.load(tmp_path / "wishes.json")


def test_a_part_that_points_back_says_so() -> None:
    """It is understood with the part before it."""
    assert refers_back("and how much is it?")
    assert not refers_back("when do you open?")


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.sampled_from(["order", "?", " and ", "open", ". ", "\n", "also", "2.", "é", "🙂", ", "]), max_size=40)
)
def test_no_message_breaks_the_splitter(pieces: list[str]) -> None:
    """Whatever is typed comes out as parts in order."""
    text = "".join(pieces)
    wishes = splitter().split(text, read)
    assert wishes
    assert all(one.end <= other.start for one, other in pairwise(wishes))


def test_what_is_read_for_a_message_is_bounded_however_many_wishes_it_has() -> None:
    """Weak joints are left alone first; every stretch counts with what the encoder reads of it."""
    many = SplitPoints(
        ("where is my order, and please cancel it. what does it cost? also do you deliver on Sunday\n" * 30)[:2000]
    )
    read = sum(min(PIECES_OF_A_STRETCH, len(re.findall(r"\w{1,4}|[^\w\s]", text))) for text in many.stretches)
    assert len(many) > 0
    assert read <= MOST_PIECES + PIECES_OF_A_STRETCH  # the whole message is read anyhow


def test_wishes_stand_where_the_customer_typed_them() -> None:
    """Behind a gap and a row that are read in part; the last one goes to the message's end."""
    text = "where is my order?" + "\n" * 200 + "also what does delivery cost" + "!" * 90
    joints = SplitPoints(text)
    first, second = joints.parts([1])
    assert first.text == "where is my order?"
    assert second.text == "what does delivery cost" + "!" * 90
    assert text[second.start : second.end] == second.text
