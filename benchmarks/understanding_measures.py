"""What is measured of one data set, with the parts that the brain runs."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.understanding_sets import FOREIGN, DataSet, Rows
from bot.dialogue.promise import tried_messages
from bot.nlu.encoder.protocol import Encoder
from bot.nlu.intents.budget import Budget, Tried, operating_point
from bot.nlu.intents.classifier import IntentModel
from bot.nlu.scope.verdict import ScopeModel, unseen_scores

SEED = 20240711
BUDGET = 0.03
RESAMPLES = 100
# Guo et al. 2017 and everyone since: fifteen bins.
_BINS = 15
_TIMED = 200
_LOSS = 0.05


@dataclass(frozen=True)
class Figures:
    """One line of the table; shares from 0 to 1, None where the set has no foreign rows."""

    accuracy: float
    baseline: float
    auc: float | None
    foreign_recall: float | None
    accuracy_all: float
    calibration_error: float
    kept: int
    """Of 100 resamples, in how many the wrong answers stayed within the budget."""
    wrong: float
    covered: float
    train_seconds: float
    sentences_a_second: float


@dataclass(frozen=True)
class Judged:
    """Sentences as the models see them; all of shape (sentences,)."""

    best: NDArray[np.str_]
    confidence: NDArray[np.float64]
    score: NDArray[np.float64]
    sure: NDArray[np.float64]


def train(data: DataSet) -> tuple[IntentModel, ScopeModel, Tried, float]:
    """Train both models and collect held-out messages; give the seconds that it took."""
    start = time.perf_counter()
    rows = data.train
    labels = rows.labels.tolist()
    intents = IntentModel.train(rows.texts, rows.vectors, labels, SEED, data.titles)
    scope = ScopeModel.train(rows.texts, rows.vectors, labels, SEED, FOREIGN, data.titles)
    held = unseen_scores(rows.texts, rows.vectors, labels, SEED, FOREIGN, data.titles)
    tried, _, imagined = tried_messages(held)
    operating_point(tried, Budget(BUDGET, 0.1))
    seconds = time.perf_counter() - start
    if data.validation is not None:
        judged = judge(intents, scope, data.validation)
        right = judged.best == data.validation.labels
        foreign = data.validation.foreign
        ours = tried.only(~tried.foreign) if imagined and foreign.any() else tried
        tried = Tried.of(
            np.concatenate([ours.scores, judged.sure]),
            np.concatenate([ours.right, right]),
            np.concatenate([ours.foreign, foreign]),
        )
    return intents, scope, tried, seconds


def judge(intents: IntentModel, scope: ScopeModel, rows: Rows) -> Judged:
    """Look at every sentence, one at a time as in service."""
    found = []
    for text, vector in zip(rows.texts, rows.vectors, strict=True):
        look = intents.look(text, vector)
        verdict = scope.judge(text, vector, look)
        best = next((reading for reading in look.readings if reading.name != FOREIGN), look.readings[0])
        found.append((best.name, best.confidence, verdict.score, verdict.sure))
    names, confidence, score, sure = zip(*found, strict=True)
    return Judged(np.asarray(names), np.asarray(confidence), np.asarray(score), np.asarray(sure))


def measure(data: DataSet, encoder: Encoder) -> Figures:
    """Train on the set and measure on its test rows."""
    intents, scope, tried, seconds = train(data)
    test, foreign = data.test, data.test.foreign
    judged = judge(intents, scope, test)
    right = judged.best == test.labels
    start = time.perf_counter()
    for text in test.texts[:_TIMED]:
        vector = encoder.encode([text])[0]
        scope.judge(text, vector, intents.look(text, vector))
    speed = min(_TIMED, len(test.texts)) / (time.perf_counter() - start)
    share = float(foreign.mean())
    point = _most_accurate(tried, share)
    kept, wrong, covered = _resampled(tried, Tried.of(judged.sure, right, foreign), share)
    return Figures(
        accuracy=float(right[~foreign].mean()),
        baseline=_baseline(data),
        auc=_area(judged.score[~foreign], judged.score[foreign]) if foreign.any() else None,
        foreign_recall=_recall(judged.score[~foreign], judged.score[foreign]) if foreign.any() else None,
        accuracy_all=float(np.where(judged.sure >= point, right, foreign).mean()),
        calibration_error=_calibration_error(judged.confidence[~foreign], right[~foreign]),
        kept=kept,
        wrong=wrong,
        covered=covered,
        train_seconds=seconds,
        sentences_a_second=speed,
    )


def _baseline(data: DataSet) -> float:
    """Return the accuracy in scope of a plain linear model on the vectors alone."""
    from sklearn.linear_model import LogisticRegression

    rows = data.train.only(~data.train.foreign)
    test = data.test.only(~data.test.foreign)
    plain = LogisticRegression(C=32.0, max_iter=200, tol=1e-3).fit(rows.vectors, rows.labels)
    return float((plain.predict(test.vectors) == test.labels).mean())


def _area(ours: NDArray[np.float64], foreign: NDArray[np.float64]) -> float:
    """Return the area under the curve: how often one of ours scores higher than a foreign one."""
    ordered = np.sort(foreign)
    below = np.searchsorted(ordered, ours, side="left") + np.searchsorted(ordered, ours, side="right")
    return float(below.mean() / 2 / len(ordered))


def _recall(ours: NDArray[np.float64], foreign: NDArray[np.float64]) -> float:
    """Return the share of foreign sentences below the score that turns 5 % of ours away."""
    return float((foreign < np.quantile(ours, _LOSS)).mean())


def _most_accurate(tried: Tried, share: float) -> float:
    """Return the point with the most held-out messages treated rightly, foreign ones weighed by their share."""
    order = np.argsort(-tried.scores, kind="stable")
    ours, strangers = max(1, int((~tried.foreign).sum())), max(1, int(tried.foreign.sum()))
    gain = np.where(tried.foreign, -share / strangers, tried.right * (1 - share) / ours)[order]
    return float(tried.scores[order[int(np.argmax(np.cumsum(gain)))]])


def _calibration_error(confidence: NDArray[np.float64], right: NDArray[np.bool_]) -> float:
    bins = np.minimum((confidence * _BINS).astype(int), _BINS - 1)
    gaps = [
        abs(confidence[bins == place].mean() - right[bins == place].mean()) * (bins == place).mean()
        for place in np.unique(bins)
    ]
    return float(sum(gaps))


def _resampled(tried: Tried, test: Tried, share: float) -> tuple[int, float, float]:
    """Draw held-out and test messages again and again, the same share of foreign ones in both.

    In each draw the held-out messages choose the point and the test messages say what came of it.
    """
    random = np.random.RandomState(SEED)
    budget = Budget(BUDGET, share, messages=len(test.scores))
    wrong, covered = [], []
    for _ in range(RESAMPLES):
        point = operating_point(_drawn(tried, random), budget).point
        drawn = _drawn(test, random)
        given = drawn.scores >= point
        wrong.append(float((given & ~drawn.right).mean()))
        covered.append(float(given[~drawn.foreign].mean()))
    return int((np.asarray(wrong) <= BUDGET).sum()), float(np.mean(wrong)), float(np.mean(covered))


def _drawn(tried: Tried, random: np.random.RandomState) -> Tried:
    ours, strangers = np.flatnonzero(~tried.foreign), np.flatnonzero(tried.foreign)
    places = np.concatenate([random.choice(some, len(some)) for some in (ours, strangers) if len(some)])
    return Tried(tried.scores[places], tried.right[places], tried.foreign[places])
