"""Whether a sentence is our business at all, and why we think so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.contract.names import OUT_OF_SCOPE
from bot.errors import ArtefactError
from bot.nlu import artefact
from bot.nlu.encoder.protocol import Vectors
from bot.nlu.intents import cross_validation
from bot.nlu.intents.classifier import Classification
from bot.nlu.intents.cross_validation import CrossValidated, Titles
from bot.nlu.scope import evidence as scope_evidence
from bot.nlu.scope.evidence import Evidence, Weights

_SCHEMA = "scope/3"
_COMMAND = "make train"
_NUMBERS = "scope.npz"
_NAMES = "scope.json"

# Without out-of-scope examples the threshold lets this share of our own sentences in:
# sentences that no other resembles are the ones that would be asked back anyway.
_SHARE_KEPT = 0.95
# To turn a customer away costs more than to let a stranger in, who still meets the intents' and the answers' own
# thresholds: twice as much.
_COST_OF_TURNING_AWAY = 2.0
CHOICES = 3
"""How many readings are offered when the assistant asks back: more than three buttons are a menu."""

# How much of a long example a reason quotes.
_LONGEST_QUOTE = 80


@dataclass(frozen=True)
class ScopeVerdict:
    """In or out of scope; ``score`` is from 0 (surely out) to 1 (surely in)."""

    in_scope: bool
    score: float
    reason: str
    sure: float = 0.0
    """How sure it is that the message is ours and its best reading is right, 0 to 1: more an order than a share."""


@dataclass(frozen=True)
class ScopeReport:
    """What cross-validation found: shares of sentences that were not seen while learning."""

    sentences: int
    kept: float
    """Of the sentences in scope, the share that was let in."""
    out_of_scope: int
    refused: float
    """Of the sentences out of scope, the share that was kept out; 0 when there are none."""

    def __str__(self) -> str:
        """One line for the training's log."""
        line = f"{self.kept:.1%} of {self.sentences} sentences in scope are let in"
        if self.out_of_scope:
            return f"{line}, {self.refused:.1%} of {self.out_of_scope} sentences out of scope are kept out"
        return f"{line}; there are no examples of what is out of scope"


@dataclass(frozen=True)
class HeldScores:
    """The scores of the sentences by a model that was trained without each, and which of them were tried."""

    scores: NDArray[np.float64]
    """(sentences,) of being in scope"""
    sure: NDArray[np.float64]
    """(sentences,) of being ours and read rightly"""
    sure_unknown: NDArray[np.float64]
    """(sentences,) the same, as if the sentence's own intent did not exist"""
    right: NDArray[np.bool_]
    """(sentences,) whether the best reading of ours was right"""
    tried: NDArray[np.bool_]
    """(sentences,)"""
    out_of_scope: NDArray[np.bool_]
    """(sentences,)"""
    among: NDArray[np.bool_]
    """(sentences,) whether the right intent was among the best :data:`CHOICES` readings of ours"""
    best: tuple[str, ...]
    """(sentences,) the best reading of ours"""
    of_scope: Weights
    of_sureness: Weights


class ScopeModel:
    """The classifier's doubt, the votes of like examples and the distance to the nearest, weighed together."""

    def __init__(
        self,
        texts: tuple[str, ...],
        vectors: Vectors,
        out_of_scope: NDArray[np.bool_],
        out_of_scope_label: str,
        of_scope: Weights,
        of_sureness: Weights,
        threshold: float,
        report: ScopeReport,
    ) -> None:
        self._texts = texts
        self._vectors = vectors
        self._out_of_scope = out_of_scope
        self._label = out_of_scope_label
        self._of_scope = of_scope
        self._of_sureness = of_sureness
        self._report = report
        self.threshold = threshold

    @classmethod
    def train(
        cls,
        texts: Sequence[str],
        vectors: Vectors,
        labels: Sequence[str],
        seed: int,
        out_of_scope_label: str = OUT_OF_SCOPE,
        titles: Titles | None = None,
    ) -> ScopeModel:
        """Learn weights and threshold from how unseen sentences of each kind look; the same for the same seed."""
        held = unseen_scores(texts, vectors, labels, seed, out_of_scope_label, titles)
        scores, out_of_scope = held.scores[held.tried], held.out_of_scope[held.tried]
        threshold = _threshold(scores, out_of_scope)
        let_in = scores >= threshold
        report = ScopeReport(
            sentences=int((~out_of_scope).sum()),
            kept=float(let_in[~out_of_scope].mean()) if (~out_of_scope).any() else 0.0,
            out_of_scope=int(out_of_scope.sum()),
            refused=float((~let_in[out_of_scope]).mean()) if out_of_scope.any() else 0.0,
        )
        ours = vectors.astype(np.float32)
        return cls(
            tuple(texts),
            ours,
            held.out_of_scope,
            out_of_scope_label,
            held.of_scope,
            held.of_sureness,
            threshold,
            report,
        )

    def judge(self, text: str, vector: Vectors, classified: Classification) -> ScopeVerdict:
        """Say whether the text, of which ``vector`` is the one row, is in scope, with a reason a trainer can read."""
        if not text.strip():
            return ScopeVerdict(False, 0.0, "the message is empty")
        similarities = self._vectors @ np.asarray(vector, dtype=np.float32).reshape(-1)
        evidence = scope_evidence.of_classification(classified, similarities, self._out_of_scope, self._label)
        score, sure = self._of_scope.score(evidence), self._of_sureness.score(evidence)
        return ScopeVerdict(score >= self.threshold, score, self._reason(similarities, classified), sure)

    def _reason(self, similarities: NDArray[np.float32], classified: Classification) -> str:
        nearest = int(np.argmax(similarities))
        quote = self._texts[nearest]
        if len(quote) > _LONGEST_QUOTE:
            quote = quote[: _LONGEST_QUOTE - 1] + "…"
        kind = f" ({self._label})" if self._out_of_scope[nearest] else ""
        top = classified.readings[0] if classified.readings else None
        said = f"; top reading {top.name} at {top.confidence:.2f}, votes {classified.votes[0]:.2f}" if top else ""
        return f"nearest example '{quote}'{kind} at {float(similarities[nearest]):.2f}{said}"

    def report(self) -> str:
        """Return in one line what cross-validation found."""
        return f"threshold {self.threshold:.2f}: {self._report}"

    def save(self, folder: Path) -> None:
        """Write two files, numbers and names, into a folder that may hold others."""
        folder.mkdir(parents=True, exist_ok=True)
        np.savez(folder / _NUMBERS, vectors=self._vectors, outside=self._out_of_scope)
        artefact.write_json(
            folder / _NAMES,
            {
                "schema": _SCHEMA,
                "texts": list(self._texts),
                "out_of_scope_label": self._label,
                "weights": {"scope": asdict(self._of_scope), "sureness": asdict(self._of_sureness)},
                "threshold": self.threshold,
                "report": asdict(self._report),
                "files": artefact.checksums(folder, [_NUMBERS]),
            },
        )

    @classmethod
    def load(cls, folder: Path) -> ScopeModel:
        """Read what :meth:`save` wrote, in whichever environment; :class:`ArtefactError` when it is not whole."""
        content: dict[str, Any] = artefact.read_json(folder / _NAMES, _SCHEMA, _COMMAND)
        try:
            artefact.verify(folder, content["files"], _COMMAND)
            with np.load(folder / _NUMBERS, allow_pickle=False) as numbers:
                vectors, out_of_scope = numbers["vectors"], numbers["outside"]
            of_scope, of_sureness = (
                Weights(tuple(content["weights"][name]["slopes"]), float(content["weights"][name]["constant"]))
                for name in ("scope", "sureness")
            )
            return cls(
                tuple(content["texts"]),
                vectors,
                out_of_scope,
                str(content["out_of_scope_label"]),
                of_scope,
                of_sureness,
                float(content["threshold"]),
                ScopeReport(**content["report"]),
            )
        except (KeyError, TypeError, ValueError, OSError) as error:
            raise ArtefactError(folder / _NAMES, f"it is damaged ({error!r}).", _COMMAND) from error


def unseen_scores(
    texts: Sequence[str],
    vectors: Vectors,
    labels: Sequence[str],
    seed: int,
    out_of_scope_label: str = OUT_OF_SCOPE,
    titles: Titles | None = None,
) -> HeldScores:
    """Return how each sentence scores by models and weights that were learnt without it, and the final weights."""
    held = cross_validation.held(texts, vectors, labels, seed, titles)
    if _last and _last[0][0] is held and _last[0][1] == out_of_scope_label:
        return _last[0][2]
    out_of_scope = np.asarray([label == out_of_scope_label for label in labels])
    tried = held.folds >= 0
    shares = held.probabilities.copy()
    if out_of_scope_label in held.labels:
        shares[:, held.labels.index(out_of_scope_label)] = -1.0
    best = shares.argmax(axis=1)
    targets = held.targets[: len(texts)]
    right = (best == targets) & ~out_of_scope
    ahead = (shares > shares[np.arange(len(texts)), targets][:, np.newaxis]).sum(axis=1)
    among = (ahead < CHOICES) & ~out_of_scope
    rows = scope_evidence.of_cross_validation(held, vectors, out_of_scope, out_of_scope_label)
    of_scope, of_sureness = _weights(rows, out_of_scope, right, tried, seed)
    scores, sure, sure_unknown = (np.zeros(len(texts)) for _ in range(3))
    for fold in np.unique(held.folds[tried]):
        outside = held.folds == fold
        scope, sureness = _weights(rows, out_of_scope, right, tried & ~outside, seed)
        scores[outside] = scope.scores(rows.own[outside])
        sure[outside] = sureness.scores(rows.own[outside])
        sure_unknown[outside] = sureness.scores(rows.unknown[outside])
    found = HeldScores(
        scores,
        sure,
        sure_unknown,
        right,
        tried,
        out_of_scope,
        among,
        tuple(held.labels[place] for place in best),
        of_scope,
        of_sureness,
    )
    _last[:] = [(held, out_of_scope_label, found)]
    return found


def _weights(
    rows: Evidence, out_of_scope: NDArray[np.bool_], right: NDArray[np.bool_], chosen: NDArray[np.bool_], seed: int
) -> tuple[Weights, Weights]:
    """Return what is learnt of scope and of sureness from the chosen sentences."""
    untried = Weights(*scope_evidence.UNTRIED)
    scope = scope_evidence.weigh_scope(rows, out_of_scope, chosen, seed) or untried
    return scope, scope_evidence.weigh_sureness(rows, out_of_scope, right, chosen, scope, seed) or untried


_last: list[tuple[CrossValidated, str, HeldScores]] = []
"""The latest: scope and error budget are trained in turn on the same sentences."""


def _threshold(scores: NDArray[np.float64], out_of_scope: NDArray[np.bool_]) -> float:
    """Return the score that parts the two kinds at the least cost, or lets our own in when there is one kind."""
    if not len(scores):
        return 0.5
    if not out_of_scope.any() or out_of_scope.all():
        return float(np.quantile(scores, 1.0 - _SHARE_KEPT))
    ordered = np.unique(scores)
    candidates = (ordered[1:] + ordered[:-1]) / 2
    if not len(candidates):
        return 0.5
    ours, outside = np.sort(scores[~out_of_scope]), np.sort(scores[out_of_scope])
    kept = 1.0 - np.searchsorted(ours, candidates, side="left") / len(ours)
    refused = np.searchsorted(outside, candidates, side="left") / len(outside)
    return float(candidates[int(np.argmax(_COST_OF_TURNING_AWAY * kept + refused))])
