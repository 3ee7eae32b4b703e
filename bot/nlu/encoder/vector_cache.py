"""Vectors of sentences that were encoded before, kept between trainings."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from bot.nlu import artefact
from bot.nlu.encoder.protocol import Encoder, Vectors

# 50,000 sentences of 384 numbers are 77 MB; the oldest leave first.
_MOST_SENTENCES = 50_000


class VectorCache:
    """An encoder that remembers: one file for each encoder fingerprint, sentences by their SHA-256, no pickle.

    A file that is damaged or gone costs time, never an error: it is a cache.
    """

    def __init__(self, folder: Path, encoder: Encoder) -> None:
        self._encoder = encoder
        self._path = folder / f"vectors-{encoder.fingerprint}.npz"

    @property
    def fingerprint(self) -> str:
        """The encoder's."""
        return self._encoder.fingerprint

    @property
    def dimensions(self) -> int:
        """The encoder's."""
        return self._encoder.dimensions

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return what the encoder returns; only sentences that are new are encoded."""
        if not texts:
            return self._encoder.encode(texts)
        keys = [_key(text) for text in texts]
        known = self._read()
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
        if missing:
            fresh = dict(zip(missing, self._encoder.encode(list(missing.values())), strict=True))
            known.update(fresh)
            self._write({**self._read(), **fresh})
        return np.stack([known[key] for key in keys])

    def _read(self) -> dict[bytes, Vectors]:
        try:
            # Opened here: NumPy leaves a damaged file open.
            with self._path.open("rb") as file, np.load(file, allow_pickle=False) as content:
                keys, vectors = content["keys"], content["vectors"]
        except (OSError, KeyError, ValueError, EOFError, zipfile.BadZipFile):
            return {}
        if vectors.ndim != 2 or vectors.shape != (len(keys), self.dimensions) or vectors.dtype != np.float32:
            return {}
        return {key.tobytes(): vector for key, vector in zip(keys, vectors, strict=True)}

    def _write(self, known: dict[bytes, Vectors]) -> None:
        kept = list(known.items())[-_MOST_SENTENCES:]
        keys = np.frombuffer(b"".join(key for key, _ in kept), dtype=np.uint8).reshape(len(kept), -1)
        stream = io.BytesIO()
        np.savez(stream, keys=keys, vectors=np.stack([vector for _, vector in kept]))
        artefact.write_bytes(self._path, stream.getvalue())


def _key(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
