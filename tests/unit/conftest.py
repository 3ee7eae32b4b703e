"""A small encoder that needs no model, the built one where a test is about it, and the other environment's Python."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import settings

from bot.nlu.encoder.onnx_encoder import OnnxEncoder
from bot.nlu.encoder.protocol import Vectors

ROOT = Path(__file__).parents[2]

# A loaded machine is no failure: how long one example took says nothing about what is promised here.
settings.register_profile("unit", deadline=None)
settings.load_profile("unit")


class HashingEncoder:
    """Puts each word of a sentence on a pseudo-random direction: sentences that share words are alike."""

    fingerprint = "hashing-64"
    dimensions = 64

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return rows of length 1, the same for the same text everywhere."""
        vectors = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for row, text in enumerate(texts):
            for word in [*text.lower().split(), ""]:
                seed = int.from_bytes(hashlib.sha256(word.encode("utf-8", "replace")).digest()[:4], "big")
                vectors[row] += np.random.RandomState(seed).normal(size=self.dimensions).astype(np.float32)
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


@pytest.fixture(scope="session")
def encoder() -> HashingEncoder:
    """An encoder for tests that are about what is done with vectors."""
    return HashingEncoder()


def not_there(what: str) -> None:
    """Skip a test with a sentence; where everything must be there (CI=true) fail instead."""
    if os.environ.get("CI") == "true":
        pytest.fail(what)
    pytest.skip(what)


@pytest.fixture(scope="session")
def built_encoder_folder() -> Path:
    """Where the encoder that serves was built."""
    folder = Path(os.environ.get("WARMLINE_MODELS", ROOT / "models")) / "encoder"
    if not (folder / "manifest.json").is_file():
        not_there("The encoder is not built: run `python -m bot.nlu.encoder.build` in .venv.")
    return folder


@pytest.fixture(scope="session")
def built_encoder(built_encoder_folder: Path) -> OnnxEncoder:
    """The encoder that serves."""
    return OnnxEncoder.load(built_encoder_folder)


@pytest.fixture(scope="session")
def other_python() -> Path:
    """The interpreter of the environment that these tests do not run in."""
    other = ROOT / (".venv-brain" if sys.version_info >= (3, 11) else ".venv") / "bin" / "python"
    if not other.is_file():
        not_there(f"{other} does not exist: run `make environments`.")
    return other
