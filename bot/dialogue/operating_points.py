"""The error budget as operating points: how sure a reading must be to be acted on, and to be asked back about.

Surer than the answering point: acted on. Between the two points: asked back about. Below the asking point: taken as
out of scope, which the second time running goes to a person. All of it is measured on examples that the model
had not seen.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bot.dialogue.weighed import Sharing
from bot.errors import ArtefactError, SettingError
from bot.nlu.intents import budget as budgets
from bot.nlu.intents.budget import Budget, OperatingPoint, Tried
from bot.nlu.intents.classifier import Reading
from bot.nlu.intents.held_out import Examples
from bot.nlu.intents.promise import Promised
from bot.nlu.scope.evidence import FEWEST_OUT_OF_SCOPE
from bot.nlu.scope.verdict import HeldScores, ScopeVerdict, unseen_scores

LEAST_CHOICE = 0.05
"""A reading with less probability than this is no choice to offer, unless it is the second one."""

# Asking back with the right choice among the buttons is worth as much as it costs where there is none: the lowest point
# is the one below which the right choice is missing more often than not.
_FILE = "operating_points.json"


@dataclass(frozen=True)
class OperatingPoints:
    """The points of one trained model."""

    answer: float
    ask: float
    own: Mapping[str, float]
    """Stricter answering points of single intents."""

    def by_hand(self, answer: float | None, ask: float | None) -> OperatingPoints:
        """Return the points with those that a trainer set; an answering point set by hand is every intent's."""
        if answer is not None:
            return OperatingPoints(float(answer), min(self.ask, float(answer)) if ask is None else float(ask), {})
        return self if ask is None else dataclasses.replace(self, ask=float(ask))

    def settle(
        self, readings: Sequence[Reading], scope: ScopeVerdict, sharing: Sharing
    ) -> tuple[Sharing, ScopeVerdict]:
        """Return what the arbiter goes by for this message: whether the best reading leads enough, and the scope."""
        best = readings[0].name if readings else ""
        if scope.sure >= self.own.get(best, self.answer):
            return dataclasses.replace(sharing, lead=0.0), dataclasses.replace(scope, in_scope=True)
        if scope.sure < self.ask or len(readings) < 2:
            return sharing, dataclasses.replace(scope, in_scope=False)
        least = min(LEAST_CHOICE, readings[1].confidence)
        lead = readings[0].confidence - least + np.finfo(np.float32).eps
        return dataclasses.replace(sharing, lead=float(lead)), dataclasses.replace(scope, in_scope=True)


@dataclass(frozen=True)
class Measured:
    """Operating points and what they mean for messages like the examples."""

    points: OperatingPoints
    chosen: OperatingPoint
    prices: tuple[OperatingPoint, ...]
    asked: float
    """Of our own messages, the share that is asked back about."""
    asked_well: float
    """Of those, the share whose right intent is among the choices."""
    imagined: bool
    """Whether sentences with their intent hidden stood in for those out of scope."""
    by_hand: bool = False
    """Whether a trainer set the answering point."""

    def promised(self, budget: Budget) -> Promised:
        """What the audit holds real conversations against."""
        return Promised(
            max_wrong=budget.max_wrong,
            out_of_scope_share=budget.out_of_scope_share or 0.0,
            confidence=budget.confidence,
            proven=self.chosen.proven,
            by_hand=self.by_hand,
            wrong=self.chosen.wrong,
            covered=self.chosen.covered,
        )

    def _doubt(self, budget: Budget) -> str:
        if self.by_hand:
            return f"the point {self.chosen.point:.2f} was set by hand, and does not keep the budget"
        return f"with so few examples a budget of {budget.max_wrong:.1%} cannot be shown to hold"

    def lines(self, budget: Budget) -> list[str]:
        """What training prints."""
        share = budget.out_of_scope_share or 0.0
        stand_in = " (sentences whose intent was hidden stand in for them)" if self.imagined else ""
        found = [
            f"Error budget {budget.max_wrong:.1%} with {share:.0%} of messages out of scope{stand_in}: {self.chosen}",
            f"  {self.asked:.1%} are asked back about, the right choice among the buttons in {self.asked_well:.0%}; "
            f"of the messages out of scope {self.chosen.let_through:.1%} are acted on",
            f"  the promise holds for messages like the examples in {budget.confidence:.0%} of trainings"
            if self.chosen.proven
            else f"  NOT promised: {self._doubt(budget)}",
            "  other budgets would answer at once: "
            + ", ".join(
                f"{price.max_wrong:.0%} → {price.covered:.0%}{'' if price.proven else ' (not promised)'}"
                for price in self.prices
            ),
        ]
        if self.points.own:
            found.append(f"  stricter than the rest, since they go wrong more often: {', '.join(self.points.own)}")
        return found


def measure(examples: Examples, seed: int, out_of_scope: str, budget: Budget, by_hand: float | None = None) -> Measured:
    """Choose the points for the budget on held-out examples; the same for the same seed.

    ``by_hand`` is an answering point that a trainer set: then this says what it means.
    """
    held = unseen_scores(examples.texts, examples.vectors, examples.labels, seed, out_of_scope, titles=examples.titles)
    return measured_on(held, budget, by_hand)


def measured_on(held: HeldScores, budget: Budget, by_hand: float | None = None) -> Measured:
    """Choose the points for the budget on what held-out examples scored; see :func:`measure`."""
    tried, among, imagined = tried_messages(held)
    if by_hand is None:
        chosen = budgets.operating_point(tried, budget)
        own = budgets.group_points(tried, budget, chosen)
    else:
        chosen, own = budgets.at_point(tried, by_hand, budget), {}
    points = np.asarray([own.get(group, chosen.point) for group in tried.groups])
    ask = _asking_point(tried, among, points, budget.out_of_scope_share or 0.0)
    waits = (tried.scores < points) & (tried.scores >= ask) & ~tried.out_of_scope
    return Measured(
        OperatingPoints(chosen.point, ask, own),
        chosen,
        budgets.price_list(tried, budget),
        asked=float(waits[~tried.out_of_scope].mean()) if (~tried.out_of_scope).any() else 0.0,
        asked_well=float(among[waits].mean()) if waits.any() else 0.0,
        imagined=imagined,
        by_hand=by_hand is not None,
    )


def tried_messages(held: HeldScores) -> tuple[Tried, np.ndarray, bool]:
    """Return held-out messages, whether the right intent of each is a choice, and whether some of them are made up.

    The made-up ones are our own sentences with their intent hidden, where there are too few out-of-scope examples.
    """
    ours, out_of_scope = held.tried & ~held.out_of_scope, held.tried & held.out_of_scope
    imagined = int(out_of_scope.sum()) < FEWEST_OUT_OF_SCOPE
    outside = held.sure_unknown[ours] if imagined else held.sure[out_of_scope]
    names = [name for name, kept in zip(held.best, ours, strict=True) if kept]
    # A hidden intent's second reading is not known here: no group is judged by out-of-scope messages anyway.
    tried = Tried.of(
        np.concatenate([held.sure[ours], outside]),
        np.concatenate([held.right[ours], np.zeros(len(outside), bool)]),
        np.arange(int(ours.sum()) + len(outside)) >= int(ours.sum()),
        (*names, *([""] * len(outside))),
    )
    return tried, np.concatenate([held.among[ours], np.zeros(len(outside), bool)]), imagined


def _asking_point(tried: Tried, among: np.ndarray, points: np.ndarray, share: float) -> float:
    waits = np.flatnonzero(tried.scores < points)
    if not len(waits):
        return float(points.min(initial=1.0))
    order = waits[np.argsort(-tried.scores[waits], kind="stable")]
    ours, outside = max(1, int((~tried.out_of_scope).sum())), max(1, int(tried.out_of_scope.sum()))
    weights = np.where(tried.out_of_scope, share / outside, (1.0 - share) / ours)
    worth = np.cumsum(np.where(among[order], 1.0, -1.0) * weights[order])
    best = int(np.argmax(worth))
    return float(tried.scores[order[best]]) if worth[best] > 0 else float(points.min())


def budget_in(config: Mapping[str, Any], component: str) -> Budget | None:
    """Return the error budget in a component's entry of config.yml; :class:`SettingError` for a share that is none."""
    if config["max_wrong_answers"] is None:
        return None
    for name in ("max_wrong_answers", "out_of_scope_share"):
        value = config[name]
        if not isinstance(value, (int, float)) or isinstance(value, bool) or not 0.0 <= value < 1.0:
            raise SettingError(f"config.yml: {name} of {component} is {value!r}; write a share, such as 0.03.")
    return Budget(float(config["max_wrong_answers"]), float(config["out_of_scope_share"]))


def save(points: OperatingPoints | None, folder: Path) -> None:
    """Write it beside the arbiter's other files; without a budget there is none."""
    body = dataclasses.asdict(points) if points is not None else None
    (folder / _FILE).write_text(json.dumps(body), encoding="utf-8")


def load(folder: Path) -> OperatingPoints | None:
    """Read what :func:`save` wrote; :class:`ArtefactError` when it is damaged."""
    try:
        body = json.loads((folder / _FILE).read_text(encoding="utf-8"))
        if body is None:
            return None
        return OperatingPoints(
            float(body["answer"]), float(body["ask"]), {str(k): float(v) for k, v in body["own"].items()}
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ArtefactError(folder / _FILE, "it is damaged.", "make train") from error
