"""What is measured of one data set, with the parts that the brain runs."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.understanding_sets import OUT_OF_SCOPE, DataSet, Rows
from bot.dialogue.operating_points import tried_messages
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
    """One line of the table; shares from 0 to 1, None where the set has no out-of-scope rows."""

    accuracy: float
    baseline: float
    auc: float | None
    out_of_scope_recall: float | None
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
    scope = ScopeModel.train(rows.texts, rows.vectors, labels, SEED, OUT_OF_SCOPE, data.titles)
    held = unseen_scores(rows.texts, rows.vectors, labels, SEED, OUT_OF_SCOPE, data.titles)
    tried, _, imagined = tried_messages(held)
    operating_point(tried, Budget(BUDGET, 0.1))
    seconds = time.perf_counter() - start
    if data.validation is not None:
        judged = judge(intents, scope, data.validation)
        right = judged.best == data.validation.labels
        out_of_scope = data.validation.out_of_scope
        ours = tried.only(~tried.out_of_scope) if imagined and out_of_scope.any() else tried
        tried = Tried.of(
            np.concatenate([ours.scores, judged.sure]),
            np.concatenate([ours.right, right]),
            np.concatenate([ours.out_of_scope, out_of_scope]),
        )
    return intents, scope, tried, seconds


def judge(intents: IntentModel, scope: ScopeModel, rows: Rows) -> Judged:
    """Look at every sentence, one at a time as in service."""
    found = []
    for text, vector in zip(rows.texts, rows.vectors, strict=True):
        classified = intents.classify(text, vector)
        verdict = scope.judge(text, vector, classified)
        best = next(
            (reading for reading in classified.readings if reading.name != OUT_OF_SCOPE), classified.readings[0]
        )
        found.append((best.name, best.confidence, verdict.score, verdict.sure))
    names, confidence, score, sure = zip(*found, strict=True)
    return Judged(np.asarray(names), np.asarray(confidence), np.asarray(score), np.asarray(sure))


def measure(data: DataSet, encoder: Encoder) -> Figures:
    """Train on the set and measure on its test rows."""
    intents, scope, tried, seconds = train(data)
    test, out_of_scope = data.test, data.test.out_of_scope
    judged = judge(intents, scope, test)
    right = judged.best == test.labels
    start = time.perf_counter()
    for text in test.texts[:_TIMED]:
        vector = encoder.encode([text])[0]
        scope.judge(text, vector, intents.classify(text, vector))
    speed = min(_TIMED, len(test.texts)) / (time.perf_counter() - start)
    share = float(out_of_scope.mean())
    point = _most_accurate(tried, share)
    kept, wrong, covered = _resampled(tried, Tried.of(judged.sure, right, out_of_scope), share)
    return Figures(
        accuracy=float(right[~out_of_scope].mean()),
        baseline=_baseline(data),
        auc=_area(judged.score[~out_of_scope], judged.score[out_of_scope]) if out_of_scope.any() else None,
        out_of_scope_recall=_recall(judged.score[~out_of_scope], judged.score[out_of_scope])
        if out_of_scope.any()
        else None,
        accuracy_all=float(np.where(judged.sure >= point, right, out_of_scope).mean()),
        calibration_error=_calibration_error(judged.confidence[~out_of_scope], right[~out_of_scope]),
        kept=kept,
        wrong=wrong,
        covered=covered,
        train_seconds=seconds,
        sentences_a_second=speed,
    )


def _baseline(data: DataSet) -> float:
    """Return the accuracy in scope of a plain linear model on the vectors alone."""
    from sklearn.linear_model import LogisticRegression

    rows = data.train.only(~data.train.out_of_scope)
    test = data.test.only(~data.test.out_of_scope)
    plain = LogisticRegression(C=32.0, max_iter=200, tol=1e-3).fit(rows.vectors, rows.labels)
    return float((plain.predict(test.vectors) == test.labels).mean())


def _area(ours: NDArray[np.float64], out_of_scope: NDArray[np.float64]) -> float:
    """Return the area under the curve: how often one of ours scores higher than one out of scope."""
    ordered = np.sort(out_of_scope)
    below = np.searchsorted(ordered, ours, side="left") + np.searchsorted(ordered, ours, side="right")
    return float(below.mean() / 2 / len(ordered))


def _recall(ours: NDArray[np.float64], out_of_scope: NDArray[np.float64]) -> float:
    """Return the share of out-of-scope sentences below the score that turns 5 % of ours away."""
    return float((out_of_scope < np.quantile(ours, _LOSS)).mean())


def _most_accurate(tried: Tried, share: float) -> float:
    """Return the point with the most held-out messages treated rightly, those out of scope weighed by their share."""
    order = np.argsort(-tried.scores, kind="stable")
    ours, out_count = max(1, int((~tried.out_of_scope).sum())), max(1, int(tried.out_of_scope.sum()))
    gain = np.where(tried.out_of_scope, -share / out_count, tried.right * (1 - share) / ours)[order]
    return float(tried.scores[order[int(np.argmax(np.cumsum(gain)))]])


def _calibration_error(confidence: NDArray[np.float64], right: NDArray[np.bool_]) -> float:
    bins = np.minimum((confidence * _BINS).astype(int), _BINS - 1)
    gaps = [
        abs(confidence[bins == place].mean() - right[bins == place].mean()) * (bins == place).mean()
        for place in np.unique(bins)
    ]
    return float(sum(gaps))


def _resampled(tried: Tried, test: Tried, share: float) -> tuple[int, float, float]:
    """Draw held-out and test messages again and again, the same share of those out of scope in both.

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
        covered.append(float(given[~drawn.out_of_scope].mean()))
    return int((np.asarray(wrong) <= BUDGET).sum()), float(np.mean(wrong)), float(np.mean(covered))


def _drawn(tried: Tried, random: np.random.RandomState) -> Tried:
    ours, out_count = np.flatnonzero(~tried.out_of_scope), np.flatnonzero(tried.out_of_scope)
    places = np.concatenate([random.choice(some, len(some)) for some in (ours, out_count) if len(some)])
    return Tried(tried.scores[places], tried.right[places], tried.out_of_scope[places])
