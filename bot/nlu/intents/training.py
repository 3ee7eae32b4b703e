"""How the linear half of the classifier is fitted, how sentences are held back, and how doubt is made honest."""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.sparse import csr_matrix

from bot.nlu.encoder.protocol import Vectors

# Found by cross-validation on training sentences (docs/decisions/0012-understanding.md): how far the vector, of
# length 1, counts beside the words, of length 1 too, how little the weights are held back, and on how many axes the
# terms are laid out. More axes gain nothing and cost seconds.
_VECTOR_WEIGHT = 2.0
_REGULARISATION_C = 16.0
_TERM_AXES = 256
# The logit of a class that this part of the data lacks (a fold may): it must not win.
_ABSENT = -20.0
_MOST_ITERATIONS = 100
_TOLERANCE = 1e-4
FOLDS = 5
# From here on two held-out parts say enough, and five trainings would take minutes.
_LARGE = 4000
_HELD_OF_MANY = 2
# How far the votes, at most about 1, count beside the linear logits: what gives the most right readings of held-out
# sentences on both public sets, with 5 examples an intent and with 100 (docs/decisions/0012-understanding.md). The
# likelihood would choose less, since the votes are no probabilities.
_VOTES_COUNT = 8.0
# Where nothing was held out to learn the temperature from: what the reference assistant's examples give, rounded.
_UNTRIED = 0.8


@dataclass(frozen=True)
class LinearModel:
    """Weights of a linear classifier over a vector and sparse terms."""

    dense: NDArray[np.float32]
    """(dimensions, classes)"""
    sparse: NDArray[np.float32]
    """(terms, classes)"""
    bias: NDArray[np.float32]
    """(classes,)"""


@dataclass(frozen=True)
class Mixture:
    """How the two halves of the classifier become one."""

    sharpness: float
    """What the logits are multiplied by, so that the probabilities are honest about doubt."""

    def logits(self, linear: NDArray[np.float32], votes: NDArray[np.float32]) -> NDArray[np.float64]:
        """Return the logits of both halves together, in the shape of each."""
        found: NDArray[np.float64] = self.sharpness * (linear.astype(np.float64) + _VOTES_COUNT * votes)
        return found

    @classmethod
    def learn(cls, linear: NDArray[np.float32], votes: NDArray[np.float32], targets: NDArray[np.int64]) -> Mixture:
        """Return what makes the true labels of held-out sentences likeliest: both halves (sentences, classes).

        Guo et al. 2017, "On Calibration of Modern Neural Networks": a temperature.
        """
        if not len(targets):
            return cls(_UNTRIED)
        rows = np.arange(len(targets))
        logits = cls(1.0).logits(linear, votes)

        def surprise(logarithm: float) -> float:
            probabilities = softmax(logits * np.exp(logarithm))
            return float(-np.log(probabilities[rows, targets] + 1e-12).mean())

        return cls(float(np.exp(minimize_scalar(surprise, bounds=(-3.0, 3.0), method="bounded").x)))


def softmax(logits: NDArray[np.float64]) -> NDArray[np.float64]:
    """Turn logits into probabilities along the last axis."""
    shifted = np.exp(logits - logits.max(axis=-1, keepdims=True))
    found: NDArray[np.float64] = shifted / shifted.sum(axis=-1, keepdims=True)
    return found


@dataclass(frozen=True)
class Space:
    """The training sentences laid out on few axes: their vectors, and what their terms have in common.

    The terms' axes are the strongest of their singular value decomposition (Deerwester et al. 1990, "Indexing by
    Latent Semantic Analysis"). The axes are only for training: weights on them are turned back into weights of terms.
    """

    points: NDArray[np.float32]
    """(sentences, dimensions + axes)"""
    axes: NDArray[np.float32]
    """(axes, terms)"""

    @classmethod
    def lay_out(cls, vectors: Vectors, terms: csr_matrix, seed: int) -> Space:
        """Choose the axes for these sentences; it needs no labels."""
        rank = min(_TERM_AXES, min(terms.shape) - 1)
        if rank < 1:
            points, axes = np.asarray(terms.todense()), np.eye(terms.shape[1])
        else:
            from sklearn.utils.extmath import randomized_svd

            left, strength, axes = randomized_svd(terms, n_components=rank, n_iter=4, random_state=seed)
            points = left * strength
        return cls(np.hstack([vectors * _VECTOR_WEIGHT, points]).astype(np.float32), axes.astype(np.float32))

    def fit(self, places: NDArray[np.int64], targets: NDArray[np.int64], classes: int, seed: int) -> LinearModel:
        """Fit a multinomial logistic regression to the sentences at ``places``, of which ``targets`` are the classes.

        A class without a sentence gets next to no probability.
        """
        weights = np.zeros((self.points.shape[1], classes))
        bias = np.full(classes, _ABSENT)
        present = np.unique(targets)
        if len(present) == 1:
            bias[present] = 0.0
        else:
            from sklearn.linear_model import LogisticRegression

            regression = LogisticRegression(
                C=_REGULARISATION_C, max_iter=_MOST_ITERATIONS, tol=_TOLERANCE, random_state=seed
            )
            with warnings.catch_warnings():
                # Stopping at the last iteration is a choice: by then accuracy has long stood still.
                warnings.simplefilter("ignore")
                regression.fit(self.points[places], targets)
            if len(present) == 2:  # scikit-learn keeps one row for two classes
                weights[:, present[1]] = regression.coef_[0]
                bias[present] = 0.0, regression.intercept_[0]
            else:
                weights[:, present] = regression.coef_.T
                bias[present] = regression.intercept_
        dimensions = len(weights) - len(self.axes)
        return LinearModel(
            (weights[:dimensions] * _VECTOR_WEIGHT).astype(np.float32),
            (self.axes.T @ weights[dimensions:]).astype(np.float32),
            bias.astype(np.float32),
        )


def folds_of(targets: NDArray[np.int64], seed: int) -> NDArray[np.int64]:
    """Deal the sentences of each class into folds, as evenly as they go: (sentences,) numbers of folds.

    Of many sentences only some folds are held out in turn; the others' sentences have -1.
    """
    random = np.random.RandomState(seed)
    dealt = np.zeros(len(targets), dtype=np.int64)
    next_fold = 0
    for target in np.unique(targets):
        places = np.flatnonzero(targets == target)
        random.shuffle(places)
        for place in places:
            dealt[place] = next_fold
            next_fold = (next_fold + 1) % FOLDS
    if len(targets) >= _LARGE:
        dealt[dealt >= _HELD_OF_MANY] = -1
    return dealt
