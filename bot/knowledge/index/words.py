"""Words: BM25 over what was cut, for numbers, part names and rare words that a vector blurs."""

from __future__ import annotations

import io
import json
import math
import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.nlu import artefact
from bot.nlu.reading.cap import read_of

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?")
# Endings that English puts on one word and not on another with the same meaning. Crude, and good enough: a wrong
# stem meets itself on both sides.
_ENDING = re.compile(r"(?:'s|ing|ed|es|s|e|y)$")
_SHORTEST_INFLECTED = 4
# Long messages repeat themselves; what they are about stands in their first words.
_MOST_WORDS = 60
# Lucene's defaults (Robertson and Zaragoza 2009).
_K1, _B = 1.2, 0.75


def split_words(text: str) -> list[str]:
    """Return the words of a text in their order, as they are written but for the apostrophe."""
    return _WORD.findall(text.replace("\u2019", "'"))


def stems_of(text: str) -> list[str]:
    """Return the words of a text in small letters without their endings."""
    words = split_words(text.lower())
    return [_ENDING.sub("", word) if len(word) >= _SHORTEST_INFLECTED else word for word in words]


class WordIndex:
    """An inverted list with the weights of BM25 (the library bm25s computes them; Lù 2024).

    A score is the sum of the weights of a question's words in a text, divided by what the question's words could bring
    at most: 0 to about 1, whatever the question's length, so that one threshold fits all questions.
    """

    def __init__(
        self,
        vocabulary: dict[str, int],
        starts: NDArray[np.int64],
        places: NDArray[np.int32],
        weights: NDArray[np.float32],
        said: NDArray[np.int32],
        ends: NDArray[np.int64],
    ) -> None:
        self._vocabulary = vocabulary
        self._names = list(vocabulary)
        self._starts = starts
        self._places = places
        self._weights = weights
        # What each text says, word by word: the next build need not read again what stays.
        self._said = said
        self._ends = ends
        self._texts = len(ends)

    @classmethod
    def build(
        cls, texts: Sequence[str], earlier: WordIndex | None = None, kept: NDArray[np.int64] | None = None
    ) -> WordIndex:
        """Weigh the words of each text; the place of a text is its number from now on.

        ``kept`` (all texts,) tells which texts are taken over: it has the number of each in ``earlier``, and -1 where
        the next one of ``texts`` belongs. Without it there are none but ``texts``.
        """
        given = [stems_of(text) for text in texts]
        if earlier is None or kept is None:
            return cls._weighed(given)
        fresh = iter(given)
        return cls._weighed([next(fresh) if place < 0 else earlier._words_of(place) for place in kept.tolist()])

    def _words_of(self, text: int) -> list[str]:
        first = self._ends[text - 1] if text else 0
        return [self._names[number] for number in self._said[first : self._ends[text]].tolist()]

    @classmethod
    def _weighed(cls, words: Sequence[Sequence[str]]) -> WordIndex:
        known = sorted({word for one in words for word in one})
        ends = np.cumsum([len(one) for one in words], dtype=np.int64)
        if not known:
            none = np.zeros(0, np.int32)
            return cls({}, np.zeros(1, np.int64), none, none.astype(np.float32), none, ends)
        # Imported here: a process that loads an index does not weigh.
        import bm25s

        # Numbers are given here, so that the same texts give the same index whatever the library's order is.
        vocabulary = {word: number for number, word in enumerate(known)}
        weigher = bm25s.BM25(k1=_K1, b=_B, method="lucene")
        numbered = [[vocabulary[word] for word in one] for one in words]
        weigher.index((numbered, vocabulary), create_empty_token=False, show_progress=False)
        weighed = weigher.scores
        return cls(
            vocabulary,
            np.asarray(weighed["indptr"], dtype=np.int64),
            np.asarray(weighed["indices"], dtype=np.int32),
            np.asarray(weighed["data"], dtype=np.float32),
            np.fromiter((number for one in numbered for number in one), dtype=np.int32),
            ends,
        )

    def count(self, stem: str) -> int:
        """Return how many texts hold a stem."""
        number = self._vocabulary.get(stem)
        return 0 if number is None else int(self._starts[number + 1] - self._starts[number])

    def scores(self, text: str) -> NDArray[np.float32]:
        """Return (texts,) scores; a word that no text holds makes every score smaller."""
        found = np.zeros(self._texts, dtype=np.float32)
        most = 0.0
        for word in dict.fromkeys(stems_of(read_of(text))[:_MOST_WORDS]):
            number = self._vocabulary.get(word)
            first, last = (0, 0) if number is None else (self._starts[number], self._starts[number + 1])
            most += math.log(1 + (self._texts - (last - first) + 0.5) / (last - first + 0.5))
            if last > first:
                # A text stands at most once in a word's list, so plain addition is right.
                found[self._places[first:last]] += self._weights[first:last]
        return found / np.float32(most) if most > 0 else found

    def save(self, folder: Path, name: str) -> tuple[str, str]:
        """Write ``name.npz`` and ``name.json``; return their names. No pickle."""
        stream = io.BytesIO()
        np.savez(
            stream,
            starts=self._starts,
            places=self._places,
            weights=self._weights,
            said=self._said,
            ends=self._ends,
        )
        artefact.write_bytes(folder / f"{name}.npz", stream.getvalue())
        (folder / f"{name}.json").write_text(json.dumps(self._names, ensure_ascii=False), encoding="utf-8")
        return f"{name}.npz", f"{name}.json"

    @classmethod
    def load(cls, folder: Path, name: str) -> WordIndex:
        """Read what :meth:`save` wrote; KeyError, ValueError or OSError when it is not whole."""
        names = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
        with np.load(folder / f"{name}.npz", allow_pickle=False) as arrays:
            return cls(
                {word: number for number, word in enumerate(names)},
                arrays["starts"],
                arrays["places"],
                arrays["weights"],
                arrays["said"],
                arrays["ends"],
            )
