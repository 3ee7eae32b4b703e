"""Search: meaning and words fused, over the passages that a filter leaves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from bot.knowledge.index.passages import Passage
from bot.knowledge.index.vectors import Allowed
from bot.nlu.encoder.protocol import Vectors

if TYPE_CHECKING:
    from bot.knowledge.index.index import Parts

# What a passage's score is made of, measured on the reference assistant's own questions (docs/decisions/0011).
_WHOLE = 0.55
_BEST_STRETCH = 0.25
_WORDS = 0.20
_ASKED = 0.30
"""An asked question that is near takes its passage along; without asked questions nothing is added."""
_OWNED = 0.03
"""What owning a product is worth: it decides between passages that fit alike, and no more."""

_CANDIDATES = 48
"""Passages that each way of searching may bring: the right one is among them for all our questions but two."""
_ASKED_CANDIDATES = 24

# How fast an asked question counts less the farther it is, and from which cosine on it counts for one; what brings the
# number of near ones, as a logarithm, to the size of a cosine.
_STEEP, _HALF, _SCALED = 15.0, 0.5, 5.0


@dataclass(frozen=True)
class Hit:
    """A passage that may answer, and how well it fits: from about 0 to 1."""

    passage: Passage
    score: float
    sources: tuple[Passage, ...] = ()
    """Other passages that say the same and that the searcher may read."""


class Search:
    """Finds passages; holds nothing but numbers derived from the parts."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        owner = np.asarray([stretch.passage for stretch in parts.stretches], dtype=np.int64)
        self.owner = owner
        """(stretches,) the passage of each."""
        self.first = np.searchsorted(owner, np.arange(len(parts.passages) + 1))
        """(passages + 1,) the first stretch of each: a passage's stretches stand together."""
        self.asked_stretch = np.asarray([one.stretch for one in parts.asked], dtype=np.int64)
        self.wholes = np.asarray([stretch.whole for stretch in parts.stretches], dtype=np.float32)
        """(stretches,) 1 for a list or a table."""
        self.openings = _openings(parts)
        """(stretches,) 1 for the first stretch of an article: its short answer."""
        names = {name: number for number, name in enumerate(dict.fromkeys(one.article for one in parts.passages))}
        articles = np.asarray([names[one.article] for one in parts.passages], dtype=np.int64)
        self._article = articles[owner] if len(owner) else owner
        # Asked questions in the order of their stretches, and where each stretch's begin.
        self._asked_order = np.argsort(self.asked_stretch, kind="stable")
        self._asked, self._asked_starts = np.unique(self.asked_stretch[self._asked_order], return_index=True)

    def near_asked(self, query: Vectors) -> NDArray[np.float32]:
        """Return (questions,): how near each asked question is."""
        near: NDArray[np.float32] = self._parts.questions @ query
        return near

    def candidates(
        self, query: Vectors, text: str, allowed: Allowed, near: NDArray[np.float32], most: int = _CANDIDATES
    ) -> tuple[NDArray[np.int64], Vectors]:
        """Return the numbers of the passages worth a closer look, ascending, and all passages' word scores.

        ``near`` is what :meth:`near_asked` says of the query.
        """
        words = self._parts.passage_words.scores(text)
        by_meaning, _ = self._parts.wholes.search(query, most, allowed)
        by_words = _best(words, allowed, most)
        by_asking = self._by_asking(near, allowed)
        return np.unique(np.concatenate([by_meaning, by_words, by_asking])), words

    def _by_asking(self, near: NDArray[np.float32], allowed: Allowed) -> NDArray[np.int64]:
        if not len(self.asked_stretch):
            return np.zeros(0, dtype=np.int64)
        most = min(_ASKED_CANDIDATES, len(near))
        passages = self.owner[self.asked_stretch[np.argpartition(-near, most - 1)[:most]]]
        return passages[allowed.mask[passages]]

    def stretches_of(self, passages: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the numbers of all stretches of these passages, passage by passage."""
        counts = self.first[passages + 1] - self.first[passages]
        starts = np.repeat(self.first[passages] - np.concatenate([[0], np.cumsum(counts)[:-1]]), counts)
        stretches: NDArray[np.int64] = np.arange(int(counts.sum()), dtype=np.int64) + starts
        return stretches

    def nearest_asked(self, near: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return (questions, stretches): of what each asked question comes to, the most of each stretch's."""
        fit = np.zeros((len(near), len(self.owner)), dtype=np.float32)
        if len(self.asked_stretch):
            fit[:, self._asked] = np.maximum.reduceat(near[:, self._asked_order], self._asked_starts, axis=1)
        return fit

    def asked_fits(self, near: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return (questions, 3, stretches) of what each asked question comes to, (questions, asked).

        The nearest one of each stretch, 0 where there is none; how many are near, the nearer the more; and the nearest
        one of the stretch's whole article.
        """
        fits = np.zeros((len(near), 3, len(self.owner)), dtype=np.float32)
        if len(self.asked_stretch):
            ordered = near[:, self._asked_order]
            best = np.maximum.reduceat(ordered, self._asked_starts, axis=1)
            fits[:, 0, self._asked] = best
            crowd = np.add.reduceat(np.exp(_STEEP * (ordered - _HALF)), self._asked_starts, axis=1)
            fits[:, 1, self._asked] = np.log1p(crowd) / _SCALED
            of_articles = np.zeros((len(near), int(self._article.max()) + 1), dtype=np.float32)
            # Articles stand together, so do their asked stretches.
            firsts = np.flatnonzero(np.diff(self._article[self._asked], prepend=-1))
            of_articles[:, self._article[self._asked[firsts]]] = np.maximum.reduceat(best, firsts, axis=1)
            fits[:, 2] = of_articles[:, self._article]
        return fits

    def passages(
        self, vector: Vectors, text: str, allowed: Allowed, k: int, owned: frozenset[str] = frozenset()
    ) -> tuple[Hit, ...]:
        """Return the best ``k``, each with the others that say the same."""
        if k < 1 or not len(allowed.rows):
            return ()
        query = np.asarray(vector, dtype=np.float32).reshape(-1)
        near = self.near_asked(query)
        numbers, words = self.candidates(query, text, allowed, near, max(_CANDIDATES, 2 * k))
        stretches = self.stretches_of(numbers)
        bounds = np.concatenate([[0], np.cumsum(self.first[numbers + 1] - self.first[numbers])[:-1]])
        best = np.maximum.reduceat(self._parts.sentences[stretches] @ query, bounds)
        scores = _WHOLE * (self._parts.wholes.rows[numbers] @ query) + _BEST_STRETCH * best + _WORDS * words[numbers]
        if len(self.asked_stretch):
            asked = np.maximum.reduceat(self.nearest_asked(near[None])[0][stretches], bounds)
            scores = (scores + _ASKED * np.maximum(asked, 0)) / (1 + _ASKED)
        if owned:
            has = [bool(owned.intersection(self._parts.passages[number].products)) for number in numbers]
            scores = scores + _OWNED * np.asarray(has, dtype=np.float32)
        return self._folded(numbers, scores, k)

    def _folded(self, numbers: NDArray[np.int64], scores: NDArray[np.float32], k: int) -> tuple[Hit, ...]:
        """Show one of several passages that say the same."""
        hits: dict[int, Hit] = {}
        for place in np.lexsort((numbers, -scores)):
            passage, group = self._parts.passages[numbers[place]], int(self._parts.owners[numbers[place]])
            if group in hits:
                shown = hits[group]
                hits[group] = Hit(shown.passage, shown.score, (*shown.sources, passage))
            else:
                hits[group] = Hit(passage, float(scores[place]))
        return tuple(hits.values())[:k]


def _openings(parts: Parts) -> NDArray[np.float32]:
    openings = np.zeros(len(parts.stretches), dtype=np.float32)
    met: set[str] = set()
    for number, stretch in enumerate(parts.stretches):
        article = parts.passages[stretch.passage].article
        if article not in met:
            met.add(article)
            openings[number] = 1
    return openings


def _best(scores: NDArray[np.float32], allowed: Allowed, most: int) -> NDArray[np.int64]:
    """Return the allowed passages with the best scores above zero."""
    left = scores if allowed.all else np.where(allowed.mask, scores, np.float32(0))
    if most >= len(left):
        return np.flatnonzero(left > 0)
    chosen = np.argpartition(-left, most)[:most]
    return chosen[left[chosen] > 0]
