"""Which intents the sentences vote for that are alike: the half of the classifier that compares with examples.

Kernel ridge regression (Saunders et al. 1998) on the likeness of two sentences, a Gaussian of their vectors' distance
and the cosine of their words and pieces of words. Of many sentences a random part are the landmarks that all are
compared with (Williams and Seeger 2001, "Using the Nyström Method to Speed Up Kernel Machines"). It is fitted in closed
form, so that it costs little to fit it again without a part of the sentences. Far from all examples its votes go
to zero, which says more about what is out of scope than any probability.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve, solve_triangular
from scipy.sparse import csr_matrix

from bot.nlu.encoder.protocol import Vectors

# Found by holding back training sentences of two public sets (docs/decisions/0012-understanding.md): how fast
# likeness falls with the vectors' distance, how much the words count beside it, and how far the votes are held back.
STEEPNESS = 2.0
_TERMS_COUNT = 0.3
_HELD_BACK = 0.1
# 2,500 landmarks and their 384 numbers are 4 MB, read once a message; fewer lose accuracy on 10,000 sentences.
_MOST_LANDMARKS = 2500
# Two sentences that are the same must not make the landmarks' likenesses singular.
_JITTER = 1e-4


@dataclass(frozen=True)
class Votes:
    """What serving needs."""

    landmarks: Vectors
    """(landmarks, dimensions)"""
    by_vector: NDArray[np.float32]
    """(landmarks, classes): how each landmark's likeness counts"""
    by_terms: NDArray[np.float32]
    """(terms, classes): how each term counts"""

    def near(self, vectors: Vectors) -> NDArray[np.float32]:
        """Return the votes of the vectors alone: (classes,) for one vector, (sentences, classes) for many."""
        found: NDArray[np.float32] = np.exp(STEEPNESS * (vectors @ self.landmarks.T - 1.0)) @ self.by_vector
        return found


class LandmarkSpace:
    """Training sentences laid out by their likeness to the landmarks."""

    def __init__(self, vectors: Vectors, terms: csr_matrix, seed: int) -> None:
        count = len(vectors)
        chosen = np.arange(count)
        if count > _MOST_LANDMARKS:
            chosen = np.sort(np.random.RandomState(seed).permutation(count)[:_MOST_LANDMARKS])
        self._vectors = vectors[chosen]
        self._terms = terms[chosen]
        likeness = np.exp(STEEPNESS * (vectors @ self._vectors.T - 1.0))
        likeness += _TERMS_COUNT * (terms @ self._terms.T).toarray()
        landmarks = likeness[chosen].astype(np.float64) + _JITTER * np.eye(len(chosen))
        self._root = np.linalg.cholesky(landmarks).astype(np.float32)
        self.points: NDArray[np.float32] = np.ascontiguousarray(
            solve_triangular(self._root, likeness.T.astype(np.float32), lower=True, check_finite=False).T
        )
        """(sentences, landmarks): inner products of rows are the likenesses"""
        self._products = self.points.T @ self.points

    def fit(self, places: NDArray[np.int64], targets: NDArray[np.int64], classes: int) -> NDArray[np.float32]:
        """Return weights (landmarks, classes) of the points: the sentences at ``places`` vote for ``targets``."""
        points = self.points[places]
        if len(places) < len(self.points) / 2:
            products = points.T @ points
        else:
            others = self.points[np.setdiff1d(np.arange(len(self.points)), places, assume_unique=True)]
            products = self._products - others.T @ others
        products[np.diag_indices_from(products)] += _HELD_BACK
        wanted = np.zeros((len(places), classes), dtype=np.float32)
        wanted[np.arange(len(places)), targets] = 1.0
        solved: NDArray[np.float32] = cho_solve(
            cho_factor(products, lower=True, overwrite_a=True, check_finite=False),
            points.T @ wanted,
            check_finite=False,
        )
        return solved

    def votes(self, weights: NDArray[np.float32]) -> Votes:
        """Turn weights of points into weights of landmarks and terms."""
        by_vector = solve_triangular(self._root, weights, lower=True, trans="T", check_finite=False).astype(np.float32)
        by_terms = np.asarray(_TERMS_COUNT * (self._terms.T @ by_vector), dtype=np.float32)
        return Votes(self._vectors, by_vector, by_terms)
