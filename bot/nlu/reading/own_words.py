"""The company's own words: those of its examples, lists and articles, and which of them stand side by side."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from bot.nlu.languages.english_words import english_words

ALL_WORDS = 90_000
"""All that the list of English has."""
SEEN_TWICE = 2
"""So often trainers must write a word that no list has, before it is taken for one and not for a slip of their own."""

WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")


@dataclass(frozen=True)
class Words:
    """The company's own words, and which of them stand beside one another; counted in its texts."""

    counts: Mapping[str, int]
    pairs: Mapping[tuple[str, str], int]

    @classmethod
    def of(cls, examples: Iterable[str], listed: Iterable[str] = ()) -> Words:
        """Count what trainers write; they write slips into examples on purpose, and those are no words."""
        english = english_words(ALL_WORDS)
        counts: Counter[str] = Counter()
        written: Counter[str] = Counter()
        pairs: Counter[tuple[str, str]] = Counter()
        for text in examples:
            words = _words_of(text)
            counts.update(word for word in words if letters_of(word) in english)
            written.update({word for word in words if letters_of(word) not in english})
            pairs.update(pairwise(words))
        counts.update({word: count for word, count in written.items() if count > SEEN_TWICE})
        known = {pair: count for pair, count in pairs.items() if pair[0] in counts and pair[1] in counts}
        return cls(counts, known).and_texts(listed)

    def and_texts(self, texts: Iterable[str]) -> Words:
        """Return the same with the words of texts in which slips are not expected: articles and lists."""
        counts, pairs = Counter(self.counts), Counter(self.pairs)
        for text in texts:
            words = _words_of(text)
            counts.update(words)
            pairs.update(pairwise(words))
        return Words(counts, pairs)

    def to_json(self) -> dict[str, Any]:
        """As it is written."""
        return {"words": dict(self.counts), "pairs": [[*pair, count] for pair, count in self.pairs.items()]}

    @classmethod
    def of_json(cls, written: Mapping[str, Any]) -> Words:
        """As :meth:`to_json` wrote it."""
        return cls(dict(written["words"]), {(first, second): count for first, second, count in written["pairs"]})


def _words_of(text: str) -> list[str]:
    return [match.group() for match in WORD.finditer(text.lower().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'"))]


def letters_of(word: str) -> str:
    """A word without its apostrophes: "dont" and "don't" are one to a list."""
    return word.replace("'", "")
