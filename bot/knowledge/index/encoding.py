"""Encoding: each text once, and none that an earlier build holds, whatever article it stands in now."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.nlu.encoder.protocol import Encoder, Vectors

# Texts that are encoded between two words of progress.
_AT_ONCE = 256
# Two of a million texts share a name of 16 bytes with a probability of 10 to the power of -27.
_NAME_BYTES = 16

Progress = Callable[[int, int], None]
"""Hears how many texts were encoded, and of how many."""


@dataclass(frozen=True)
class Encoded:
    """Texts by their names, so that a later build need not hold them to know them."""

    names: NDArray[np.void]
    """(texts,) of 16 bytes each."""
    rows: Vectors
    """(texts, dimensions)"""


def encoded(
    texts: Sequence[str],
    kept: NDArray[np.int64],
    earlier: Encoded | None,
    encoder: Encoder,
    progress: Progress | None = None,
) -> Encoded:
    """Return one row for each of ``kept``: the earlier one of that number, or that of the next text where it is -1."""
    names = np.zeros(len(kept), dtype=f"V{_NAME_BYTES}")
    rows = np.zeros((len(kept), encoder.dimensions), dtype=np.float32)
    known: dict[bytes, Vectors] = {}
    if earlier is not None:
        over = kept >= 0
        names[over], rows[over] = earlier.names[kept[over]], earlier.rows[kept[over]]
        known = dict(zip(earlier.names.tolist(), earlier.rows, strict=True))
    own = [_name_of(text) for text in texts]
    missing = {name: text for name, text in zip(own, texts, strict=True) if name not in known}
    known.update(zip(missing, _rows_of(list(missing.values()), encoder, progress), strict=True))
    for place, name in zip(np.flatnonzero(kept < 0), own, strict=True):
        names[place], rows[place] = np.void(name), known[name]
    return Encoded(names, rows)


def _rows_of(texts: Sequence[str], encoder: Encoder, progress: Progress | None) -> Sequence[Vectors]:
    if not texts or progress is None:
        return list(encoder.encode(texts)) if texts else []
    rows: list[Vectors] = []
    for first in range(0, len(texts), _AT_ONCE):
        rows += list(encoder.encode(texts[first : first + _AT_ONCE]))
        progress(len(rows), len(texts))
    return rows


def _name_of(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:_NAME_BYTES]
