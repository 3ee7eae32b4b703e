"""Vectors in FAISS: exact while that is fast, cells beyond; a search looks only where it may."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.nlu.encoder.protocol import Vectors

MOST_FLAT = 50_000
"""Up to here every vector is compared: 50,000 of 384 numbers take about 5 ms on one core, and nothing is missed."""

# Cells for n vectors: 4 times the root of n, and 30 to 256 vectors a cell to learn them from (the FAISS wiki,
# "Guidelines to choose an index").
_CELLS_BY_ROOT = 4
_LEARN_FROM_EACH = 40
_SEED = 1234
# The share of cells that a search visits. 1 in 64 finds 99 of 100 neighbours of the benchmark's 200,000 vectors; a
# filter visits more, so that what it leaves is still enough (see `_visits`).
_VISITED = 1 / 64
_FEWEST_VISITED = 8
# A filter that leaves fewer than this share is searched row by row: FAISS would look at every cell for it.
_FEW = 0.02


@dataclass(frozen=True)
class Allowed:
    """The rows that a search may look at: as numbers, as a mask, and as FAISS's selector."""

    rows: NDArray[np.int64]
    mask: NDArray[np.bool_]
    selector: Any

    @classmethod
    def of(cls, mask: NDArray[np.bool_]) -> Allowed:
        """Prepare a filter; kept by the caller, since the selector borrows its bits."""
        import faiss

        bits = np.packbits(mask, bitorder="little")
        bitmap: Any = faiss.IDSelectorBitmap
        selector = bitmap(bits)
        return cls(np.flatnonzero(mask), mask, (selector, bits))

    @property
    def all(self) -> bool:
        """Whether nothing is left out."""
        return len(self.rows) == len(self.mask)


class VectorIndex:
    """Rows of length 1 and their inner products; which FAISS index holds them follows from how many there are."""

    def __init__(self, rows: Vectors, index: Any) -> None:
        self.rows = rows
        """(n, dimensions), in the order in which they were given."""
        self._index = index

    @classmethod
    def build(cls, rows: Vectors) -> VectorIndex:
        """Index the rows; the same rows give the same index."""
        import faiss

        dimensions = rows.shape[1]
        if len(rows) <= MOST_FLAT:
            index: Any = faiss.IndexFlatIP(dimensions)
        else:
            cells = int(_CELLS_BY_ROOT * math.sqrt(len(rows)))
            # Half floats: half the memory and half the traffic, at an error (0.0005) below what tells neighbours apart.
            index = faiss.index_factory(dimensions, f"IVF{cells},SQfp16", faiss.METRIC_INNER_PRODUCT)
            drawn = np.random.RandomState(_SEED).permutation(len(rows))[: cells * _LEARN_FROM_EACH]
            index.train(np.ascontiguousarray(rows[drawn]))
        if len(rows):
            index.add(rows)
        return cls(rows, index)

    @property
    def exact(self) -> bool:
        """Whether every row is compared."""
        return not hasattr(self._index, "nlist")

    @property
    def megabytes(self) -> float:
        """What FAISS's index takes."""
        import faiss

        return float(faiss.serialize_index(self._index).nbytes) / 1e6

    def search(self, query: Vectors, k: int, allowed: Allowed | None = None) -> tuple[NDArray[np.int64], Vectors]:
        """Return the numbers of the ``k`` nearest allowed rows, nearest first, and their inner products."""
        left = len(self.rows) if allowed is None else len(allowed.rows)
        if k < 1 or not left:
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)
        one = np.ascontiguousarray(np.asarray(query, dtype=np.float32).reshape(1, -1))
        if allowed is not None and not allowed.all and left < _FEW * len(self.rows):
            scores = self.rows[allowed.rows] @ one[0]
            best = np.argsort(-scores, kind="stable")[:k]
            return allowed.rows[best], scores[best]
        scores, rows = self._index.search(one, min(k, left), params=self._parameters(allowed))
        found = rows[0] >= 0
        return rows[0][found], scores[0][found]

    def _parameters(self, allowed: Allowed | None) -> Any:
        import faiss

        selector = None if allowed is None or allowed.all else allowed.selector[0]
        flat: Any = faiss.SearchParameters
        cells: Any = faiss.SearchParametersIVF
        if self.exact:
            return flat(sel=selector) if selector is not None else None
        visits = self._visits(1.0 if allowed is None else len(allowed.rows) / len(self.rows))
        if selector is None:
            return cells(nprobe=visits)
        return cells(nprobe=visits, sel=selector)

    def _visits(self, share: float) -> int:
        """More cells the less a filter leaves, by its root: what is left lies in cells that are as near."""
        cells = int(self._index.nlist)
        return min(cells, max(_FEWEST_VISITED, math.ceil(cells * _VISITED / math.sqrt(share))))

    def save(self, folder: Path, name: str) -> tuple[str, ...]:
        """Write the rows, and the FAISS index where it cannot be made again at once; return the files' names."""
        import faiss

        np.save(folder / f"{name}.npy", self.rows, allow_pickle=False)
        if self.exact:
            return (f"{name}.npy",)
        (folder / f"{name}.faiss").write_bytes(faiss.serialize_index(self._index).tobytes())
        return (f"{name}.npy", f"{name}.faiss")

    @classmethod
    def load(cls, folder: Path, name: str) -> VectorIndex:
        """Read what :meth:`save` wrote; OSError, ValueError or RuntimeError when it is not whole."""
        import faiss

        rows = np.load(folder / f"{name}.npy", allow_pickle=False)
        path = folder / f"{name}.faiss"
        if not path.is_file():
            return cls.build(rows)
        return cls(rows, faiss.deserialize_index(np.frombuffer(path.read_bytes(), dtype=np.uint8)))
