"""From which lead on a reading stands alone: measured on examples that the model had not seen."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.brain.arbiter import Sharing
from bot.errors import ArtefactError
from bot.nlu import training

# What each outcome is worth to a customer. Going on rightly is the measure, 1. A wrong turn costs more than it would
# have gained: the customer must notice it, say so and begin again. Asking back with the right choice among the
# buttons costs one click; without it, it costs a turn.
_RIGHT = 1.0
_WRONG = -1.5
_ASKED_WELL = 0.5
_ASKED_BADLY = -0.5

_TRIED = 51
"""Leads that are tried, evenly from 0 to 1: steps of 0.02, finer than a few hundred examples can tell apart."""

_FILE = "sharing.json"


def measure(texts: Sequence[str], vectors: NDArray[np.float32], labels: Sequence[str], seed: int) -> Sharing:
    """Choose the lead that serves held-out examples best; the smallest one where several do equally well."""
    names = sorted(set(labels))
    targets = np.asarray([names.index(label) for label in labels], dtype=np.int64)
    logits, held_out = training.out_of_fold(texts, vectors, targets, len(names), seed)
    logits, targets = logits[held_out], targets[held_out]
    probabilities = training.softmax(logits / training.best_temperature(logits, targets))
    leads = np.linspace(0.0, 1.0, _TRIED)
    return Sharing(lead=float(leads[int(np.argmax([_worth(probabilities, targets, lead) for lead in leads]))]))


def _worth(probabilities: NDArray[np.float64], targets: NDArray[np.int64], lead: float) -> float:
    most = Sharing(lead).most_choices
    order = np.argsort(-probabilities, axis=1)[:, :most]
    ranked = np.take_along_axis(probabilities, order, axis=1)
    shares = (ranked[:, :1] - ranked) < lead
    shares[:, 0] = True
    asks = shares.sum(axis=1) > 1
    offered = ((order == targets[:, None]) & shares).any(axis=1)
    right = order[:, 0] == targets
    worth = np.where(asks, np.where(offered, _ASKED_WELL, _ASKED_BADLY), np.where(right, _RIGHT, _WRONG))
    return float(worth.sum())


def save(sharing: Sharing, folder: Path) -> None:
    """Write it beside the arbiter's other file."""
    (folder / _FILE).write_text(json.dumps({"lead": sharing.lead}), encoding="utf-8")


def load(folder: Path) -> Sharing:
    """Read what :func:`save` wrote; :class:`ArtefactError` when it is damaged."""
    try:
        return Sharing(lead=float(json.loads((folder / _FILE).read_text(encoding="utf-8"))["lead"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ArtefactError(folder / _FILE, "it is damaged.", "make train") from error
