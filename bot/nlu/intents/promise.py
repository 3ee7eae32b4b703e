"""What training promised, kept in the model for whoever compares it with what happened afterwards.

The brain decides by points (`bot/dialogue/operating_points.py`) and does not need this; the weekly audit does, and
reads it from the model's archive without Rasa.
"""

from __future__ import annotations

import json
import tarfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bot.errors import ArtefactError

FILE = "promised.json"
_LARGEST = 64 * 1024
"""Bytes; what :func:`save` writes has a few hundred."""


@dataclass(frozen=True)
class Promised:
    """An error budget and what held-out examples say about it; all are shares, 0 to 1."""

    max_wrong: float
    """Of all messages, the share that may be acted on wrongly: what the trainer asked for."""
    out_of_scope_share: float
    """The share of messages out of scope that this counts on."""
    confidence: float
    """Of trainings like this one, the share that keeps the budget."""
    proven: bool
    """Whether that could be shown; else nothing is promised."""
    by_hand: bool
    """Whether a trainer set the answering point."""
    wrong: float
    """Of all held-out messages, the share that was acted on wrongly."""
    covered: float
    """Of our own held-out messages, the share that was acted on at once."""


def save(promised: Promised | None, folder: Path) -> None:
    """Write it; none says that the model has no budget."""
    (folder / FILE).write_text(json.dumps(None if promised is None else asdict(promised)), encoding="utf-8")


def of_model(archive: Path) -> Promised | None:
    """Read what a trained model promises, none without a budget; :class:`ArtefactError` when that cannot be said."""
    try:
        with tarfile.open(archive) as files:
            member = next((one for one in files if one.name.endswith(f"/{FILE}") and one.isfile()), None)
            found = None if member is None or member.size > _LARGEST else files.extractfile(member)
            if found is None:
                raise ArtefactError(archive, "it does not say what it promises.", "make train")
            return _promised(json.loads(found.read()))
    except (OSError, EOFError, tarfile.TarError, ValueError, KeyError, TypeError) as error:
        raise ArtefactError(archive, "it is damaged.", "make train") from error


def _promised(body: Any) -> Promised | None:
    if body is None:
        return None
    return Promised(
        max_wrong=float(body["max_wrong"]),
        out_of_scope_share=float(body["out_of_scope_share"]),
        confidence=float(body["confidence"]),
        proven=bool(body["proven"]),
        by_hand=bool(body["by_hand"]),
        wrong=float(body["wrong"]),
        covered=float(body["covered"]),
    )
