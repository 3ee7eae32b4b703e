"""What a sentence asks for: a linear model over its vector and its words beside the votes of like examples."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bot.errors import ArtefactError
from bot.nlu import artefact
from bot.nlu.encoder.protocol import Vectors
from bot.nlu.intents import cross_validation, training
from bot.nlu.intents.cross_validation import Titles
from bot.nlu.intents.features import Vocabulary
from bot.nlu.intents.training import LinearModel, Mixture
from bot.nlu.intents.votes import Votes

_SCHEMA = "intents/2"
_COMMAND = "make train"
_NUMBERS = "intents.npz"
_NAMES = "intents.json"


class Reading(NamedTuple):
    """One way to understand a sentence; the confidences of all readings sum to 1."""

    name: str
    confidence: float


@dataclass(frozen=True)
class Classification:
    """A sentence as the model sees it."""

    readings: tuple[Reading, ...]
    """Every intent with its probability, the likeliest first."""
    votes: tuple[float, ...]
    """What like examples gave each reading, in the same order: about 1 beside several of them, 0 far from all."""

    def without(self, names: Collection[str]) -> Classification:
        """Return the same for a sentence of which it is known that it asks for none of these."""
        kept = [place for place, reading in enumerate(self.readings) if reading.name not in names]
        total = sum(self.readings[place].confidence for place in kept) or 1.0
        readings = tuple(Reading(self.readings[at].name, self.readings[at].confidence / total) for at in kept)
        return Classification(readings, tuple(self.votes[at] for at in kept))


class IntentModel:
    """Two halves that err differently: multinomial logistic regression and kernel ridge regression.

    Both are trained once and read without scikit-learn or SciPy.
    """

    def __init__(
        self, labels: tuple[str, ...], vocabulary: Vocabulary, linear: LinearModel, votes: Votes, mixture: Mixture
    ) -> None:
        self.labels = labels
        self._vocabulary = vocabulary
        self._linear = linear
        self._votes = votes
        self._mixture = mixture
        # The weights that a term has in both halves stand side by side: one look-up a term.
        self._terms = np.hstack([linear.sparse, votes.by_terms])

    @classmethod
    def train(
        cls, texts: Sequence[str], vectors: Vectors, labels: Sequence[str], seed: int, titles: Titles | None = None
    ) -> IntentModel:
        """Learn from sentences, their vectors (len(texts), dimensions) and their labels; the same for the same seed.

        What the two halves count and how sure they are together is what cross-validation finds.
        """
        tried = cross_validation.held(texts, vectors, labels, seed, titles)
        everything = np.arange(len(tried.targets))
        classes = len(tried.labels)
        linear = tried.space.fit(everything, tried.targets, classes, seed)
        votes = tried.landmark_space.votes(tried.landmark_space.fit(everything, tried.targets, classes))
        return cls(tried.labels, tried.vocabulary, linear, votes, tried.mixture)

    def classify(self, text: str, vector: Vectors) -> Classification:
        """Return what is read and how many examples speak for it; ``vector`` is the text's one row."""
        row = np.asarray(vector, dtype=np.float32).reshape(-1)
        places, values = self._vocabulary.weigh(text)
        terms = values @ self._terms[places]
        classes = len(self.labels)
        votes = self._votes.near(row) + terms[classes:]
        linear = row @ self._linear.dense + terms[:classes] + self._linear.bias
        probabilities = training.softmax(self._mixture.logits(linear, votes))
        order = np.argsort(-probabilities, kind="stable")
        return Classification(_ranked(self.labels, probabilities, order), tuple(votes[order].tolist()))

    def read(self, text: str, vector: Vectors) -> tuple[Reading, ...]:
        """Return every intent with its probability, the likeliest first; ``vector`` is the text's one row."""
        return self.classify(text, vector).readings

    def save(self, folder: Path) -> None:
        """Write two files, numbers and names, into a folder that may hold others."""
        folder.mkdir(parents=True, exist_ok=True)
        np.savez(
            folder / _NUMBERS,
            dense=self._linear.dense,
            sparse=self._linear.sparse,
            bias=self._linear.bias,
            landmarks=self._votes.landmarks,
            by_vector=self._votes.by_vector,
            by_terms=self._votes.by_terms,
            weights=self._vocabulary.weights,
        )
        artefact.write_json(
            folder / _NAMES,
            {
                "schema": _SCHEMA,
                "labels": list(self.labels),
                "terms": list(self._vocabulary.places),
                "length": self._vocabulary.length,
                "sharpness": self._mixture.sharpness,
                "files": artefact.checksums(folder, [_NUMBERS]),
            },
        )

    @classmethod
    def load(cls, folder: Path) -> IntentModel:
        """Read what :meth:`save` wrote, in whichever environment; :class:`ArtefactError` when it is not whole."""
        content = artefact.read_json(folder / _NAMES, _SCHEMA, _COMMAND)
        try:
            artefact.verify(folder, content["files"], _COMMAND)
            with np.load(folder / _NUMBERS, allow_pickle=False) as numbers:
                linear = LinearModel(numbers["dense"], numbers["sparse"], numbers["bias"])
                votes = Votes(numbers["landmarks"], numbers["by_vector"], numbers["by_terms"])
                weights: NDArray[np.float32] = numbers["weights"]
            vocabulary = Vocabulary(
                {term: place for place, term in enumerate(content["terms"])}, weights, float(content["length"])
            )
            mixture = Mixture(float(content["sharpness"]))
            return cls(tuple(content["labels"]), vocabulary, linear, votes, mixture)
        except (KeyError, TypeError, ValueError, OSError) as error:
            raise ArtefactError(folder / _NAMES, f"it is damaged ({error!r}).", _COMMAND) from error


def unseen_readings(
    texts: Sequence[str], vectors: Vectors, labels: Sequence[str], seed: int, titles: Titles | None = None
) -> tuple[tuple[Reading, ...], ...]:
    """Return how each training sentence is read by a model that was trained without it.

    Of many thousand sentences only some are held out; the others' readings are empty.
    """
    tried = cross_validation.held(texts, vectors, labels, seed, titles)
    return tuple(
        _ranked(tried.labels, shares, np.argsort(-shares, kind="stable")) if fold >= 0 else ()
        for shares, fold in zip(tried.probabilities, tried.folds, strict=True)
    )


def _ranked(labels: Sequence[str], probabilities: NDArray[np.float64], order: NDArray[np.int64]) -> tuple[Reading, ...]:
    return tuple(map(Reading, (labels[place] for place in order), probabilities[order].tolist()))
