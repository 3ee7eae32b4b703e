"""The data sets of a folder: found by looking, as the brain's own parts need them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.nlu.encoder.vector_cache import VectorCache
from bot.nlu.intents.cross_validation import Titles

OUT_OF_SCOPE = "out_of_scope"


@dataclass(frozen=True)
class Rows:
    """Sentences, their vectors (sentences, dimensions) and their labels."""

    texts: tuple[str, ...]
    vectors: NDArray[np.float32]
    labels: NDArray[np.str_]

    @property
    def out_of_scope(self) -> NDArray[np.bool_]:
        """Which sentences are out of scope."""
        return self.labels == OUT_OF_SCOPE

    def only(self, kept: NDArray[np.bool_]) -> Rows:
        """Return the sentences that a mask keeps."""
        texts = tuple(text for text, stays in zip(self.texts, kept, strict=True) if stays)
        return Rows(texts, self.vectors[kept], self.labels[kept])


@dataclass(frozen=True)
class DataSet:
    """One training of one set."""

    name: str
    train: Rows
    validation: Rows | None
    test: Rows
    titles: Titles


def data_sets(folder: Path, cache: VectorCache) -> Iterator[DataSet]:
    """Yield every set below ``folder/intents``: all rows, without out-of-scope rows, and the few-shot splits."""
    for where in sorted(path.parent for path in folder.glob("intents/*/train.jsonl")):
        files = {path.stem: _read(path) for path in sorted(where.glob("*.jsonl"))}
        texts = sorted({text for pairs in files.values() for text, _ in pairs})
        vectors = dict(zip(texts, cache.encode(texts), strict=True))
        rows = {
            name: Rows(
                tuple(text for text, _ in pairs),
                np.stack([vectors[text] for text, _ in pairs]),
                np.asarray([label for _, label in pairs]),
            )
            for name, pairs in files.items()
        }
        train, test, validation = rows["train"], rows["test"], rows.get("val")
        titles = _titles(train, cache)
        if train.out_of_scope.any():
            inside = train.only(~train.out_of_scope)
            checked = validation.only(~validation.out_of_scope) if validation else None
            yield DataSet(f"{where.name} without out-of-scope rows", inside, checked, test, titles)
        yield DataSet(where.name, train, validation, test, titles)
        for name, few in rows.items():
            if shots := re.fullmatch(r"train_(\d+)_shot", name):
                yield DataSet(f"{where.name} {shots[1]}-shot", few, None, test.only(~test.out_of_scope), titles)


def _read(path: Path) -> list[tuple[str, str]]:
    with path.open(encoding="utf-8") as lines:
        return [(row["text"], row["intent"]) for row in map(json.loads, lines)]


def _titles(train: Rows, cache: VectorCache) -> Titles:
    """Public sets have no titles: the intents' names, read as words."""
    labels = tuple(sorted(set(train.labels.tolist()) - {OUT_OF_SCOPE}))
    texts = tuple(" ".join(re.split(r"[\W_]+", label)).strip().lower() for label in labels)
    return Titles(texts, cache.encode(texts), labels)
