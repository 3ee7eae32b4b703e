"""A small model that labels each word of a sentence, and knows which label may follow which.

A linear-chain conditional random field (Lafferty, McCallum and Pereira, 2001): each feature of a word speaks for or
against each label, each pair of neighbouring labels has a weight, and the best row of labels is found as a whole. A
label has parts (that it is an entity at all, its name, its role), and a feature speaks for a part: what is learnt of
one role of a name helps the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]

REGULARISATION = 0.12
"""How much a weight costs (half its square times this). Chosen by cross-validation on the annotated sets of
tests/unit/nlu/entities: held-out mentions are found about as well from 0.05 to 0.3."""
MOST_ROUNDS = 40
"""Steps of L-BFGS; with 80 the same share of held-out mentions is found, in twice the time."""


_IMPOSSIBLE = -1e6
"""Less than any row of labels can make good."""


@dataclass(frozen=True)
class Labels:
    """The labels of a model and what they have in common."""

    names: tuple[str, ...]
    parts: Numbers
    """Parts by labels: 1 where a label has a part."""
    allowed: NDArray[np.bool_]
    """Labels by labels: whether the second may follow the first."""
    may_begin: NDArray[np.bool_]
    """Whether a sentence may begin with a label."""


@dataclass(frozen=True)
class Sentence:
    """What is seen of the words of a sentence (or of whatever else stands in a row)."""

    features: Sequence[Sequence[str]]
    vectors: NDArray[np.float32]
    """Words by numbers; there may be no numbers at all."""


@dataclass(frozen=True)
class SequenceModel:
    """Weights; ``rows`` names the row of each feature that was learnt."""

    labels: Labels
    rows: dict[str, int]
    weights: NDArray[np.float32]
    """Features by labels."""
    by_number: NDArray[np.float32]
    """Numbers of a vector by labels."""
    follows: NDArray[np.float32]
    """Labels by labels; what is not allowed is minus infinity."""

    def scores(self, sentence: Sentence) -> NDArray[np.float32]:
        """How much speaks for each label: words by labels."""
        found: NDArray[np.float32] = sentence.vectors @ self.by_number
        for place, one in enumerate(sentence.features):
            rows = [row for feature in one if (row := self.rows.get(feature)) is not None]
            if rows:
                found[place] += self.weights[rows].sum(axis=0)
        return found

    def best(self, sentence: Sentence, possible: Sequence[Sequence[bool]] | None = None) -> list[int]:
        """The best row of labels as a whole (Viterbi); ``possible`` says of each word which labels it may have."""
        if not sentence.features:
            return []
        scores = self.scores(sentence)
        if possible is not None:
            scores = np.where(np.asarray(possible, dtype=bool), scores, _IMPOSSIBLE)
        reached = np.where(self.labels.may_begin, scores[0], -np.inf)
        back = np.zeros(scores.shape, dtype=np.intp)
        everywhere = np.arange(len(self.labels.names))
        for place in range(1, len(scores)):
            ways = reached[:, None] + self.follows
            back[place] = ways.argmax(axis=0)
            reached = ways[back[place], everywhere] + scores[place]
        path = [int(reached.argmax())]
        for place in range(len(scores) - 1, 0, -1):
            path.append(int(back[place, path[-1]]))
        return path[::-1]


def train(sentences: Sequence[Sentence], truth: Sequence[Sequence[int]], labels: Labels) -> SequenceModel:
    """Learn from sentences and the label of each word. The same sentences give the same weights."""
    from scipy.optimize import minimize

    rows = {
        feature: row
        for row, feature in enumerate(sorted({one for each in sentences for word in each.features for one in word}))
    }
    batch = _Batch.of(sentences, truth, rows, labels)
    parts, count = labels.parts.shape
    numbers = sentences[0].vectors.shape[1]
    first, second = len(rows) * parts, (len(rows) + numbers) * parts

    def apart(flat: Numbers) -> tuple[Numbers, Numbers, Numbers]:
        return (
            flat[:first].reshape(len(rows), parts),
            flat[first:second].reshape(numbers, parts),
            flat[second:].reshape(count, count),
        )

    def cost(flat: Numbers) -> tuple[float, Numbers]:
        value, *slopes = batch.cost(*apart(flat))
        value += REGULARISATION / 2 * float(flat @ flat)
        return value, np.concatenate([slope.ravel() for slope in slopes]) + REGULARISATION * flat

    start = np.zeros(second + count * count)
    found = minimize(cost, start, jac=True, method="L-BFGS-B", options={"maxiter": MOST_ROUNDS}).x
    weights, by_number, follows = apart(found)
    return SequenceModel(
        labels,
        rows,
        (weights @ labels.parts).astype(np.float32),
        (by_number @ labels.parts).astype(np.float32),
        np.where(labels.allowed, follows, -np.inf).astype(np.float32),
    )


@dataclass(frozen=True)
class _Batch:
    """All sentences side by side: words of one place after another, shorter sentences filled up."""

    features: Any
    """Words by features, sparse; the words of all sentences, one after another."""
    vectors: Numbers
    """Words by numbers."""
    places: NDArray[np.intp]
    """Where each word stands in the filled-up rectangle, flat."""
    inside: NDArray[np.bool_]
    """Sentences by places: whether there is a word."""
    truth: NDArray[np.intp]
    """The label of each word."""
    pairs: Numbers
    """Labels by labels: how often one follows the other in truth."""
    labels: Labels

    @classmethod
    def of(
        cls, sentences: Sequence[Sentence], truth: Sequence[Sequence[int]], rows: dict[str, int], labels: Labels
    ) -> _Batch:
        from scipy.sparse import csr_matrix

        longest = max(len(sentence.features) for sentence in sentences)
        columns: list[int] = []
        begins, places = [0], []
        pairs = np.zeros((len(labels.names), len(labels.names)))
        for number, (sentence, own) in enumerate(zip(sentences, truth, strict=True)):
            for place, word in enumerate(sentence.features):
                columns += sorted({rows[one] for one in word})
                begins.append(len(columns))
                places.append(number * longest + place)
            for before, after in pairwise(own):
                pairs[before, after] += 1
        inside = np.zeros(len(sentences) * longest, dtype=bool)
        inside[places] = True
        return cls(
            csr_matrix((np.ones(len(columns)), columns, begins), shape=(len(places), len(rows))),
            np.vstack([sentence.vectors for sentence in sentences]).astype(np.float64),
            np.asarray(places, dtype=np.intp),
            inside.reshape(len(sentences), longest),
            np.asarray([label for own in truth for label in own], dtype=np.intp),
            pairs,
            labels,
        )

    def cost(self, weights: Numbers, by_number: Numbers, follows: Numbers) -> tuple[float, Numbers, Numbers, Numbers]:
        """Minus the logarithm of the truth's probability, and how it changes with the weights."""
        parts = self.labels.parts
        scores = self.features @ (weights @ parts) + self.vectors @ (by_number @ parts)
        right = scores[np.arange(len(scores)), self.truth].sum() + (self.pairs * follows).sum()
        highest = scores.max(axis=1, keepdims=True)
        grid = np.ones((self.inside.size, len(self.labels.names)))
        grid[self.places] = np.exp(scores - highest)
        grid = grid.reshape(*self.inside.shape, -1)
        way = np.where(self.labels.allowed, np.exp(follows), 0.0)
        before, sums = self._forward(grid, way)
        after = self._backward(grid, way, sums)
        every = (before * after).reshape(self.inside.size, -1)[self.places]
        passed = np.zeros_like(way)
        for place in range(1, grid.shape[1]):
            here = self.inside[:, place]
            passed += before[here, place - 1].T @ (grid[here, place] * after[here, place] / sums[here, place, None])
        every[np.arange(len(every)), self.truth] -= 1
        total = float(np.log(sums[self.inside]).sum() + highest.sum())
        by_part = every @ parts.T
        return total - float(right), self.features.T @ by_part, self.vectors.T @ by_part, passed * way - self.pairs

    def _forward(self, grid: Numbers, way: Numbers) -> tuple[Numbers, Numbers]:
        before, sums = np.zeros_like(grid), np.ones(self.inside.shape)
        for place in range(grid.shape[1]):
            reached = (before[:, place - 1] @ way if place else self.labels.may_begin.astype(float)) * grid[:, place]
            here = self.inside[:, place]
            sums[here, place] = reached[here].sum(axis=1)
            before[here, place] = reached[here] / sums[here, place, None]
        return before, sums

    def _backward(self, grid: Numbers, way: Numbers, sums: Numbers) -> Numbers:
        after = np.ones_like(grid)
        for place in range(grid.shape[1] - 2, -1, -1):
            here = self.inside[:, place + 1]
            next_one = grid[here, place + 1] * after[here, place + 1] / sums[here, place + 1, None]
            after[here, place] = next_one @ way.T
        return after
