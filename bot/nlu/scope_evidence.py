"""What a verdict about scope rests on, and how the pieces are weighed.

Foreign messages are rare among examples, and often there are none. So each held-out sentence is looked at twice: as it
is, and as if its intent did not exist. The second look stands for what customers ask that nobody has thought of.
"""

from __future__ import annotations

import math
import operator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.nlu.encoder import Vectors
from bot.nlu.intents import Look
from bot.nlu.trial import Trial

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


def weigh(
    rows: Evidence, foreign: NDArray[np.bool_], good: NDArray[np.bool_], chosen: NDArray[np.bool_], seed: int
) -> Weights | None:
    """Learn from the chosen sentences which evidence speaks for the ``good`` ones; None where they are too few.

    ``good`` is every sentence of ours for the scope, or those that were read rightly for how sure an answer is.
    """
    inside, outside = np.flatnonzero(chosen & ~foreign), np.flatnonzero(chosen & foreign)
    if len(inside) < 2 * _COLUMNS or not good[inside].any():
        return None
    from sklearn.linear_model import LogisticRegression

    points = np.concatenate([rows.own[inside], rows.unknown[inside], rows.own[outside]])
    is_good = np.concatenate([good[inside].astype(float), np.zeros(len(inside) + len(outside))])
    # Our own and the rest of the world count the same; real foreign examples, however few, count for half of the rest.
    count = float(len(inside))
    imagined = count / 2 if len(outside) else count
    weights = np.concatenate(
        [
            np.ones(len(inside)),
            np.full(len(inside), imagined / count),
            np.full(len(outside), imagined / max(1, len(outside))),
        ]
    )
    spread = points.std(axis=0)
    spread[spread < 1e-9] = 1.0
    middle = points.mean(axis=0)
    fitted = LogisticRegression(C=_REGULARISATION_C, random_state=seed, max_iter=1000).fit(
        (points - middle) / spread, is_good, weights
    )
    slopes = fitted.coef_[0] / spread
    return Weights(tuple(float(slope) for slope in slopes), float(fitted.intercept_[0] - slopes @ middle))


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
