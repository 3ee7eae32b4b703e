"""What a verdict about scope rests on, and how the pieces are weighed.

Foreign messages are rare among examples, and often there are none. So each held-out sentence is looked at twice: as it
is, and as if its intent did not exist. The second look stands in for what customers ask that nobody has thought of.
"""

from __future__ import annotations

import math
import operator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.nlu.encoder.protocol import Vectors
from bot.nlu.intents.classifier import Look
from bot.nlu.intents.cross_validation import Trial

Rows = NDArray[np.float64]
"""(sentences, 5): log odds of the best reading among ours, its votes, how alike the nearest examples of ours are, log
odds of being foreign, how alike the nearest foreign example is."""

_COLUMNS = 5
# Beyond these odds (1 in 10,000) a probability says no more.
_LEAST_PROBABILITY = 1e-4
# The mean of five neighbours: one alone may be a slip of the trainer's.
_NEIGHBOURS = 5
# Held back a little, so that no piece outweighs the others by chance.
_REGULARISATION_C = 1.0
UNTRIED = ((0.2, 3.0, 5.0, 0.0, 0.0), -4.0)
"""Weights where there is too little to learn from: half a vote and half a cosine are even odds."""
FEWEST_FOREIGN = 20
"""With fewer examples out of scope than this, nothing is learnt from them."""
# How much each piece speaks for being ours, in units of its spread among ours: the reading's odds half as much, since
# doubt between two intents of ours is no sign of a foreign message. Found on validation rows of a public set, trained
# without foreign examples: area under the curve .987; .973 with weights that were learnt from sentences whose own
# intent was hidden, which lie nearer to the examples than foreign ones do.
_UNITS = (0.5, 1.0, 1.0, 0.0, 0.0)
_FOREIGN_COLUMNS = [3, 4]
# A column that is the same for all says nothing.
_FLAT = 1e-9
# Among so many messages of ours one foreign message counts when sureness is learnt: about what traffic holds.
_STRANGERS_COUNT = 0.2
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
    """As if their intent did not exist; for a foreign sentence the same again."""


def of_look(look: Look, alike: NDArray[np.float32], foreign: NDArray[np.bool_], label: str) -> NDArray[np.float64]:
    """Return the evidence on one message: one row.

    ``alike`` are its cosines to all examples, ``foreign`` tells which of these are out of scope.
    """
    share, best, votes, total = 0.0, 0.0, 0.0, 0.0
    for reading, count in zip(look.readings, look.votes, strict=True):
        if reading.name == label:
            share = reading.confidence
        else:
            if total == 0.0:
                best, votes = reading.confidence, count
            total += reading.confidence
    odds = _log_odds(np.asarray([best / total if total else 0.0, share]))
    nearest = _nearest(np.where(foreign, np.float32(-1.0), alike)[np.newaxis, :])[0]
    strange = float(np.max(alike, where=foreign, initial=-1.0))
    return np.asarray([odds[0], votes, nearest, odds[1], strange])


def of_trial(held: Trial, vectors: Vectors, foreign: NDArray[np.bool_], label: str) -> Evidence:
    """Return the evidence on the held-out sentences; rows of others are zero."""
    targets = held.targets[: len(vectors)]
    strange = held.labels.index(label) if label in held.labels else None
    own = np.zeros((len(vectors), _COLUMNS))
    unknown = np.zeros((len(vectors), _COLUMNS))
    tried = np.flatnonzero(held.folds >= 0)
    for start in range(0, len(tried), _BLOCK):
        places = tried[start : start + _BLOCK]
        alike = vectors[places] @ vectors.T
        # Only examples that the model of this fold was trained on count as near.
        alike[held.folds[places][:, np.newaxis] == held.folds[np.newaxis, :]] = -1.0
        shares, votes = held.probabilities[places].copy(), held.votes[places].copy()
        own[places] = _rows(shares, votes, alike, foreign, strange)
        ours = np.flatnonzero(~foreign[places])
        shares[ours, targets[places[ours]]] = 0.0
        votes[ours, targets[places[ours]]] = -np.inf
        alike[(targets[places][:, np.newaxis] == targets[np.newaxis, :]) & ~foreign[np.newaxis, :]] = -1.0
        shares /= np.maximum(shares.sum(axis=1, keepdims=True), 1e-12)
        unknown[places] = _rows(shares, votes, alike, foreign, strange)
    return Evidence(own, unknown)


def weigh_scope(rows: Evidence, foreign: NDArray[np.bool_], chosen: NDArray[np.bool_], seed: int) -> Weights | None:
    """Learn from the chosen sentences what speaks for being in scope; None where they are too few.

    What says that a sentence is one of ours is summed in units of its spread, which no examples of foreign ones are
    needed for (Dawes 1979, "The Robust Beauty of Improper Linear Models"). What speaks for foreign ones is learnt from
    them, where there are enough.
    """
    inside, outside = np.flatnonzero(chosen & ~foreign), np.flatnonzero(chosen & foreign)
    if len(inside) < 2 * _COLUMNS:
        return None
    spread = rows.own[inside].std(axis=0)
    unit = np.where(spread > _FLAT, np.asarray(_UNITS) / np.maximum(spread, _FLAT), 0.0)
    if len(outside) < FEWEST_FOREIGN:
        points = np.concatenate([rows.own[inside], rows.unknown[inside]]) @ unit
        slopes, constant = _logistic(points[:, np.newaxis], np.arange(len(points)) < len(inside), None, seed)
        return Weights(tuple((unit * slopes[0]).tolist()), constant)
    both = np.concatenate([rows.own[inside], rows.own[outside]])
    points = np.column_stack([both @ unit, both[:, _FOREIGN_COLUMNS]])
    slopes, constant = _logistic(points, np.arange(len(points)) < len(inside), "balanced", seed)
    weights = unit * slopes[0]
    weights[_FOREIGN_COLUMNS] = slopes[1:]
    return Weights(tuple(weights.tolist()), constant)


def weigh_sureness(
    rows: Evidence,
    foreign: NDArray[np.bool_],
    right: NDArray[np.bool_],
    chosen: NDArray[np.bool_],
    of_scope: Weights,
    seed: int,
) -> Weights | None:
    """Learn how sure it is that a sentence is ours and read rightly: from the reading's odds and from the scope."""
    inside, outside = np.flatnonzero(chosen & ~foreign), np.flatnonzero(chosen & foreign)
    if len(inside) < 2 * _COLUMNS or not right[inside].any():
        return None
    strangers = rows.own[outside] if len(outside) >= FEWEST_FOREIGN else rows.unknown[inside]
    both = np.concatenate([rows.own[inside], strangers])
    scope = np.asarray(of_scope.slopes)
    points = np.column_stack([both[:, 0], both @ scope + of_scope.constant])
    weights = np.where(np.arange(len(both)) < len(inside), 1.0, _STRANGERS_COUNT * len(inside) / len(strangers))
    is_right = np.concatenate([right[inside], np.zeros(len(strangers), bool)])
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
    alike: NDArray[np.float32],
    foreign: NDArray[np.bool_],
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
            _nearest(np.where(foreign[np.newaxis, :], np.float32(-1.0), alike)),
            _log_odds(stranger),
            np.max(alike, axis=1, where=foreign[np.newaxis, :], initial=-1.0),
        ]
    )


def _nearest(alike: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return the mean of each row's highest cosines."""
    most = min(_NEIGHBOURS, alike.shape[1])
    highest = np.partition(alike, alike.shape[1] - most, axis=1)[:, alike.shape[1] - most :]
    found: NDArray[np.float64] = highest.mean(axis=1, dtype=np.float64)
    return found


def _log_odds(probabilities: NDArray[np.float64]) -> NDArray[np.float64]:
    bounded = np.clip(probabilities, _LEAST_PROBABILITY, 1.0 - _LEAST_PROBABILITY)
    found: NDArray[np.float64] = np.log(bounded / (1.0 - bounded))
    return found
