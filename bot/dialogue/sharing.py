"""The smallest lead at which a reading stands alone, measured on examples that the model had not seen."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from bot.dialogue.weighed import Sharing, sharing_readings
from bot.errors import ArtefactError
from bot.nlu.intents.classifier import Reading
from bot.nlu.intents.held_out import Examples, HeldOut, held_out_readings

# What each outcome is worth to a customer. Going on rightly is the measure; going on wrongly costs as much, since it
# must be noticed, said and begun again. Asking back with the right choice among the buttons costs a click and a moment
# of doubt; without the right choice, that and a turn.
_RIGHT = 1.0
_WRONG = -1.0
_ASKED_WELL = 0.4
_ASKED_BADLY = -0.4

_TRIED = 51
"""Leads that are tried, evenly from 0 to 1: steps of 0.02, finer than a few hundred examples can tell apart."""

_FILE = "sharing.json"


def measure(examples: Examples, seed: int, out_of_scope: str) -> Sharing:
    """Choose the lead that serves held-out examples best; the smallest one where several do equally well."""
    return best_lead(held_out_readings(examples, seed, out_of_scope), examples.labels, out_of_scope)


def best_lead(held_out: Iterable[HeldOut], labels: Sequence[str], out_of_scope: str) -> Sharing:
    """Choose the lead by how examples were read that have these ``labels``, each at its place."""
    leads = [Sharing(lead=float(lead)) for lead in np.linspace(0.0, 1.0, _TRIED)]
    worth = np.zeros(len(leads))
    for tried in held_out:
        label = labels[tried.place]
        if label != out_of_scope:
            worth += [_worth(tried.readings, label, lead) for lead in leads]
    return leads[int(np.argmax(worth))]


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
