"""How examples are read by a model that has not seen them; thresholds are measured on that."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.nlu.intents.classifier import Reading, unseen_readings
from bot.nlu.intents.cross_validation import Titles


@dataclass(frozen=True)
class Examples:
    """The training sentences, their vectors (sentences, dimensions) and their intents."""

    texts: tuple[str, ...]
    vectors: NDArray[np.float32]
    labels: tuple[str, ...]
    titles: Titles | None = None
    """What humans call the intents: learnt from beside the sentences."""


@dataclass(frozen=True)
class HeldOut:
    """An example and how it was read: ``place`` is its row among the examples."""

    place: int
    readings: tuple[Reading, ...]


def held_out_readings(examples: Examples, seed: int, out_of_scope: str) -> Iterator[HeldOut]:
    """Yield the examples that a model was tried on, with its readings in scope."""
    unseen = unseen_readings(examples.texts, examples.vectors, examples.labels, seed, examples.titles)
    for place, readings in enumerate(unseen):
        if readings:
            yield HeldOut(place, intents_among(readings, out_of_scope))


def intents_among(readings: Sequence[Reading], out_of_scope: str) -> tuple[Reading, ...]:
    """The readings without the one that says "out of scope": scope has judged that."""
    return tuple(reading for reading in readings if reading.name != out_of_scope)
