"""When an answer is good enough: a threshold that cross-validation found on our own questions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.errors import ArtefactError
from bot.knowledge.answering.learning import Judged
from bot.knowledge.index.index import KnowledgeIndex
from bot.nlu import artefact
from bot.nlu.intents.budget import Budget, Tried, operating_point

_SCHEMA = "calibration/2"
_COMMAND = "make train"
_FILE = "calibration.json"
LEFT_OUT = 0.1
"""The share of answerable questions that the threshold turns away, where no budget says otherwise. These are hard
questions, many of two words: of golden ones it turns away 4 of 100. A lower threshold would answer more that nothing
answers, a higher one fewer that something does (docs/decisions/0011-cited-answers.md has the curve)."""
FEWEST_QUESTIONS = 20
WITHOUT_QUESTIONS = 0.65
"""The logarithm of the odds that an article answers from which on a base without asked questions answers, where its own
articles have no say: from here on one in ten of the questions that nothing answers gets an answer, on small shelves of
articles that nothing had been learned from (docs/decisions/0058-an-untaught-knowledge-base.md)."""
DRAWN_ANSWERED = 0.2
"""Of the questions drawn from an article that is taken away, the share that may still get an answer. Other articles do
answer some, and rare words excite a ranker more than customers do: of what customers ask and nothing answers, half as
many get one."""
WEIGHT_OF_WITHOUT = 50
"""How many drawn questions weigh as much as what was measured elsewhere: fewer of them say little."""
LEAST_UNTAUGHT = 0.0
"""As likely as not: less never answers in a base that was taught nothing, however unlike its articles are."""


@dataclass(frozen=True)
class Calibration:
    """A threshold for answers, and what it did on questions that it was not chosen by."""

    threshold: float
    """The least logarithm of the odds that any stretch answers (``Ranked.answerable``)."""
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


def untaught_threshold(drawn: Sequence[float]) -> float:
    """Choose the score for a base without asked questions: what its own articles say, and what holds elsewhere.

    ``drawn`` is how surely each question was answered that was drawn from an article which is not there. The fewer
    there are, the more counts what was measured on other articles.
    """
    scores = np.asarray(drawn, dtype=np.float64)
    # An existing score, not one between two of them: what is not answered at all has one far below all others.
    own = float(np.quantile(scores, 1 - DRAWN_ANSWERED, method="higher")) if len(scores) else 0.0
    own = max(own, LEAST_UNTAUGHT)
    return (len(scores) * own + WEIGHT_OF_WITHOUT * WITHOUT_QUESTIONS) / (len(scores) + WEIGHT_OF_WITHOUT)


def calibrate(
    index: KnowledgeIndex, judged: Sequence[Judged], budget: Budget | None = None, drawn: Sequence[float] | None = None
) -> Calibration:
    """Choose the score from which on an answer is given, as a ranker judged questions that it had not seen.

    With a budget it is the lowest score that keeps it: of all questions, with the share of unanswerable ones that the
    budget reckons with, no more may get an answer from a wrong article. For a base without asked questions, what was
    ``drawn`` from its articles chooses the score (:func:`untaught_threshold`), and a budget may only raise it.
    """
    answerable = np.asarray([bool(one.articles) for one in judged], dtype=bool)
    scores = np.asarray([one.ranked.answerable for one in judged], dtype=np.float64)
    right = np.asarray([_right(index, one) for one in judged], dtype=bool)
    enough = int(answerable.sum()) >= FEWEST_QUESTIONS
    threshold = float(np.quantile(scores[answerable], LEFT_OUT)) if enough else WITHOUT_QUESTIONS
    if drawn is not None:
        threshold = untaught_threshold(drawn)
    if enough and budget is not None:
        kept = operating_point(tried(index, judged), budget).point
        threshold = kept if drawn is None else max(kept, threshold)
    answered = scores >= threshold
    return Calibration(
        threshold=threshold,
        precision=_share(right[answered]),
        coverage=_share((answered & right)[answerable]),
        refused=_share(~answered[~answerable]),
        answerable=int(answerable.sum()),
        unanswerable=int((~answerable).sum()),
    )


def tried(index: KnowledgeIndex, judged: Sequence[Judged]) -> Tried:
    """Return the judged questions as a budget looks at them: unanswerable ones are foreign."""
    scores = [one.ranked.answerable for one in judged]
    return Tried.of(scores, [_right(index, one) for one in judged], [not one.articles for one in judged])


def _right(index: KnowledgeIndex, judged: Judged) -> bool:
    """Tell whether the article of the best stretch is a right one."""
    if not judged.articles or not len(judged.ranked.stretches):
        return False
    best = int(judged.ranked.stretches[np.argmax(judged.ranked.scores)])
    return index.passages[index.searching.owner[best]].article in judged.articles


def _share(of: NDArray[np.bool_]) -> float:
    return float(of.mean()) if len(of) else 0.0
