"""What a sentence asks for: a linear model over its vector and its words, with honest probabilities."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.errors import ArtefactError
from bot.nlu import artefact, training, trial
from bot.nlu.encoder import Vectors
from bot.nlu.features import Vocabulary
from bot.nlu.training import LinearModel

_SCHEMA = "intents/1"
_COMMAND = "make train"
_NUMBERS = "intents.npz"
_NAMES = "intents.json"


@dataclass(frozen=True)
class Reading:
    """One way to understand a sentence; the confidences of all readings sum to 1."""

    name: str
    confidence: float


class IntentModel:
    """Multinomial logistic regression, trained by scikit-learn and read without it."""

    def __init__(self, labels: tuple[str, ...], vocabulary: Vocabulary, linear: LinearModel, temperature: float):
        self.labels = labels
        self._vocabulary = vocabulary
        self._linear = linear
        self._temperature = temperature

    @classmethod
    def train(cls, texts: Sequence[str], vectors: Vectors, labels: Sequence[str], seed: int) -> IntentModel:
        """Learn from sentences, their vectors (len(texts), dimensions) and their labels; the same for the same seed.

        The probabilities are tempered by what cross-validation finds.
        """
        tried = trial.held(texts, vectors, labels, seed)
        linear = tried.space.fit(np.arange(len(texts)), tried.targets, len(tried.labels), seed)
        return cls(tried.labels, tried.vocabulary, linear, tried.temperature)

    def read(self, text: str, vector: Vectors) -> tuple[Reading, ...]:
        """Return every intent with its probability, the likeliest first; ``vector`` is the text's one row."""
        places, values = self._vocabulary.weigh(text)
        probabilities = training.softmax(self._linear.logits(vector, places, values) / self._temperature)
        return _ranked(self.labels, probabilities)

    def save(self, folder: Path) -> None:
        """Write two files, numbers and names, into a folder that may hold others."""
        folder.mkdir(parents=True, exist_ok=True)
        np.savez(
            folder / _NUMBERS,
            dense=self._linear.dense,
            sparse=self._linear.sparse,
            bias=self._linear.bias,
            weights=self._vocabulary.weights,
        )
        artefact.write_json(
            folder / _NAMES,
            {
                "schema": _SCHEMA,
                "labels": list(self.labels),
                "terms": list(self._vocabulary.places),
                "temperature": self._temperature,
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
                weights: NDArray[np.float32] = numbers["weights"]
            vocabulary = Vocabulary({term: place for place, term in enumerate(content["terms"])}, weights)
            return cls(tuple(content["labels"]), vocabulary, linear, float(content["temperature"]))
        except (KeyError, TypeError, ValueError, OSError) as error:
            raise ArtefactError(folder / _NAMES, f"it is damaged ({error!r}).", _COMMAND) from error


def unseen_readings(
    texts: Sequence[str], vectors: Vectors, labels: Sequence[str], seed: int
) -> tuple[tuple[Reading, ...], ...]:
    """Return how each training sentence is read by a model that was trained without it.

    Of many thousand sentences only a fifth is held out; the others' readings are empty.
    """
    tried = trial.held(texts, vectors, labels, seed)
    return tuple(
        _ranked(tried.labels, shares) if fold >= 0 else ()
        for shares, fold in zip(tried.probabilities, tried.folds, strict=True)
    )


def _ranked(labels: Sequence[str], probabilities: NDArray[np.float64]) -> tuple[Reading, ...]:
    order = np.argsort(-probabilities, kind="stable")
    return tuple(Reading(labels[place], float(probabilities[place])) for place in order)
