"""How linear models are fitted, tried on sentences that they have not seen, and made honest about doubt."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.sparse import csr_matrix

from bot.nlu.encoder import Vectors

# Found by cross-validation on the reference assistant's 1,571 sentences (accuracy 0.873; 0.776 at the vector's
# weight 3 with unreduced terms, 0.44 to 0.56 with terms alone): how far the vector, of length 1, counts beside the
# words, of length 1 too; how little the weights are held back; and on how many axes the terms are laid out. More
# axes gain nothing and cost seconds.
_VECTOR_WEIGHT = 2.0
_REGULARISATION_C = 16.0
_TERM_AXES = 256
# The logit of a class that this part of the data lacks (a fold may): it must not win.
_ABSENT = -20.0
_MOST_ITERATIONS = 200
_TOLERANCE = 1e-3
_FOLDS = 5
# From here on one held-out part is enough to learn a temperature from, and five trainings would take minutes.
_LARGE = 4000


@dataclass(frozen=True)
class LinearModel:
    """Weights of a linear classifier over a vector and sparse terms."""

    dense: NDArray[np.float32]
    """(dimensions, classes)"""
    sparse: NDArray[np.float32]
    """(terms, classes)"""
    bias: NDArray[np.float32]
    """(classes,)"""

    def logits(self, vector: Vectors, places: NDArray[np.int64], values: NDArray[np.float32]) -> NDArray[np.float64]:
        """Return the unnormalised log probabilities of one sentence: (classes,)."""
        found: NDArray[np.float64] = (
            np.asarray(vector, dtype=np.float64).reshape(-1) @ self._wide + values @ self.sparse[places] + self.bias
        )
        return found

    @cached_property
    def _wide(self) -> NDArray[np.float64]:
        """``dense`` in the precision of the sum, so that it is not widened for each sentence."""
        return self.dense.astype(np.float64)


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

    def out_of_fold(
        self, vectors: Vectors, terms: csr_matrix, targets: NDArray[np.int64], classes: int, seed: int
    ) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        """Return logits (sentences, classes) by models that did not see the sentence, and its fold.

        Of many sentences only those in fold 0 are tried; the others have fold -1 and no logits.
        """
        folds = folds_of(targets, seed)
        if len(targets) >= _LARGE:
            folds[folds != 0] = -1
        logits = np.zeros((len(targets), classes))
        for fold in range(_FOLDS):
            inside, outside = np.flatnonzero(folds != fold), np.flatnonzero(folds == fold)
            if len(inside) and len(outside):
                linear = self.fit(inside, targets[inside], classes, seed)
                logits[outside] = vectors[outside] @ linear.dense + terms[outside] @ linear.sparse + linear.bias
            else:
                folds[outside] = -1
        return logits, folds


def folds_of(targets: NDArray[np.int64], seed: int, folds: int = _FOLDS) -> NDArray[np.int64]:
    """Deal the sentences of each class into folds, as evenly as they go: (sentences,) numbers of folds."""
    random = np.random.RandomState(seed)
    dealt = np.zeros(len(targets), dtype=np.int64)
    next_fold = 0
    for target in np.unique(targets):
        places = np.flatnonzero(targets == target)
        random.shuffle(places)
        for place in places:
            dealt[place] = next_fold
            next_fold = (next_fold + 1) % folds
    return dealt


def best_temperature(logits: NDArray[np.float64], targets: NDArray[np.int64]) -> float:
    """Return the divisor of the logits that makes the true labels likeliest; 1 when there is nothing to learn from."""
    if not len(targets):
        return 1.0

    def surprise(log_temperature: float) -> float:
        probabilities = softmax(logits / np.exp(log_temperature))
        return float(-np.log(probabilities[np.arange(len(targets)), targets] + 1e-12).mean())

    return float(np.exp(minimize_scalar(surprise, bounds=(-3.0, 3.0), method="bounded").x))
