"""From which lead on a reading stands alone: measured on examples that the model had not seen."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.brain.arbiter import Sharing, sharing_readings
from bot.errors import ArtefactError
from bot.nlu.intents import IntentModel, Reading

# What each outcome is worth to a customer. Going on rightly is the measure; going on wrongly costs as much, since it
# must be noticed, said and begun again. Asking back with the right choice among the buttons costs a click and a moment
# of doubt; without the right choice, that and a turn.
_RIGHT = 1.0
_WRONG = -1.0
_ASKED_WELL = 0.4
_ASKED_BADLY = -0.4

_TRIED = 51
"""Leads that are tried, evenly from 0 to 1: steps of 0.02, finer than a few hundred examples can tell apart."""

_FOLDS = 3
"""A third of the examples is held out: some hundreds of sentences, enough for steps of this size."""

_FILE = "sharing.json"


def measure(
    texts: Sequence[str], vectors: NDArray[np.float32], labels: Sequence[str], seed: int, out_of_scope: str
) -> Sharing:
    """Choose the lead that serves held-out examples best; the smallest one where several do equally well."""
    leads = [Sharing(lead=float(lead)) for lead in np.linspace(0.0, 1.0, _TRIED)]
    worth = np.zeros(len(leads))
    inside, outside = _split(labels, seed)
    model = IntentModel.train(
        [texts[place] for place in inside], vectors[inside], [labels[place] for place in inside], seed
    )
    for place in outside:
        if labels[place] != out_of_scope:
            readings = intents_among(model.read(texts[place], vectors[place]), out_of_scope)
            worth += [_worth(readings, labels[place], lead) for lead in leads]
    return leads[int(np.argmax(worth))]


def intents_among(readings: Sequence[Reading], out_of_scope: str) -> tuple[Reading, ...]:
    """The readings without the one that says "none of our business": scope has judged that."""
    return tuple(reading for reading in readings if reading.name != out_of_scope)


def _split(labels: Sequence[str], seed: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Places to learn from and places to try, each label spread evenly over both."""
    random = np.random.RandomState(seed)
    order = sorted(random.permutation(len(labels)), key=lambda place: labels[place])
    dealt = np.zeros(len(labels), dtype=np.int64)
    dealt[order] = np.arange(len(labels)) % _FOLDS
    return np.flatnonzero(dealt != 0), np.flatnonzero(dealt == 0)


def _worth(readings: Sequence[Reading], label: str, lead: Sharing) -> float:
    shared = sharing_readings(readings, lead)
    if len(shared) > 1:
        return _ASKED_WELL if label in shared else _ASKED_BADLY
    return _RIGHT if shared and shared[0] == label else _WRONG


def save(sharing: Sharing, folder: Path) -> None:
    """Write it beside the arbiter's other file."""
    (folder / _FILE).write_text(json.dumps({"lead": sharing.lead}), encoding="utf-8")


def load(folder: Path) -> Sharing:
    """Read what :func:`save` wrote; :class:`ArtefactError` when it is damaged."""
    try:
        return Sharing(lead=float(json.loads((folder / _FILE).read_text(encoding="utf-8"))["lead"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ArtefactError(folder / _FILE, "it is damaged.", "make train") from error
