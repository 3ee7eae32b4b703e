"""What a customer rules out or takes back is never what they want."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.nlu.reading.negation import Mentioned, stances

SENTENCES = yaml.safe_load((Path(__file__).parent / "negation_sentences.yml").read_text("utf-8"))["sentences"]
_VALUE = re.compile(r"\{(\w+):([^}]*)\}")


def read(written: str) -> str:
    """The stances in a sentence whose values stand in braces, a letter each."""
    text, values, last = "", [], 0
    for match in _VALUE.finditer(written):
        text += written[last : match.start()]
        values.append(Mentioned(match[1], len(text), len(text) + len(match[2])))
        text, last = text + match[2], match.end()
    return "".join(stance[0] for stance in stances(text + written[last:], values))


@pytest.mark.parametrize(("expected", "written"), SENTENCES)
def test_a_value_is_wanted_or_ruled_out(expected: str, written: str) -> None:
    """D6, kind 2: negation, exclusion and correction, and what only looks like them."""
    assert read(written) == expected


@given(
    st.sampled_from(["please", "thanks, but", "hello,", "well", "hmm", "oh and"]),
    st.sampled_from(
        (
            *("not {}", "any day but {}", "anything except {}", "i can't do {}", "{} doesn't work for me"),
            *("instead of {}", "other than {}", "i'm away on {}", "{} won't work", "neither {}", "{} is no good"),
            *("we can't make it on {}", "not on {}", "not next {}", "i'd rather not have it on {}"),
        )
    ),
    st.sampled_from(["monday", "friday", "24 december", "tomorrow", "the 3rd"]),
    st.sampled_from(["", " please", ", thanks", ". sorry", "!"]),
)
def test_a_day_that_is_excluded_is_never_wanted(before: str, phrase: str, day: str, behind: str) -> None:
    """D6, kind 2: whatever stands around it."""
    if "{} " in phrase:
        before = ""
    assert read(f"{before} {phrase.format('{date:' + day + '}')}{behind}".strip()) == "r"


@given(st.text(max_size=200), st.lists(st.integers(0, 200), max_size=8))
def test_any_text_gives_one_stance_a_value(text: str, places: list[int]) -> None:
    """Whatever stands around the values, and however they lie."""
    places = sorted({place for place in places if place < len(text)})
    values = [Mentioned("date", start, end) for start, end in pairwise(places)]
    assert len(stances(text, values)) == len(values)
