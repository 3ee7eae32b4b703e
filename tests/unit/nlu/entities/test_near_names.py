"""A name with a slip in it is found; an ordinary word is never taken for one."""

from __future__ import annotations

import pytest

from bot.nlu.entities.near_names import NearNames, Word, letters_off
from bot.nlu.languages.english_words import english_words

NAMES = ("dishwasher", "washing machine", "oven", "hob", "fridge", "heron 9", "kestrel", "kestrel duo")


@pytest.fixture(scope="module")
def names() -> NearNames:
    return NearNames(NAMES, english_words())


def found(names: NearNames, text: str) -> list[str]:
    words, place = [], 0
    for piece in text.split():
        start = text.index(piece, place)
        place = start + len(piece)
        words.append(Word(piece, start, place))
    return [near.listed for near in names.find(words)]


@pytest.mark.parametrize(
    ("text", "listed"),
    [
        ("dishwaser", "dishwasher"),
        ("dishwashr", "dishwasher"),
        ("dihswasher", "dishwasher"),
        ("washin mashine", "washing machine"),
        ("washingmachine", "washing machine"),
        ("fridgge", "fridge"),
        ("ovne", "oven"),
        ("Herron 9", "heron 9"),
        ("Heron-9", "heron 9"),
        ("kestral dou", "kestrel duo"),
    ],
)
def test_a_letter_or_two_may_be_wrong(names: NearNames, text: str, listed: str) -> None:
    assert found(names, f"my {text} leaks") == [listed]


@pytest.mark.parametrize(
    "word", ["bridge", "given", "over", "job", "hub", "even", "Owen", "heroine 9", "petrel", "ridge"]
)
def test_an_ordinary_word_means_itself(names: NearNames, word: str) -> None:
    assert found(names, f"the {word} is old") == []


def test_a_digit_is_never_wrong_by_accident(names: NearNames) -> None:
    assert found(names, "my herron 7 hums") == []


@pytest.mark.parametrize(("letters", "off"), [(0, 0), (3, 0), (4, 1), (7, 1), (8, 2), (30, 2)])
def test_short_names_bear_fewer_slips(letters: int, off: int) -> None:
    assert letters_off(letters) == off
