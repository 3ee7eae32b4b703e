"""What the intent classifier sees of a sentence beside its vector: weighted words and pieces of words."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from bot.nlu.reading.normalise import normalise

# What a customer says first and last in a long complaint decides; more characters only cost time.
_LONGEST_TEXT = 1200
_LONGEST_WORD = 24
# Pieces of 3 to 5 characters survive typing errors, and are few enough for a table in memory.
_PIECES = range(3, 6)
# From so many examples an intent on, its words say as much as they ever will; of few examples, the vectors say more.
# Found on 5, 10 and all training sentences an intent of a public set (docs/decisions/0012-understanding.md).
_ENOUGH_EXAMPLES = 40
# A piece that stands in one training sentence only says nothing about the next one.
_LEAST_SENTENCES = {"w": 1, "c": 2}
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_DIGITS = re.compile(r"\d")


def normalised(text: str) -> str:
    """Lower case, one kind of apostrophe, every digit a 0: what two spellings of one sentence share."""
    folded = normalise(text[: 2 * _LONGEST_TEXT]).text.casefold()[:_LONGEST_TEXT]
    return _DIGITS.sub("0", folded)


def terms_of(text: str) -> list[str]:
    """Return a sentence's words, pairs of words (``w:``) and pieces of words (``c:``), with repetition."""
    words = [word[:_LONGEST_WORD] for word in _WORD.findall(normalised(text))]
    terms = [f"w:{word}" for word in words]
    terms += [f"w:{first} {second}" for first, second in pairwise(words)]
    for word in words:
        padded = f" {word} "
        terms += [f"c:{padded[at : at + size]}" for size in _PIECES for at in range(len(padded) - size + 1)]
    return terms


@dataclass(frozen=True)
class Vocabulary:
    """The terms that training kept, and how much each weighs (TF-IDF: Spärck Jones 1972, smoothed)."""

    places: Mapping[str, int]
    weights: NDArray[np.float32]
    """(terms,) inverse document frequency."""
    length: float = 1.0
    """How long a text's words and its pieces are laid out, each: what they count beside the vector."""

    @classmethod
    def learn(cls, texts: Sequence[str], intents: int = 1) -> Vocabulary:
        """Count the terms of the training sentences and keep those that can say something about another one."""
        counts: Counter[str] = Counter()
        for text in texts:
            counts.update(set(terms_of(text)))
        kept = sorted(term for term, count in counts.items() if count >= _LEAST_SENTENCES[term[0]])
        weights = [math.log((1 + len(texts)) / (1 + counts[term])) + 1.0 for term in kept]
        length = math.sqrt(min(1.0, len(texts) / intents / _ENOUGH_EXAMPLES)) if texts else 1.0
        return cls({term: place for place, term in enumerate(kept)}, np.asarray(weights, dtype=np.float32), length)

    def weigh(self, text: str) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Return the places of a text's known terms and their weights.

        Words and pieces each have :attr:`length` together, so that a long text does not outweigh its vector.
        """
        known = Counter(term for term in terms_of(text) if term in self.places)
        places = np.fromiter((self.places[term] for term in known), dtype=np.int64, count=len(known))
        counts = np.fromiter(known.values(), dtype=np.float32, count=len(known))
        values = (1.0 + np.log(counts)) * self.weights[places]
        word = np.fromiter((term[0] == "w" for term in known), dtype=bool, count=len(known))
        for part in (word, ~word):
            length = float(np.sqrt(np.square(values[part]).sum()))
            if length > 0:
                values[part] *= self.length / length
        return places, values.astype(np.float32)

    def matrix(self, texts: Iterable[str]) -> csr_matrix:
        """Return one sparse row a text: (texts, terms)."""
        rows = [self.weigh(text) for text in texts]
        bounds = np.cumsum([0, *(len(places) for places, _ in rows)])
        places = np.concatenate([places for places, _ in rows]) if rows else np.zeros(0, dtype=np.int64)
        values = np.concatenate([values for _, values in rows]) if rows else np.zeros(0, dtype=np.float32)
        return csr_matrix((values, places, bounds), shape=(len(rows), len(self.places)), dtype=np.float32)
