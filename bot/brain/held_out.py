"""How examples are read by a model that has not seen them; thresholds are measured on that."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from bot.nlu.intents import IntentModel, Reading

PARTS = 3
"""A third of the examples is held out: some hundreds of sentences, enough for the steps that are measured with them."""


@dataclass(frozen=True, eq=False)
class Examples:
    """The training sentences, their vectors (sentences, dimensions) and their intents."""

    texts: tuple[str, ...]
    vectors: NDArray[np.float32]
    labels: tuple[str, ...]

    @property
    def fingerprint(self) -> str:
        """Names the examples."""
        digest = hashlib.sha256(self.vectors.tobytes())
        digest.update("\x1f".join([*self.texts, *self.labels]).encode("utf-8", "surrogatepass"))
        return digest.hexdigest()

    def __hash__(self) -> int:
        return hash(self.fingerprint)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Examples) and self.fingerprint == other.fingerprint


@dataclass(frozen=True)
class HeldOut:
    """An example and how it was read: ``place`` is its row among the examples."""

    place: int
    readings: tuple[Reading, ...]


@lru_cache(maxsize=1)
def held_out_readings(examples: Examples, seed: int, out_of_scope: str) -> tuple[HeldOut, ...]:
    """Read a third of the examples by a model of the other two; two components measure on it, so it is kept."""
    inside, outside = _split(examples.labels, seed)
    if not len(inside):
        return ()
    model = IntentModel.train(
        [examples.texts[place] for place in inside],
        examples.vectors[inside],
        [examples.labels[place] for place in inside],
        seed,
    )
    return tuple(
        HeldOut(int(place), intents_among(model.read(examples.texts[place], examples.vectors[place]), out_of_scope))
        for place in outside
    )


def intents_among(readings: Sequence[Reading], out_of_scope: str) -> tuple[Reading, ...]:
    """The readings without the one that says "none of our business": scope has judged that."""
    return tuple(reading for reading in readings if reading.name != out_of_scope)


def _split(labels: Sequence[str], seed: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Places to learn from and places to try, each label spread evenly over both."""
    random = np.random.RandomState(seed)
    order = sorted(random.permutation(len(labels)), key=lambda place: labels[place])
    dealt = np.zeros(len(labels), dtype=np.int64)
    dealt[order] = np.arange(len(labels)) % PARTS
    return np.flatnonzero(dealt != 0), np.flatnonzero(dealt == 0)
