"""Whether a customer is upset with us by now: from how each message sounds, and where the conversation is going.

Two small logistic regressions. The first reads one message (the sentence's vector and what can be counted in it), the
second the last few of its scores: an angry word after a quiet start, impatience that grows, anger that has passed.
Both are taught by the conversations in `data/tone/`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.errors import ArtefactError, WarmlineError
from bot.nlu import artefact
from bot.nlu.encoder.protocol import Vectors
from bot.nlu.intents.training import folds_of
from bot.nlu.reading.cap import read_of
from bot.nlu.reading.clauses import asks_in_a_clause
from bot.nlu.tone.words import ANYBODYS, FEATURES, Things, counted, is_outspoken

_SCHEMA = "tone/1"
_COMMAND = "make train"
_WEIGHTS = "tone.npz"
_FILE = "tone.json"

WINDOW = 4
"""Messages that the trend looks at; a dialogue state keeps more (bot/brain/dialogue_state.py)."""
FEWEST = 10
"""Conversations of each kind without which nothing can be learnt, let alone measured."""
# Chosen by cross-validation over data/tone: how far a vector of length 1 counts beside the counts, and how little the
# weights of each regression are held back.
_VECTOR_WEIGHT = 1.0
_MESSAGE_C = 2.0
_TREND_C = 1.0
_ORDINARY_WEIGHT = 0.5
"""Of an ordinary training sentence beside a message of a conversation: there are ten times as many."""
LEAST_PRECISION = 0.95
"""Of twenty customers who are handed over for their tone nineteen are to be upset, in cross-validation."""
MOST_ORDINARY = 0.005
"""Of ordinary sentences, said out of the blue, no more than these may count as upset."""

# In a long conversation a trend alone called calm customers upset ("so not one of your lot"). With
# these, of ordinary sentences said one after another 0.15 per cent are called upset instead of 0.6; in cross-validation
# over data/tone 54 per cent of the upset are noticed instead of 66, at the same precision.
SOUNDS_ALONE = 0.6
"""How upset a message has to sound by itself, unless it says so outright, for the trend to count."""
SOUNDS_BESIDE = 0.75
"""The same for a question, and for what is said where the assistant waits for an answer."""


@dataclass(frozen=True)
class Conversation:
    """What one customer wrote, in order, and whether they were upset with us after it."""

    messages: tuple[str, ...]
    upset: bool


@dataclass(frozen=True)
class Earlier:
    """A message of the same customer before the one at hand."""

    text: str
    score: float
    """What :meth:`ToneModel.judge` gave it as ``message``."""


@dataclass(frozen=True)
class ToneVerdict:
    """How the customer feels after a message; both scores from 0 (calm) to 1 (upset)."""

    message: float
    """How this message sounds alone."""
    trend: float
    """How the conversation stands with it."""
    upset: bool


@dataclass(frozen=True)
class Report:
    """What cross-validation found at the threshold."""

    conversations: int
    precision: float
    recall: float

    def __str__(self) -> str:
        """One line for trainers."""
        return (
            f"{self.precision:.0%} of those called upset are, {self.recall:.0%} of the upset are noticed, "
            f"in {self.conversations} conversations held back"
        )


class ToneModel:
    """Judges tone; ``threshold`` may be set by hand."""

    def __init__(
        self,
        message: NDArray[np.float64],
        trend: NDArray[np.float64],
        threshold: float,
        things: Things = ANYBODYS,
    ) -> None:
        self._message = message
        self._trend = trend
        self._things = things
        self.threshold = threshold
        self.report: Report | None = None

    @classmethod
    def train(
        cls,
        conversations: Sequence[Conversation],
        vectors: Mapping[str, NDArray[np.float32]],
        ordinary: Sequence[str],
        seed: int,
        things: Things = ANYBODYS,
    ) -> ToneModel:
        """Learn from conversations; ``vectors`` holds each of their sentences, and the ``ordinary`` ones of data/nlu.

        ``things`` are what the company's customers may curse without meaning the company.
        Fewer than :data:`FEWEST` conversations of a kind are a :class:`WarmlineError`.
        """
        upset = np.array([conversation.upset for conversation in conversations])
        if min(upset.sum(), (~upset).sum()) < FEWEST:
            raise WarmlineError(
                f"data/tone: {int(upset.sum())} upset and {int((~upset).sum())} calm conversations are too few. "
                f"Write {FEWEST} or more of each, or take WarmlineTone out of config.yml."
            )
        fold = folds_of(upset.astype(np.int64), seed)
        trends = np.zeros((len(conversations), _TREND_FEATURES))
        stranger = np.zeros((len(ordinary), _TREND_FEATURES))
        for held_out in np.unique(fold):
            inside = [each for each, place in zip(conversations, fold, strict=True) if place != held_out]
            weights = _fit_messages(inside, vectors, ordinary, seed, things)
            for place in np.flatnonzero(fold == held_out).tolist():
                trends[place] = _trend_of(conversations[place].messages, vectors, weights, things)
            if held_out == 0:
                for number, sentence in enumerate(ordinary):
                    stranger[number] = _trend_of((sentence,), vectors, weights, things)
        last = [conversation.messages[-1] for conversation in conversations]
        heard = np.array([speaks_up(text, _message(each)) for text, each in zip(last, trends, strict=True)])
        loud = np.array([speaks_up(text, _message(each)) for text, each in zip(ordinary, stranger, strict=True)])
        scores = np.zeros(len(conversations))
        for held_out in np.unique(fold):
            outside = fold == held_out
            scores[outside] = _probability(trends[outside], _fit(trends[~outside], upset[~outside], _TREND_C, seed))
        scores = scores * heard
        trend = _fit(trends, upset, _TREND_C, seed)
        threshold = _threshold(scores, upset, _probability(stranger, trend) * loud)
        model = cls(_fit_messages(conversations, vectors, ordinary, seed, things), trend, threshold, things)
        called = scores >= threshold
        right = int((called & upset).sum())
        model.report = Report(len(upset), right / max(1, int(called.sum())), right / int(upset.sum()))
        return model

    def judge(
        self, text: str, vector: Vectors, earlier: Sequence[Earlier] = (), *, is_asked: bool = False
    ) -> ToneVerdict:
        """Judge a message after the ``earlier`` ones, the oldest first; its vector has length 1.

        ``is_asked``: whether the assistant waits for an answer, which a trend alone does not throw away.
        """
        message = float(_probability(_message_features(text, vector, self._things)[np.newaxis], self._message)[0])
        before = list(earlier)[-(WINDOW - 1) :]
        features = _trend_features([each.text for each in before] + [text], [each.score for each in before] + [message])
        trend = float(_probability(features[np.newaxis], self._trend)[0])
        upset = trend >= self.threshold and speaks_up(text, message, is_asked=is_asked)
        return ToneVerdict(message, trend, upset)

    def save(self, folder: Path) -> None:
        """Write weights as npz and the rest as JSON into a folder that may hold others."""
        folder.mkdir(parents=True, exist_ok=True)
        np.savez(folder / _WEIGHTS, message=self._message, trend=self._trend)
        artefact.write_json(
            folder / _FILE,
            {
                "schema": _SCHEMA,
                "threshold": self.threshold,
                "features": list(FEATURES),
                "things": list(self._things.names),
                "files": artefact.checksums(folder, [_WEIGHTS]),
            },
        )

    @classmethod
    def load(cls, folder: Path) -> ToneModel:
        """Read what :meth:`save` wrote; :class:`ArtefactError` when it is not whole."""
        content: dict[str, Any] = artefact.read_json(folder / _FILE, _SCHEMA, _COMMAND)
        try:
            artefact.verify(folder, content["files"], _COMMAND)
            if content["features"] != list(FEATURES):
                raise ValueError("it counts other things than this version")
            with np.load(folder / _WEIGHTS, allow_pickle=False) as weights:
                return cls(weights["message"], weights["trend"], float(content["threshold"]), Things(content["things"]))
        except (KeyError, TypeError, ValueError, OSError, AttributeError) as error:
            raise ArtefactError(folder / _FILE, f"it is damaged ({error}).", _COMMAND) from error


def speaks_up(text: str, score: float, *, is_asked: bool = False) -> bool:
    """Whether a message is upset enough by itself for the trend to count: after ten turns a calm one is calm."""
    beside = is_asked or asks_in_a_clause(read_of(text))
    return is_outspoken(text) or score >= (SOUNDS_BESIDE if beside else SOUNDS_ALONE)


def _message(trend: NDArray[np.float64]) -> float:
    """The score of the last message, of the features of a trend."""
    return float(1.0 / (1.0 + np.exp(-trend[0])))


def _message_features(text: str, vector: Vectors, things: Things) -> NDArray[np.float64]:
    """(dimensions + counts,)"""
    return np.concatenate([np.asarray(vector, dtype=np.float64).reshape(-1) * _VECTOR_WEIGHT, counted(text, things)])


_TREND_FEATURES = 7


def _trend_features(texts: Sequence[str], scores: Sequence[float]) -> NDArray[np.float64]:
    """Where a conversation is going, from its last messages: (7,)."""
    now, before = scores[-1], list(scores[:-1][-(WINDOW - 1) :])
    return np.array(
        [
            _logit(now),
            max(before, default=0.0),
            float(np.mean(before)) if before else 0.0,
            now - (before[0] if before else now),
            now * max(before, default=0.0),
            len(before) / (WINDOW - 1),
            max((_overlap(texts[-1], text) for text in texts[:-1]), default=0.0),
        ]
    )


def _logit(probability: float) -> float:
    bounded = min(max(probability, 1e-3), 1 - 1e-3)
    return float(np.log(bounded / (1 - bounded)))


def _overlap(text: str, other: str) -> float:
    """The share of words that two messages have in common: who asks again uses the same words."""
    first, second = set(text.lower().split()), set(other.lower().split())
    return len(first & second) / max(1, min(len(first), len(second)))


def _trend_of(
    messages: Sequence[str], vectors: Mapping[str, NDArray[np.float32]], weights: NDArray[np.float64], things: Things
) -> NDArray[np.float64]:
    last = messages[-WINDOW:]
    scores = _probability(np.stack([_message_features(text, vectors[text], things) for text in last]), weights)
    return _trend_features(last, [float(score) for score in scores])


def _fit_messages(
    conversations: Sequence[Conversation],
    vectors: Mapping[str, NDArray[np.float32]],
    ordinary: Sequence[str],
    seed: int,
    things: Things,
) -> NDArray[np.float64]:
    """Learn how an upset message sounds: the last one of an upset conversation, against all of calm ones."""
    texts, labels, weights = [], [], []
    for conversation in conversations:
        for text in conversation.messages[-1:] if conversation.upset else conversation.messages:
            texts.append(text)
            labels.append(conversation.upset)
            weights.append(1.0)
    texts.extend(ordinary)
    labels.extend([False] * len(ordinary))
    weights.extend([_ORDINARY_WEIGHT] * len(ordinary))
    features = np.stack([_message_features(text, vectors[text], things) for text in texts])
    return _fit(features, np.array(labels), _MESSAGE_C, seed, np.array(weights))


def _fit(
    features: NDArray[np.float64],
    labels: NDArray[np.bool_],
    c: float,
    seed: int,
    weights: NDArray[np.float64] | None = None,
) -> NDArray[np.float64]:
    """Fit a logistic regression: (features + 1,), the bias last."""
    from sklearn.linear_model import LogisticRegression

    regression = LogisticRegression(C=c, max_iter=500, random_state=seed)
    regression.fit(features, labels, sample_weight=weights)
    return np.concatenate([regression.coef_[0], regression.intercept_]).astype(np.float64)


def _probability(features: NDArray[np.float64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    found: NDArray[np.float64] = 1.0 / (1.0 + np.exp(-(features @ weights[:-1] + weights[-1])))
    return found


def _threshold(scores: NDArray[np.float64], upset: NDArray[np.bool_], ordinary: NDArray[np.float64]) -> float:
    """The lowest score from which on both promises hold: precision among conversations, and quiet among sentences."""
    floor = float(np.quantile(ordinary, 1 - MOST_ORDINARY)) if len(ordinary) else 0.0
    best = 1.0
    for threshold in sorted(set(scores.tolist()), reverse=True):
        called = scores >= threshold
        if threshold > floor and (called & upset).sum() / called.sum() >= LEAST_PRECISION:
            best = threshold
    return best
