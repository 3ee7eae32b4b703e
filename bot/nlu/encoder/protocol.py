"""The seam behind which a sentence encoder stands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
"""A matrix of shape (sentences, dimensions), or one row of it."""


class Encoder(Protocol):
    """Turns sentences into vectors whose inner product says how alike the sentences are."""

    @property
    def fingerprint(self) -> str:
        """Names weights, tokens and pooling: vectors of two fingerprints must never be compared."""

    @property
    def dimensions(self) -> int:
        """How many numbers one vector holds."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return a (len(texts), dimensions) matrix whose rows have length 1, in the order of ``texts``."""
