"""What single words mean, as a table: a reader that looks at each word of a message cannot wait for the encoder.

Each word is encoded once, as a sentence of its own, and what the vectors have most in common is kept of them
(principal components, a byte a number). "Thai" then stands near "Korean", and "terrace" near "garden".
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.nlu import artefact
from bot.nlu.encoder.protocol import Encoder, Vectors
from bot.nlu.languages.english_words import english_counts

KNOWN = 30_000
"""Words that are encoded, the most frequent of English first; first names and cities are among them."""

MOST_NUMBERS = 128
"""Numbers that are kept of each vector: with 64 of 384 fewer of the held-out mentions are found (65 of 100, not 68)."""

_BYTE = 127.0
_SPREAD = 4.0
"""Standard deviations that a byte reaches; what lies beyond is cut off."""


@dataclass(frozen=True)
class WordVectors:
    """A table of words; ``rows`` has a row for each."""

    words: tuple[str, ...]
    rows: NDArray[np.int8]

    @property
    def dimensions(self) -> int:
        """How many numbers a word has."""
        return int(self.rows.shape[1])

    @cached_property
    def _places(self) -> dict[str, int]:
        return {word: row for row, word in enumerate(self.words)}

    def of(self, word: str) -> Vectors | None:
        """What a word means, in standard deviations; None where it is not known."""
        row = self._places.get(word.lower())
        return None if row is None else self.rows[row].astype(np.float32) * np.float32(_SPREAD / _BYTE)

    def to_bytes(self) -> bytes:
        """The table as the content of a file: texts and numbers, nothing that runs."""
        stream = io.BytesIO()
        words = np.frombuffer("\n".join(self.words).encode(), dtype=np.uint8)
        np.savez_compressed(stream, words=words, vectors=self.rows)
        return stream.getvalue()

    @classmethod
    def from_bytes(cls, content: bytes) -> WordVectors:
        """Read what :meth:`to_bytes` gave; ValueError or a relative of it where it is damaged."""
        with np.load(io.BytesIO(content), allow_pickle=False) as read:
            words, vectors = tuple(read["words"].tobytes().decode().split("\n")), read["vectors"]
        if vectors.dtype != np.int8 or vectors.ndim != 2 or len(words) != len(vectors):
            raise ValueError("words and vectors do not fit")
        return cls(words, vectors)


def word_vectors(encoder: Encoder, cache: Path, known: int = KNOWN) -> WordVectors:
    """Return the table of an encoder: from the file that keeps it, else made, which takes half a minute, and kept."""
    path = cache / f"words-{encoder.fingerprint}.npz"
    try:
        return WordVectors.from_bytes(path.read_bytes())
    except (OSError, KeyError, ValueError, EOFError, zipfile.BadZipFile):
        made = make(encoder, english_counts(known))
        artefact.write_bytes(path, made.to_bytes())
        return made


def make(encoder: Encoder, words: Collection[str]) -> WordVectors:
    """Encode each word by itself, and keep what the vectors have most in common."""
    listed = tuple(sorted(words))
    vectors = encoder.encode(listed).astype(np.float64)
    vectors -= vectors.mean(axis=0)
    _, directions = np.linalg.eigh(vectors.T @ vectors)
    kept = directions[:, ::-1][:, :MOST_NUMBERS]
    # A direction may be turned round; the larger numbers then point the same way on every machine.
    kept = kept * np.sign(kept[np.abs(kept).argmax(axis=0), np.arange(kept.shape[1])])
    found = vectors @ kept
    scaled = found / max(float(found.std()), 1e-9) * (_BYTE / _SPREAD)
    return WordVectors(listed, np.clip(np.rint(scaled), -_BYTE, _BYTE).astype(np.int8))
