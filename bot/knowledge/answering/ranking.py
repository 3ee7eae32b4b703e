"""Ranking: which stretches answer a question, and whether any does; a small learned model over the index's own numbers.

The score of a stretch is linear: how near the question comes to it, to it in its context and to the questions that
were asked for it, how much of its words it and its passage hold, and two matrices that have learned, from asked
questions, how customers' words turn into the articles' (a bilinear form, as in Bai et al., "Supervised semantic
indexing", 2009). One more score stands for "nothing answers this"; a softmax over all of them gives probabilities.
"""

from __future__ import annotations

import io
import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.errors import ArtefactError
from bot.knowledge.index.index import Hit, KnowledgeIndex
from bot.knowledge.index.vectors import Allowed
from bot.nlu import artefact
from bot.nlu.encoder.protocol import Vectors

_COMMAND = "make train"
_FILE = "ranker.npz"
# A logit no score comes near: certainty that nothing answers.
NO_WORD = 50.0
FEATURES = (
    "sentence",
    "context",
    "asked",
    "asked_crowd",
    "asked_article",
    "words",
    "passage_words",
    "passage",
    "opening",
    "whole",
)
"""What a stretch's score is made of, beside the two matrices."""
# Where learning starts: what was learned for the reference assistant once, rounded.
_START = (7.0, 6.0, 2.0, 0.0, 0.0, 9.0, 2.0, 0.0, 0.0, 0.0)
_START_NOTHING = 8.0
# What a knowledge base without asked questions is ranked by: nothing but how much each of the numbers above counts.
# Fitted, with the two below, on a hundred small shelves drawn from the reference assistant's articles, as if nobody had
# asked anything (docs/decisions/0058-an-untaught-knowledge-base.md); the nearest asked question, of which there are few
# or none, counts as at the start.
_UNTAUGHT = (5.7, 5.1, 2.0, 0.0, 0.0, 5.65, 5.3, 4.7, 0.3, 0.3)
_UNTAUGHT_NOTHING = 2.7
_UNTAUGHT_CROWD = 1.31
SCALE = 20.0
"""Cosines are small numbers; this makes them differences that a softmax tells apart."""
OWNED = 0.5
"""What owning an article's product adds to its stretches: enough between two that fit alike, no more."""


@dataclass(frozen=True)
class Ranked:
    """How well stretches answer one question."""

    stretches: NDArray[np.int64]
    """Their numbers in the index, passage by passage."""
    scores: NDArray[np.float64]
    """(stretches,) logarithms of shares, before they are made to sum to one."""
    nothing: float
    """The same for "nothing answers this"."""

    @property
    def answerable(self) -> float:
        """The logarithm of the odds that any of them answers; very small for none."""
        return _log_sum(self.scores) - self.nothing

    @property
    def shares(self) -> NDArray[np.float64]:
        """(stretches,) the probability of each, from 0 to 1; what is missing to 1 is that of nothing."""
        total = np.logaddexp(_log_sum(self.scores), self.nothing)
        shares: NDArray[np.float64] = np.exp(self.scores - total)
        return shares

    def among(self, kept: NDArray[np.bool_]) -> Ranked:
        """Return the same with some of the stretches only."""
        return Ranked(self.stretches[kept], self.scores[kept], self.nothing)

    def beside(self, other: Ranked, weight: float) -> Ranked:
        """Return the same by their scores here and, so much, by those of another question."""
        if not len(self.stretches) or not len(other.stretches):
            return self
        known = dict(zip(other.stretches.tolist(), other.scores.tolist(), strict=True))
        least = float(other.scores.min())
        added = np.asarray([known.get(stretch, least) for stretch in self.stretches.tolist()])
        return self.rescored(self.scores + weight * added)

    def rescored(self, scores: NDArray[np.float64]) -> Ranked:
        """Return the same by other scores; the odds that any of them answers stay as they are."""
        if not len(self.stretches):
            return self
        return Ranked(self.stretches, scores + _log_sum(self.scores) - _log_sum(scores), self.nothing)


@dataclass(frozen=True)
class Ranker:
    """The learned numbers; they belong to an encoder, not to an index: articles may change under them."""

    weights: NDArray[np.float32]
    """(features,)"""
    to_sentence: Vectors
    """(dimensions, dimensions)"""
    to_context: Vectors
    """(dimensions, dimensions)"""
    to_nothing: Vectors
    """(dimensions,)"""
    nothing: float
    near_nothing: float
    """What it says for "nothing" that a question comes near to one that nothing answers."""
    unanswered: Vectors
    """(questions, dimensions): those that nothing answers, as editors wrote them down."""
    crowd: float = 0.0
    """What it says for "nothing" that more stretches were looked at, by the logarithm of their number: of many, some
    come near to anything. Learning does without: its base has one size."""

    @classmethod
    def untaught(cls, dimensions: int) -> Ranker:
        """Return what ranks where there was nothing to learn from."""
        return cls._plain(dimensions, _UNTAUGHT, _UNTAUGHT_NOTHING, _UNTAUGHT_CROWD)

    @classmethod
    def start(cls, dimensions: int) -> Ranker:
        """Return what learning starts from."""
        return cls._plain(dimensions, _START, _START_NOTHING, 0.0)

    @classmethod
    def _plain(cls, dimensions: int, weights: Sequence[float], nothing: float, crowd: float) -> Ranker:
        square = np.zeros((dimensions, dimensions), dtype=np.float32)
        none = np.zeros((0, dimensions), dtype=np.float32)
        to_nothing = np.zeros(dimensions, dtype=np.float32)
        return cls(np.asarray(weights, dtype=np.float32), square, square, to_nothing, nothing, 0.0, none, crowd)

    @classmethod
    def mean(cls, rankers: Sequence[Ranker]) -> Ranker:
        """Return the one whose scores are the mean of those of rankers that know the same unanswered questions."""
        said = [(one.nothing, one.near_nothing) for one in rankers]
        nothing, near_nothing = np.mean(said, axis=0)
        return cls(
            np.mean([one.weights for one in rankers], axis=0),
            np.mean([one.to_sentence for one in rankers], axis=0),
            np.mean([one.to_context for one in rankers], axis=0),
            np.mean([one.to_nothing for one in rankers], axis=0),
            float(nothing),
            float(near_nothing),
            rankers[0].unanswered,
            float(np.mean([one.crowd for one in rankers])),
        )

    def rank(
        self, index: KnowledgeIndex, vector: Vectors, text: str, allowed: Allowed, owned: Collection[str] = ()
    ) -> Ranked:
        """Score the stretches of the passages worth a closer look; ``vector`` is the one row of ``text``."""
        query = np.asarray(vector, dtype=np.float32).reshape(-1)
        searching, parts = index.searching, index.parts
        near = searching.near_asked(query)
        passages, words = searching.candidates(query, text, allowed, near)
        numbers = searching.stretches_of(passages)
        # As it came, and as the matrix turns it.
        to_sentences = parts.sentences[numbers] @ np.stack([query, query @ self.to_sentence], axis=1)
        to_contexts = parts.contexts[numbers] @ np.stack([query, query @ self.to_context], axis=1)
        seen = np.stack(
            [
                to_sentences[:, 0],
                to_contexts[:, 0],
                *searching.asked_fits(near[None])[0][:, numbers],
                parts.stretch_words.scores(text)[numbers],
                words[searching.owner[numbers]],
                (parts.wholes.rows[passages] @ query)[np.searchsorted(passages, searching.owner[numbers])],
                searching.openings[numbers],
                searching.wholes[numbers],
            ]
        )
        scores = self.weights @ seen
        scores += SCALE * (to_sentences[:, 1] + to_contexts[:, 1])
        if owned:
            has = [
                bool(set(owned).intersection(parts.passages[searching.owner[number]].products)) for number in numbers
            ]
            scores += OWNED * np.asarray(has, dtype=np.float32)
        nothing = self.nothing + SCALE * float(query @ self.to_nothing) + self.crowd * crowding(len(numbers))
        if len(self.unanswered):
            nothing += self.near_nothing * max(0.0, float((self.unanswered @ query).max()))
        # The encoder places "asdfgh" somewhere too; what shares no word with any article is answered by none.
        return Ranked(numbers, scores.astype(np.float64), nothing if words.any() else nothing + NO_WORD)

    def save(self, folder: Path) -> None:
        """Write one file into a folder that may hold others; no pickle."""
        stream = io.BytesIO()
        np.savez(
            stream,
            weights=self.weights,
            to_sentence=self.to_sentence,
            to_context=self.to_context,
            to_nothing=self.to_nothing,
            nothing=np.float64(self.nothing),
            near_nothing=np.float64(self.near_nothing),
            unanswered=self.unanswered,
            crowd=np.float64(self.crowd),
        )
        artefact.write_bytes(folder / _FILE, stream.getvalue())

    @classmethod
    def load(cls, folder: Path) -> Ranker:
        """Read what :meth:`save` wrote; :class:`ArtefactError` when it is not whole."""
        try:
            with np.load(folder / _FILE, allow_pickle=False) as arrays:
                return cls(
                    arrays["weights"],
                    arrays["to_sentence"],
                    arrays["to_context"],
                    arrays["to_nothing"],
                    float(arrays["nothing"]),
                    float(arrays["near_nothing"]),
                    arrays["unanswered"],
                    float(arrays["crowd"]) if "crowd" in arrays.files else 0.0,  # models from before it was measured
                )
        except Exception as error:  # a damaged archive raises whatever its reader stumbles over
            raise ArtefactError(folder / _FILE, f"it is damaged ({error!r}).", _COMMAND) from error


def ranker_of(folder: Path, dimensions: int) -> Ranker:
    """Return the ranker of the last training, and one that has learned nothing where there was none yet."""
    return Ranker.load(folder) if (folder / _FILE).is_file() else Ranker.untaught(dimensions)


def crowding(stretches: int) -> float:
    """Return by how much so many stretches raise the chance that one of them fits by accident; 0 for one or none."""
    return math.log(max(1, stretches))


def passages_in(index: KnowledgeIndex, ranked: Ranked, k: int) -> tuple[Hit, ...]:
    """Return the ``k`` passages whose stretches share most, best first; a score is a probability, 0 to 1."""
    owners = index.searching.owner[ranked.stretches]
    passages, place = np.unique(owners, return_inverse=True)
    shares = np.bincount(place, weights=ranked.shares, minlength=len(passages)) if len(passages) else np.zeros(0)
    order = np.lexsort((passages, -shares))[:k]
    return tuple(Hit(index.passages[passages[at]], float(shares[at])) for at in order)


def _log_sum(scores: NDArray[np.float64]) -> float:
    if not len(scores):
        return -50.0
    most = float(scores.max())
    return most + float(np.log(np.exp(scores - most).sum()))
