"""Which of a family of retrieval intents a sentence asks for: ``faq/opening`` or ``faq/parking``.

The examples of a family that are most like the sentence decide, as Rasa's ResponseSelector would; its answer is the
response of that name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import numpy as np

from bot.errors import ArtefactError
from bot.nlu import artefact
from bot.nlu.encoder.protocol import Vectors

_SCHEMA = "retrieval/1"
_COMMAND = "make train"
_NAMES = "retrieval.json"
_NUMBERS = "retrieval.npz"

NEAREST = 2
"""Examples of each that count: one alone may be an odd one."""


class Chosen(NamedTuple):
    """One of a family, ``faq/opening``, and how like its examples the sentence is (a cosine)."""

    name: str
    likeness: float


@dataclass(frozen=True)
class Families:
    """The examples of each family, by its name."""

    names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The retrieval intent of each example."""
    vectors: Mapping[str, Vectors] = field(default_factory=dict)

    @classmethod
    def learn(cls, names: Sequence[str], vectors: Sequence[Vectors]) -> Families:
        """Collect the examples of retrieval intents; ``names`` have a slash."""
        rows: dict[str, list[int]] = {}
        for row, name in enumerate(names):
            rows.setdefault(name.split("/")[0], []).append(row)
        return cls(
            {family: tuple(names[row] for row in own) for family, own in rows.items()},
            {family: np.stack([vectors[row] for row in own]).astype(np.float32) for family, own in rows.items()},
        )

    def choose(self, family: str, vector: Vectors) -> list[Chosen]:
        """Return every intent of a family, the likeliest first; ``vector`` is the sentence's one row, of length 1."""
        likeness = self.vectors[family] @ np.asarray(vector, dtype=np.float32).reshape(-1)
        names = np.asarray(self.names[family])
        found = [
            Chosen(name, float(np.sort(likeness[names == name])[::-1][:NEAREST].mean()))
            for name in sorted(set(self.names[family]))
        ]
        return sorted(found, key=lambda one: -one.likeness)

    def save(self, folder: Path) -> None:
        """Write names and numbers, into a folder that may hold others."""
        names = {family: list(own) for family, own in self.names.items()}
        artefact.write_json(folder / _NAMES, {"schema": _SCHEMA, "names": names})
        np.savez(folder / _NUMBERS, **dict(self.vectors))  # type: ignore[arg-type]

    @classmethod
    def load(cls, folder: Path) -> Families:
        """Read what :meth:`save` wrote; :class:`ArtefactError` when it is not whole."""
        content = artefact.read_json(folder / _NAMES, _SCHEMA, _COMMAND)
        try:
            names = {str(family): tuple(map(str, own)) for family, own in content["names"].items()}
            with np.load(folder / _NUMBERS, allow_pickle=False) as numbers:
                vectors = {family: numbers[family] for family in names}
        except (KeyError, TypeError, ValueError, OSError, AttributeError) as error:
            raise ArtefactError(folder / _NUMBERS, f"it is damaged ({error!r}).", _COMMAND) from error
        return cls(names, vectors)
