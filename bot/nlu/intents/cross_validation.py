"""What the intent classifier says of sentences that it has not seen: the measure of everything that rests on it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.errors import WarmlineError
from bot.nlu.encoder.protocol import Vectors
from bot.nlu.intents import training
from bot.nlu.intents.features import Vocabulary
from bot.nlu.intents.training import Mixture, Space
from bot.nlu.intents.votes import LandmarkSpace


@dataclass(frozen=True)
class Titles:
    """What humans call the intents, one row each: learnt from beside the examples, and never held out."""

    texts: tuple[str, ...]
    vectors: Vectors
    """(titles, dimensions)"""
    labels: tuple[str, ...]


@dataclass(frozen=True)
class CrossValidated:
    """Training sentences laid out, and what a model that was trained without each one says of it."""

    labels: tuple[str, ...]
    targets: NDArray[np.int64]
    """(sentences + titles,) places in ``labels``"""
    vocabulary: Vocabulary
    space: Space
    landmark_space: LandmarkSpace
    folds: NDArray[np.int64]
    """(sentences,) the fold in which a sentence was held out; -1 if it was not"""
    probabilities: NDArray[np.float64]
    """(sentences, labels); only rows with a fold mean something"""
    votes: NDArray[np.float32]
    """(sentences, labels) what like examples gave each intent; only rows with a fold mean something"""
    mixture: Mixture


_last: dict[str, CrossValidated] = {}
"""The latest trial by its content: intents, scope and knowledge are trained in turn on the same sentences."""


def held(
    texts: Sequence[str], vectors: Vectors, labels: Sequence[str], seed: int, titles: Titles | None = None
) -> CrossValidated:
    """Cross-validate on these sentences (their vectors: (len(texts), dimensions)); the same for the same seed."""
    if not texts:
        raise WarmlineError("There are no example sentences to learn from: add intents with examples in data/nlu/.")
    key = _key(texts, vectors, labels, seed, titles)
    if key not in _last:
        _last.clear()
        _last[key] = _try(texts, vectors, labels, seed, titles)
    return _last[key]


def _try(
    texts: Sequence[str], vectors: Vectors, labels: Sequence[str], seed: int, titles: Titles | None
) -> CrossValidated:
    count, dimensions = vectors.shape
    names = tuple(sorted(set(labels)))
    places = {name: place for place, name in enumerate(names)}
    if titles is not None:
        # A title of an intent without examples would be an intent that nobody can test.
        known = [row for row, label in enumerate(titles.labels) if label in places]
        texts = (*texts, *(titles.texts[row] for row in known))
        labels = (*labels, *(titles.labels[row] for row in known))
        vectors = np.concatenate([vectors, titles.vectors[known].reshape(-1, dimensions)])
    targets = np.asarray([places[label] for label in labels], dtype=np.int64)
    vocabulary = Vocabulary.learn(texts, len(names))
    terms = vocabulary.matrix(texts)
    space = Space.lay_out(vectors, terms, seed)
    landmark_space = LandmarkSpace(vectors, terms, seed)
    folds = training.folds_of(targets[:count], seed)
    linear = np.zeros((count, len(names)), dtype=np.float32)
    votes = np.zeros((count, len(names)), dtype=np.float32)
    for fold in range(training.FOLDS):
        outside = np.flatnonzero(folds == fold)
        inside = np.setdiff1d(np.arange(len(texts)), outside, assume_unique=True)
        if not len(outside) or not len(inside):
            folds[outside] = -1
            continue
        fitted = space.fit(inside, targets[inside], len(names), seed)
        linear[outside] = vectors[outside] @ fitted.dense + terms[outside] @ fitted.sparse + fitted.bias
        votes[outside] = landmark_space.points[outside] @ landmark_space.fit(inside, targets[inside], len(names))
    tried = folds >= 0
    mixture = Mixture.learn(linear[tried], votes[tried], targets[:count][tried])
    probabilities = training.softmax(mixture.logits(linear, votes))
    return CrossValidated(names, targets, vocabulary, space, landmark_space, folds, probabilities, votes, mixture)


def _key(texts: Sequence[str], vectors: Vectors, labels: Sequence[str], seed: int, titles: Titles | None) -> str:
    digest = hashlib.sha256(np.ascontiguousarray(vectors).tobytes())
    words = (*texts, *labels, str(seed))
    if titles is not None:
        digest.update(np.ascontiguousarray(titles.vectors).tobytes())
        words = (*words, *titles.texts, *titles.labels)
    for word in words:
        digest.update(word.encode("utf-8", "surrogatepass") + b"\0")
    return digest.hexdigest()
