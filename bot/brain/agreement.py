"""From which score on a passage answers when intent and article agree: measured on examples read unseen.

A passage that stands alone must fit very well, since anything at all may have been asked. When the message was surely
read as a question that certain articles answer, and one of their passages fits, the two bear each other out.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

import numpy as np

from bot.brain.arbiter import Sharing, sharing_readings
from bot.brain.held_out import Examples, held_out_readings
from bot.errors import ArtefactError
from bot.knowledge.calibration import TARGET_PRECISION
from bot.knowledge.index import Hit, KnowledgeIndex
from bot.nlu.encoder import Vectors

LOOKED_AT = 20
"""Passages that are searched for one of the read intent's articles: if it is not among the best twenty of some two
hundred, its article does not speak of what was asked."""

LEFT_OUT = 0.1
"""The share of right passages that a threshold may turn away. Examples name articles, not sentences: an article that is
the right one may still not say what was asked ("do you take crypto?"), and then its passages fit worse than nine of ten
that do."""

_FILE = "agreement.json"


def best_of(hits: Sequence[Hit], articles: Collection[str]) -> Hit | None:
    """The best hit among these articles."""
    return next((hit for hit in hits if hit.passage.article in articles), None)


def measure(
    index: KnowledgeIndex,
    examples: Examples,
    articles: Mapping[str, Collection[str]],
    sharing: Sharing,
    audiences: Collection[str],
    seed: int,
    out_of_scope: str,
) -> float:
    """The lowest score from which on agreeing answers come from a right article often enough, and fit as they should.

    ``articles`` gives each intent's; the target is the knowledge index's own. Without anything to measure on it is 1,
    which no passage reaches: then a passage must stand alone.
    """
    scores, right = [], []
    for tried in held_out_readings(examples, seed, out_of_scope):
        shared = sharing_readings(tried.readings, sharing)
        if len(shared) != 1 or not articles.get(shared[0]):
            continue
        hit = _agreeing(index, examples, tried.place, articles[shared[0]], audiences)
        if hit is not None:
            scores.append(hit.score)
            right.append(hit.passage.article in articles.get(examples.labels[tried.place], ()))
    if not any(right):
        return 1.0
    found, is_right = np.asarray(scores), np.asarray(right)
    order = np.argsort(-found, kind="stable")
    precision = np.cumsum(is_right[order]) / np.arange(1, len(order) + 1)
    good = np.flatnonzero(precision >= TARGET_PRECISION)
    often_right = float(found[order[good[-1]]]) if len(good) else 1.0
    return max(often_right, float(np.quantile(found[is_right], LEFT_OUT)))


def _agreeing(
    index: KnowledgeIndex, examples: Examples, place: int, articles: Collection[str], audiences: Collection[str]
) -> Hit | None:
    vector: Vectors = examples.vectors[place]
    return best_of(index.search(vector, examples.texts[place], audiences, LOOKED_AT), articles)


def save(threshold: float, folder: Path) -> None:
    """Write it beside the other threshold."""
    (folder / _FILE).write_text(json.dumps({"threshold": threshold}), encoding="utf-8")


def load(folder: Path) -> float:
    """Read what :func:`save` wrote; :class:`ArtefactError` when it is damaged."""
    try:
        return float(json.loads((folder / _FILE).read_text(encoding="utf-8"))["threshold"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ArtefactError(folder / _FILE, "it is damaged.", "make train") from error
