"""What a verdict about scope rests on, and how the pieces are weighed.

Out-of-scope messages are rare among examples, and often there are none. So each held-out sentence is measured twice: as
it is, and as if its intent did not exist. The second stands in for what customers ask that nobody has thought of.
"""

from __future__ import annotations

import math
import operator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.nlu.encoder.protocol import Vectors
from bot.nlu.intents.classifier import Classification
from bot.nlu.intents.cross_validation import CrossValidated

Rows = NDArray[np.float64]
"""(sentences, 5): log odds of the best reading among ours, its votes, how alike the nearest examples of ours are, log
odds of being out of scope, how alike the nearest out-of-scope example is."""

_COLUMNS = 5
# Beyond these odds (1 in 10,000) a probability says no more.
_LEAST_PROBABILITY = 1e-4
# The mean of five neighbours: one alone may be a slip of the trainer's.
_NEIGHBOURS = 5
# Held back a little, so that no piece outweighs the others by chance.
_REGULARISATION_C = 1.0
UNTRIED = ((0.2, 3.0, 5.0, 0.0, 0.0), -4.0)
"""Weights where there is too little to learn from: half a vote and half a cosine are even odds."""
FEWEST_OUT_OF_SCOPE = 20
"""With fewer examples out of scope than this, nothing is learnt from them."""
# How much each piece speaks for being ours, in units of its spread among ours: the reading's odds half as much, since
# doubt between two intents of ours is no sign of an out-of-scope message. Found on validation rows of a public set,
# trained without out-of-scope examples: area under the curve .987; .973 with weights that were learnt from sentences
# whose own intent was hidden, which lie nearer to the examples than those out of scope do.
_UNITS = (0.5, 1.0, 1.0, 0.0, 0.0)
_OUT_OF_SCOPE_COLUMNS = [3, 4]
# A column that is the same for all says nothing.
_FLAT = 1e-9
# Among so many messages of ours one out-of-scope message counts when sureness is learnt: about what traffic holds.
_OUT_OF_SCOPE_COUNT = 0.2
# How many rows of cosines are held in memory at once.
_BLOCK = 512


@dataclass(frozen=True)
class Weights:
    """Logistic regression over the evidence."""

    slopes: tuple[float, ...]
    constant: float

    def scores(self, rows: Rows) -> NDArray[np.float64]:
        """Return the score of being in scope, 0 to 1, for each row of evidence."""
        found: NDArray[np.float64] = 1.0 / (1.0 + np.exp(-(rows @ np.asarray(self.slopes) + self.constant)))
        return found

    def score(self, row: NDArray[np.float64]) -> float:
        """Return the score of one row of evidence."""
        return 1.0 / (1.0 + math.exp(-sum(map(operator.mul, row.tolist(), self.slopes)) - self.constant))


@dataclass(frozen=True)
class Evidence:
    """The held-out sentences, looked at twice."""

    own: Rows
    """As they are."""
    unknown: Rows
    """As if their intent did not exist; for an out-of-scope sentence the same again."""


def of_classification(
    classified: Classification, similarities: NDArray[np.float32], out_of_scope: NDArray[np.bool_], label: str
) -> NDArray[np.float64]:
    """Return the evidence on one message: one row.

    ``alike`` are its cosines to all examples, ``out_of_scope`` tells which of these are out of scope.
    """
    share, best, votes, total = 0.0, 0.0, 0.0, 0.0
    for reading, count in zip(classified.readings, classified.votes, strict=True):
        if reading.name == label:
            share = reading.confidence
        else:
            if total == 0.0:
                best, votes = reading.confidence, count
            total += reading.confidence
    odds = _log_odds(np.asarray([best / total if total else 0.0, share]))
    nearest = _nearest(np.where(out_of_scope, np.float32(-1.0), similarities)[np.newaxis, :])[0]
    strange = float(np.max(similarities, where=out_of_scope, initial=-1.0))
    return np.asarray([odds[0], votes, nearest, odds[1], strange])


def of_cross_validation(
    held: CrossValidated, vectors: Vectors, out_of_scope: NDArray[np.bool_], label: str
) -> Evidence:
    """Return the evidence on the held-out sentences; rows of others are zero."""
    targets = held.targets[: len(vectors)]
    strange = held.labels.index(label) if label in held.labels else None
    own = np.zeros((len(vectors), _COLUMNS))
    unknown = np.zeros((len(vectors), _COLUMNS))
    tried = np.flatnonzero(held.folds >= 0)
    for start in range(0, len(tried), _BLOCK):
        places = tried[start : start + _BLOCK]
        similarities = vectors[places] @ vectors.T
        # Only examples that the model of this fold was trained on count as near.
        similarities[held.folds[places][:, np.newaxis] == held.folds[np.newaxis, :]] = -1.0
        shares, votes = held.probabilities[places].copy(), held.votes[places].copy()
        own[places] = _rows(shares, votes, similarities, out_of_scope, strange)
        ours = np.flatnonzero(~out_of_scope[places])
        shares[ours, targets[places[ours]]] = 0.0
        votes[ours, targets[places[ours]]] = -np.inf
        similarities[(targets[places][:, np.newaxis] == targets[np.newaxis, :]) & ~out_of_scope[np.newaxis, :]] = -1.0
        shares /= np.maximum(shares.sum(axis=1, keepdims=True), 1e-12)
        unknown[places] = _rows(shares, votes, similarities, out_of_scope, strange)
    return Evidence(own, unknown)


def weigh_scope(
    rows: Evidence, out_of_scope: NDArray[np.bool_], chosen: NDArray[np.bool_], seed: int
) -> Weights | None:
    """Learn from the chosen sentences what speaks for being in scope; None where they are too few.

    What speaks for a sentence being ours is summed in units of its spread, which needs no out-of-scope examples (Dawes
    1979, "The Robust Beauty of Improper Linear Models"). What speaks against it is learnt from such examples, where
    there are enough.
    """
    inside, outside = np.flatnonzero(chosen & ~out_of_scope), np.flatnonzero(chosen & out_of_scope)
    if len(inside) < 2 * _COLUMNS:
        return None
    spread = rows.own[inside].std(axis=0)
    unit = np.where(spread > _FLAT, np.asarray(_UNITS) / np.maximum(spread, _FLAT), 0.0)
    if len(outside) < FEWEST_OUT_OF_SCOPE:
        points = np.concatenate([rows.own[inside], rows.unknown[inside]]) @ unit
        slopes, constant = _logistic(points[:, np.newaxis], np.arange(len(points)) < len(inside), None, seed)
        return Weights(tuple((unit * slopes[0]).tolist()), constant)
    both = np.concatenate([rows.own[inside], rows.own[outside]])
    points = np.column_stack([both @ unit, both[:, _OUT_OF_SCOPE_COLUMNS]])
    slopes, constant = _logistic(points, np.arange(len(points)) < len(inside), "balanced", seed)
    weights = unit * slopes[0]
    weights[_OUT_OF_SCOPE_COLUMNS] = slopes[1:]
    return Weights(tuple(weights.tolist()), constant)


def weigh_sureness(
    rows: Evidence,
    out_of_scope: NDArray[np.bool_],
    right: NDArray[np.bool_],
    chosen: NDArray[np.bool_],
    of_scope: Weights,
    seed: int,
) -> Weights | None:
    """Learn how sure it is that a sentence is ours and read rightly: from the reading's odds and from the scope."""
    inside, outside = np.flatnonzero(chosen & ~out_of_scope), np.flatnonzero(chosen & out_of_scope)
    if len(inside) < 2 * _COLUMNS or not right[inside].any():
        return None
    outside_rows = rows.own[outside] if len(outside) >= FEWEST_OUT_OF_SCOPE else rows.unknown[inside]
    both = np.concatenate([rows.own[inside], outside_rows])
    scope = np.asarray(of_scope.slopes)
    points = np.column_stack([both[:, 0], both @ scope + of_scope.constant])
    weights = np.where(np.arange(len(both)) < len(inside), 1.0, _OUT_OF_SCOPE_COUNT * len(inside) / len(outside_rows))
    is_right = np.concatenate([right[inside], np.zeros(len(outside_rows), bool)])
    slopes, constant = _logistic(points, is_right, weights, seed)
    found = scope * slopes[1]
    found[0] += slopes[0]
    return Weights(tuple(found.tolist()), constant + float(slopes[1]) * of_scope.constant)


def _logistic(
    points: NDArray[np.float64], good: NDArray[np.bool_], weights: NDArray[np.float64] | str | None, seed: int
) -> tuple[NDArray[np.float64], float]:
    """Return slopes and constant of a logistic regression, its columns in units of their spread."""
    from sklearn.linear_model import LogisticRegression

    spread = np.maximum(points.std(axis=0), _FLAT)
    middle = points.mean(axis=0)
    balance = weights if isinstance(weights, str) else None
    fitted = LogisticRegression(C=_REGULARISATION_C, class_weight=balance, random_state=seed, max_iter=1000).fit(
        (points - middle) / spread, good, None if isinstance(weights, str) else weights
    )
    slopes = fitted.coef_[0] / spread
    return slopes, float(fitted.intercept_[0] - slopes @ middle)


def _rows(
    shares: NDArray[np.float64],
    votes: NDArray[np.float32],
    similarities: NDArray[np.float32],
    out_of_scope: NDArray[np.bool_],
    strange: int | None,
) -> Rows:
    count = np.arange(len(shares))
    stranger = np.zeros(len(shares))
    if strange is not None:
        stranger = shares[:, strange].copy()
        shares = shares.copy()
        shares[:, strange] = 0.0
        shares /= np.maximum(shares.sum(axis=1, keepdims=True), 1e-12)
    best = shares.argmax(axis=1)
    voted = votes[count, best]
    return np.column_stack(
        [
            _log_odds(shares[count, best]),
            np.where(np.isfinite(voted), voted, 0.0),
            _nearest(np.where(out_of_scope[np.newaxis, :], np.float32(-1.0), similarities)),
            _log_odds(stranger),
            np.max(similarities, axis=1, where=out_of_scope[np.newaxis, :], initial=-1.0),
        ]
    )


def _nearest(similarities: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return the mean of each row's highest cosines."""
    most = min(_NEIGHBOURS, similarities.shape[1])
    highest = np.partition(similarities, similarities.shape[1] - most, axis=1)[:, similarities.shape[1] - most :]
    found: NDArray[np.float64] = highest.mean(axis=1, dtype=np.float64)
    return found


def _log_odds(probabilities: NDArray[np.float64]) -> NDArray[np.float64]:
    bounded = np.clip(probabilities, _LEAST_PROBABILITY, 1.0 - _LEAST_PROBABILITY)
    found: NDArray[np.float64] = np.log(bounded / (1.0 - bounded))
    return found
