"""When an answer is good enough: a threshold that cross-validation found on our own questions."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.errors import ArtefactError
from bot.knowledge.articles import PUBLIC
from bot.knowledge.index import KnowledgeIndex
from bot.nlu import artefact
from bot.nlu.encoder import Vectors

_SCHEMA = "calibration/1"
_COMMAND = "make train"
_FILE = "calibration.json"
_FOLDS = 5
# Nine of ten answers must come from the right article: a wrong answer costs more than an honest "I don't know".
TARGET_PRECISION = 0.9
# With less to learn from, a middle value: what two sentences on one matter usually reach.
_FEWEST_QUESTIONS = 20
_WITHOUT_QUESTIONS = 0.5


@dataclass(frozen=True)
class Question:
    """A question whose answer is known: any of ``articles``, or nothing at all when it is empty."""

    text: str
    vector: Vectors
    articles: frozenset[str]


@dataclass(frozen=True)
class Calibration:
    """A threshold for answers, and what it did on questions that it was not chosen by."""

    threshold: float
    precision: float
    """Share of the given answers that came from a right article."""
    coverage: float
    """Share of the answerable questions that got an answer from a right article."""
    refused: float
    """Share of the unanswerable questions that got no answer."""
    answerable: int
    unanswerable: int

    def __str__(self) -> str:
        """One line for the training's log."""
        return (
            f"threshold {self.threshold:.2f}: {self.precision:.1%} of the answers are right, "
            f"{self.coverage:.1%} of {self.answerable} answerable questions get one, "
            f"{self.refused:.1%} of {self.unanswerable} others get none"
        )

    def save(self, folder: Path) -> None:
        """Write one JSON file into a folder that may hold others."""
        artefact.write_json(folder / _FILE, {"schema": _SCHEMA, **asdict(self)})

    @classmethod
    def load(cls, folder: Path) -> Calibration:
        """Read what :meth:`save` wrote; :class:`ArtefactError` when it is not whole."""
        content = artefact.read_json(folder / _FILE, _SCHEMA, _COMMAND)
        content.pop("schema")
        try:
            return cls(**content)
        except TypeError as error:
            raise ArtefactError(folder / _FILE, f"it is damaged ({error}).", _COMMAND) from error


def calibrate(
    index: KnowledgeIndex, questions: Sequence[Question], seed: int, audiences: Collection[str] = (PUBLIC,)
) -> Calibration:
    """Choose the lowest threshold whose answers are right often enough; the same for the same seed.

    Precision, coverage and refusals are measured on the fifth of the questions that did not choose, five times.
    """
    scores, right = np.zeros(len(questions)), np.zeros(len(questions), dtype=bool)
    for place, question in enumerate(questions):
        hits = index.search(question.vector, question.text, audiences, k=1)
        if hits:
            scores[place], right[place] = hits[0].score, hits[0].passage.article in question.articles
    answerable = np.asarray([bool(question.articles) for question in questions], dtype=bool)
    if len(questions) < _FEWEST_QUESTIONS:
        answered = scores >= _WITHOUT_QUESTIONS
        threshold = _WITHOUT_QUESTIONS
    else:
        folds = np.random.RandomState(seed).permutation(len(questions)) % _FOLDS
        answered = np.zeros(len(questions), dtype=bool)
        for fold in range(_FOLDS):
            others, unseen = folds != fold, folds == fold
            answered[unseen] = scores[unseen] >= _threshold(scores[others], right[others])
        threshold = _threshold(scores, right)
    return Calibration(
        threshold=threshold,
        precision=_share(right[answered]),
        coverage=_share((answered & right)[answerable]),
        refused=_share(~answered[~answerable]),
        answerable=int(answerable.sum()),
        unanswerable=int((~answerable).sum()),
    )


def _threshold(scores: NDArray[np.float64], right: NDArray[np.bool_]) -> float:
    """Return the lowest score from which on the target precision holds; the most precise one where none reaches it."""
    order = np.argsort(-scores, kind="stable")
    precision = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    good = np.flatnonzero(precision >= TARGET_PRECISION)
    last = int(good[-1]) if len(good) else int(np.argmax(precision))
    following = scores[order[last + 1]] if last + 1 < len(order) else scores[order[last]]
    # Halfway to the next question, so that neither stands on the edge.
    return float((scores[order[last]] + following) / 2)


def _share(of: NDArray[np.bool_]) -> float:
    return float(of.mean()) if len(of) else 0.0
