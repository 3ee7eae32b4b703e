"""The lowest score at which a passage answers when intent and article agree, measured on held-out examples.

A passage that stands alone must fit very well, since anything at all may have been asked. When the message was surely
read as a question that certain articles answer, and one of their passages fits, the two bear each other out.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path

import numpy as np

from bot.dialogue.weighed import Sharing, sharing_readings
from bot.errors import ArtefactError
from bot.knowledge.answering.ranking import Ranked
from bot.knowledge.index.index import KnowledgeIndex
from bot.nlu.intents.held_out import Examples, held_out_readings

TARGET_PRECISION = 0.9
"""Nine of ten answers must come from a right article: a wrong answer costs more than an honest "I don't know"."""

EVEN = 0.0
"""As likely as not, in logarithms of odds: less never answers. Examples name articles, not sentences, and an article
that is the right one may still not say what was asked ("do you take crypto?"). Of the reference assistant's 804
questions that nothing answers, two witnesses from here on and one from its own threshold on answer 138, where the
article at the top, one threshold and no second witness answered 146."""

NEVER = 50.0
"""A threshold that no question reaches."""

_FILE = "agreement.json"


def agreeing(index: KnowledgeIndex, ranked: Ranked, articles: Collection[str]) -> Ranked:
    """What was found in these articles only."""
    passages = index.passages
    own = [passages[owner].article in articles for owner in index.searching.owner[ranked.stretches]]
    return ranked.among(np.asarray(own, dtype=bool))


def measure(
    index: KnowledgeIndex,
    examples: Examples,
    ranked_at: Callable[[int], Ranked],
    articles: Mapping[str, Collection[str]],
    sharing: Sharing,
    seed: int,
    out_of_scope: str,
) -> float:
    """The lowest score from which on agreeing answers come from a right article often enough, and fit as they should.

    ``articles`` gives each intent's; ``ranked_at`` how an example was judged by a ranker that had not seen it. Without
    anything to measure on, no answer reaches the threshold: then an answer must stand alone.
    """
    scores, right = [], []
    for tried in held_out_readings(examples, seed, out_of_scope):
        shared = sharing_readings(tried.readings, sharing)
        if len(shared) != 1 or not articles.get(shared[0]):
            continue
        own = agreeing(index, ranked_at(tried.place), articles[shared[0]])
        if len(own.stretches):
            best = index.searching.owner[own.stretches[np.argmax(own.scores)]]
            scores.append(own.answerable)
            right.append(index.passages[best].article in articles.get(examples.labels[tried.place], ()))
    return lowest_score(scores, right)


def lowest_score(scores: Sequence[float], right: Sequence[bool]) -> float:
    """The threshold for answers with these scores, of which some came from a right article."""
    if not any(right):
        return NEVER
    found, is_right = np.asarray(scores), np.asarray(right)
    order = np.argsort(-found, kind="stable")
    precision = np.cumsum(is_right[order]) / np.arange(1, len(order) + 1)
    good = np.flatnonzero(precision >= TARGET_PRECISION)
    often_right = float(found[order[good[-1]]]) if len(good) else NEVER
    return max(often_right, EVEN)


def save(threshold: float, folder: Path) -> None:
    """Write it beside the other threshold."""
    (folder / _FILE).write_text(json.dumps({"threshold": threshold}), encoding="utf-8")


def load(folder: Path) -> float:
    """Read what :func:`save` wrote; :class:`ArtefactError` when it is damaged."""
    try:
        return float(json.loads((folder / _FILE).read_text(encoding="utf-8"))["threshold"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ArtefactError(folder / _FILE, "it is damaged.", "make train") from error
