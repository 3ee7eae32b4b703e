"""What customers asked and nobody answered: questions that mean the same put together, the worst first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from bot.contract.trace import NO_ANSWER, OUT_OF_SCOPE, UNCLEAR
from bot.nlu.encoder.protocol import Encoder, Vectors

# How near the members of a group are to one another on average, as a cosine: rephrasings of one question have .5 to .9.
NEAR = 0.55
# Grouping takes memory by the square of the questions: this many take 128 MB. The latest are kept.
MOST_QUESTIONS = 4000

UNANSWERED = frozenset({NO_ANSWER, UNCLEAR, OUT_OF_SCOPE, "failed"})
"""Decisions after which the customer had no answer, as in ``question/1``."""

# What an ending costs: a person's time, a customer, a second try. ``chose`` took a button and went on.
_COST: Mapping[str, float] = MappingProxyType(
    {"handed_off": 3.0, "gave_up": 3.0, "rephrased": 2.0, "open": 1.0, "chose": 0.5}
)


@dataclass(frozen=True)
class Unanswered:
    """A question without an answer, and how it ended, as in ``question/1``."""

    text: str
    ending: str


@dataclass(frozen=True)
class Gap:
    """Questions that mean the same; ``text`` is the one in their middle."""

    text: str
    asked: int
    endings: Mapping[str, int]
    cost: float
    examples: tuple[str, ...]
    """Others of them, the nearest first, each once."""


def gaps(questions: Sequence[Unanswered], encoder: Encoder, near: float = NEAR, examples: int = 3) -> tuple[Gap, ...]:
    """Return the groups, the costliest first; the same questions give the same groups."""
    latest = questions[-MOST_QUESTIONS:]
    if not latest:
        return ()
    texts = list(dict.fromkeys(_plain(question.text) for question in latest))
    vectors = encoder.encode(texts)
    groups = _groups(vectors, near)
    by_text: dict[str, list[Unanswered]] = {}
    for question in latest:
        by_text.setdefault(_plain(question.text), []).append(question)
    found = []
    for group in groups:
        members = [question for place in group for question in by_text[texts[place]]]
        endings = Counter(question.ending for question in members)
        order = _from_middle(vectors, group)
        found.append(
            Gap(
                text=by_text[texts[order[0]]][0].text,
                asked=len(members),
                endings=MappingProxyType(dict(endings.most_common())),
                cost=sum(_COST.get(ending, 1.0) * count for ending, count in endings.items()),
                examples=tuple(by_text[texts[place]][0].text for place in order[1 : 1 + examples]),
            )
        )
    return tuple(sorted(found, key=lambda gap: (-gap.cost, -gap.asked, gap.text)))


def _groups(vectors: Vectors, near: float) -> list[list[int]]:
    """Put rows together by average linkage: a chain of neighbours alone makes no group."""
    if len(vectors) == 1:
        return [[0]]
    from sklearn.cluster import AgglomerativeClustering

    # Rows of length 1 lie sqrt(2 - 2 cos) apart, so the default (euclidean) will do; the parameter that names another
    # distance is called `affinity` before scikit-learn 1.2 and `metric` after it.
    clustering = AgglomerativeClustering(
        n_clusters=None, linkage="average", distance_threshold=float(np.sqrt(2 - 2 * near))
    )
    labels = clustering.fit_predict(np.asarray(vectors, dtype=np.float64))
    groups: dict[int, list[int]] = {}
    for place, label in enumerate(labels):
        groups.setdefault(int(label), []).append(place)
    return list(groups.values())


def _from_middle(vectors: Vectors, group: Sequence[int]) -> list[int]:
    """Return the members, the one nearest to their mean first."""
    own = vectors[list(group)]
    nearness = own @ own.mean(axis=0)
    return [group[place] for place in np.argsort(-nearness, kind="stable")]


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())
