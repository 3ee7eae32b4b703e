"""What a recogniser sees of each word: the word, its letters and shape, its neighbours, and what it means."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

import numpy as np
from numpy.typing import NDArray

from bot.nlu.encoder.word_vectors import WordVectors
from bot.nlu.entities.near_names import Word
from bot.nlu.entities.sequence_model import Sentence

# A word with what is joined into it ("0x80-07", "o'brien", "1,500.50"), or a single sign ("£", "!").
_TOKEN = re.compile(r"[^\W_]+(?:[.,:'\N{RIGHT SINGLE QUOTATION MARK}/@&+_-][^\W_]+)*|[^\s]")
_DIGIT = re.compile(r"\d")
_LETTER = re.compile(r"[^\W\d_]")

EDGE = "\N{EM DASH}"
"""Stands for what is before the first word and after the last."""
_SHORT_AFFIX, _LONG_AFFIX = 2, 3
_LONGEST_SHAPE = 20
"""Characters of a word whose shape is looked at."""
MEANING = 0.5
"""How much a standard deviation of a word's vector counts beside a feature that is there or not (1)."""


def tokens_of(text: str) -> list[Word]:
    """The words and single signs of a text, and where they stand."""
    return [Word(match.group(), match.start(), match.end()) for match in _TOKEN.finditer(text)]


def without_digits(word: str) -> str:
    """A word as it is compared: in lower case, each digit a 0."""
    return _DIGIT.sub("0", word.lower())


def sentence_of(words: Sequence[Word], ordinary: Collection[str], meanings: WordVectors | None) -> Sentence:
    """What is seen of the words of a text; ``ordinary`` are words of the language, ``meanings`` what they mean."""
    low = [EDGE, EDGE, *(without_digits(word.text) for word in words), EDGE, EDGE]
    kind = [EDGE, *(_kind(word.text, ordinary) for word in words), EDGE]
    features = [_of(low[place : place + 5], kind[place : place + 3], words[place].text) for place in range(len(words))]
    return Sentence(features, _meant(words, meanings))


def _of(near: Sequence[str], kinds: Sequence[str], typed: str) -> list[str]:
    before2, before, word, after, after2 = near
    return [
        "always",
        f"word {word}",
        f"shape {_shape(typed)}",
        f"kind {kinds[1]}",
        f"begins {word[:_LONG_AFFIX]}",
        f"ends {word[-_SHORT_AFFIX:]}",
        f"ends {word[-_LONG_AFFIX:]}",
        f"before {before}",
        f"after {after}",
        f"before2 {before2}",
        f"after2 {after2}",
        f"before both {before2} {before}",
        f"after both {after} {after2}",
        f"around {before} {after}",
        f"with before {before} {word}",
        f"with after {word} {after}",
        f"kind before {kinds[0]}",
        f"kind after {kinds[2]}",
        f"kinds {kinds[0]} {kinds[1]} {kinds[2]}",
        f"before and kind {before} {kinds[1]}",
        f"after and kind {after} {kinds[1]}",
    ]


def _kind(typed: str, ordinary: Collection[str]) -> str:
    """What kind of word: a sign, a number, with digits in it, an ordinary word, or one that no list has."""
    if not typed[0].isalnum():
        return "sign"
    if _DIGIT.search(typed):
        return "mixed" if _LETTER.search(typed) else "number"
    return "ordinary" if typed.lower().replace("'", "") in ordinary else "odd"


def _shape(typed: str) -> str:
    """Capitals, letters and digits, each row as one: ``LF-123`` is ``A-0``, ``Oslo`` is ``Aa``."""
    shape = ""
    for sign in typed[:_LONGEST_SHAPE]:
        one = "0" if sign.isdigit() else "A" if sign.isupper() else "a" if sign.isalpha() else sign
        if not shape.endswith(one):
            shape += one
    return shape


def _meant(words: Sequence[Word], meanings: WordVectors | None) -> NDArray[np.float32]:
    """What each word means, the one before it, and the one after it."""
    if meanings is None:
        return np.zeros((len(words), 0), dtype=np.float32)
    width = meanings.dimensions
    row = np.zeros((len(words) + 2, width), dtype=np.float32)
    for place, word in enumerate(words, start=1):
        if (found := meanings.of(word.text)) is not None:
            row[place] = found * MEANING
    return np.hstack([row[1:-1], row[:-2], row[2:]])
