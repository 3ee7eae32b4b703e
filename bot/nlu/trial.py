"""What the intent classifier says of sentences that it has not seen: the measure of everything that rests on it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from bot.errors import WarmlineError
from bot.nlu import training
from bot.nlu.encoder import Vectors
from bot.nlu.features import Vocabulary
from bot.nlu.training import Space


@dataclass(frozen=True)
class Trial:
    """Training sentences laid out, and each one's probabilities by a model that was trained without it."""

    labels: tuple[str, ...]
    targets: NDArray[np.int64]
    """(sentences,) places in ``labels``"""
    vocabulary: Vocabulary
    terms: csr_matrix
    space: Space
    folds: NDArray[np.int64]
    """(sentences,) the fold in which a sentence was held out; -1 if it was not"""
    probabilities: NDArray[np.float64]
    """(sentences, labels), tempered; only rows with a fold mean something"""
    temperature: float


_last: dict[str, Trial] = {}
"""The latest trial by its content: intents, scope and knowledge are trained in turn on the same sentences."""


def held(texts: Sequence[str], vectors: Vectors, labels: Sequence[str], seed: int) -> Trial:
    """Cross-validate on these sentences (their vectors: (len(texts), dimensions)); the same for the same seed."""
    if not texts:
        raise WarmlineError("There are no example sentences to learn from: add intents with examples in data/nlu/.")
    key = _key(texts, vectors, labels, seed)
    if key not in _last:
        trial = _try(texts, vectors, labels, seed)
        _last.clear()
        _last[key] = trial
    return _last[key]


def _try(texts: Sequence[str], vectors: Vectors, labels: Sequence[str], seed: int) -> Trial:
    names = tuple(sorted(set(labels)))
    places = {name: place for place, name in enumerate(names)}
    targets = np.asarray([places[label] for label in labels], dtype=np.int64)
    vocabulary = Vocabulary.learn(texts)
    terms = vocabulary.matrix(texts)
    space = Space.lay_out(vectors, terms, seed)
    logits, folds = space.out_of_fold(vectors, terms, targets, len(names), seed)
    tried = folds >= 0
    # Guo et al. 2017, "On Calibration of Modern Neural Networks".
    temperature = training.best_temperature(logits[tried], targets[tried])
    probabilities = training.softmax(logits / temperature)
    return Trial(names, targets, vocabulary, terms, space, folds, probabilities, temperature)


def _key(texts: Sequence[str], vectors: Vectors, labels: Sequence[str], seed: int) -> str:
    digest = hashlib.sha256(np.ascontiguousarray(vectors).tobytes())
    for word in (*texts, *labels, str(seed)):
        digest.update(word.encode("utf-8", "surrogatepass") + b"\0")
    return digest.hexdigest()
