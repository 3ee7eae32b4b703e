"""How often the assistant may be wrong: from a budget to the score from which on it answers.

In go held-out messages (how sure the best answer was, and whether it was right) and a budget: wrong answers among all
messages. Out comes the lowest score whose wrong answers keep the budget, not on these messages by luck but with a
stated confidence for all messages like them. Lowering the score never takes a wrong answer back, so the bound of each
single score holds for the one that is chosen too (Bates et al. 2021, "Distribution-Free, Risk-Controlling Prediction
Sets", theorem 1).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import bdtr, gammaln, xlog1py, xlogy

CONFIDENCE = 0.95
"""How sure the promise is: of twenty assistants trained like this one, nineteen keep it."""

FEWEST = 100
"""Messages from which on a group has a say of its own. With fewer nothing can be shown about a budget of 3 %: no wrong
answer among 98 messages still happens one time in twenty where 3 % are wrong (0.97 ** 98 = 0.05)."""

LOOSER = (0.01, 0.02, 0.03, 0.05, 0.08, 0.1, 0.15, 0.2)
"""Budgets whose price is told beside the one that was asked for."""

# Whether our own messages or those out of scope go wrong more often is not known: the worst of so many mixtures counts.
_MIXTURES = 25
_NEVER = float("inf")


@dataclass(frozen=True)
class Tried:
    """Held-out messages and their best answers; all three have the shape (messages,)."""

    scores: NDArray[np.float64]
    """How sure the best answer was, on any scale: higher is surer."""
    right: NDArray[np.bool_]
    """Whether it was right; never for an out-of-scope message, which has no right answer."""
    out_of_scope: NDArray[np.bool_]
    """Whether the message was out of scope."""
    groups: tuple[str, ...] = ()
    """What each message was read as, for points of single groups; may be left out."""

    @classmethod
    def of(
        cls,
        scores: Sequence[float] | NDArray[np.float64],
        right: Sequence[bool] | NDArray[np.bool_],
        out_of_scope: Sequence[bool] | NDArray[np.bool_] | None = None,
        groups: Sequence[str] = (),
    ) -> Tried:
        """Take sequences; ``ValueError`` when they differ in length. Without ``out_of_scope`` every message is ours."""
        found = np.asarray(scores, dtype=np.float64)
        outside = np.zeros(len(found), dtype=bool) if out_of_scope is None else np.asarray(out_of_scope, dtype=bool)
        if not (len(found) == len(right) == len(outside) and len(groups) in (0, len(found))):
            raise ValueError("scores, right, out_of_scope and groups must speak of the same messages")
        return cls(found, np.asarray(right, dtype=bool) & ~outside, outside, tuple(groups))

    def only(self, kept: NDArray[np.bool_]) -> Tried:
        """Return the messages that a mask of shape (messages,) keeps."""
        groups = tuple(group for group, stays in zip(self.groups, kept, strict=True) if stays) if self.groups else ()
        return Tried(self.scores[kept], self.right[kept], self.out_of_scope[kept], groups)


@dataclass(frozen=True)
class Budget:
    """What a trainer promises."""

    max_wrong: float
    """Wrong answers among all messages, answered or not: a share from 0 to 1."""
    out_of_scope_share: float | None = None
    """The share of out-of-scope messages in traffic; None: as among the held-out messages."""
    confidence: float = CONFIDENCE
    messages: int | None = None
    """Over how many messages the share that is counted must keep the budget, chance included; None: in the long run."""


@dataclass(frozen=True)
class OperatingPoint:
    """The score from which on an answer is given, and what that means for the traffic that is expected."""

    point: float
    """Infinite when no answer at all can be given within the budget."""
    max_wrong: float
    wrong: float
    """Wrong answers among all held-out messages, those out of scope weighed by their expected share."""
    covered: float
    """Of our own messages, the share that is answered."""
    let_through: float
    """Of the out-of-scope messages, the share that is answered all the same; 0 where there were none."""
    proven: bool
    """Whether the bound holds; else there were too few messages, and the point only keeps the budget on these."""

    def __str__(self) -> str:
        """One line for the training's log."""
        line = f"{self.covered:.1%} of our messages answered at once, {self.wrong:.1%} of all messages wrongly"
        return line if self.proven else f"{line} (too few examples to promise it)"


def operating_point(tried: Tried, budget: Budget) -> OperatingPoint:
    """Choose the lowest score that keeps the budget with its confidence.

    With too few messages to show that even silence keeps it, the lowest score that keeps it on these messages is
    taken, and ``proven`` is false.
    """
    share = _share_out_of_scope(tried, budget)
    allowed, doubt = _for_the_long_run(budget)
    order = np.argsort(-tried.scores, kind="stable")
    scores, wrong, out_of_scope = tried.scores[order], ~tried.right[order], tried.out_of_scope[order]
    ours = int((~out_of_scope).sum())
    out_count = len(out_of_scope) - ours
    # Where the k-th wrong answer stands: before it k - 1 are given.
    stumbles = np.flatnonzero(wrong)

    def keeps(count: int) -> bool:
        """Tell whether answering just before the wrong answer number ``count`` (from 0) keeps the budget."""
        given_out_of_scope = int(out_of_scope[stumbles[:count]].sum())
        return _chance(count - given_out_of_scope, ours, given_out_of_scope, out_count, share, allowed) <= doubt

    proven = keeps(0)
    if proven:
        fewest, most = 0, len(stumbles)
        while fewest < most:  # counts that keep it lie below those that do not
            middle = (fewest + most + 1) // 2
            fewest, most = (middle, most) if keeps(middle) else (fewest, middle - 1)
    else:
        weights = np.where(out_of_scope, share / max(out_count, 1), (1 - share) / max(ours, 1))
        fewest = int(np.searchsorted(np.cumsum(weights[stumbles]), budget.max_wrong, side="right"))
    return _measured(tried, _just_above(scores, stumbles, fewest), budget, share, proven)


def at_point(tried: Tried, point: float, budget: Budget) -> OperatingPoint:
    """Say what a point that was set by hand means; ``proven`` tells whether it keeps the budget with its confidence."""
    share = _share_out_of_scope(tried, budget)
    allowed, doubt = _for_the_long_run(budget)
    given = (tried.scores >= point) & ~tried.right
    outside = int((given & tried.out_of_scope).sum())
    out_count = int(tried.out_of_scope.sum())
    chance = _chance(int(given.sum()) - outside, len(given) - out_count, outside, out_count, share, allowed)
    return _measured(tried, point, budget, share, chance <= doubt)


def price_list(tried: Tried, budget: Budget, budgets: Sequence[float] = LOOSER) -> tuple[OperatingPoint, ...]:
    """Return the operating points of this budget and of the others, the strictest first."""
    return tuple(
        operating_point(tried, replace(budget, max_wrong=allowed)) for allowed in sorted({budget.max_wrong, *budgets})
    )


def group_points(tried: Tried, budget: Budget, overall: OperatingPoint) -> dict[str, float]:
    """Return stricter points for the groups that break the budget at the overall one.

    A group (what messages are read as) whose own messages are shown to be answered wrongly more often than the budget
    takes the lowest point at which that can no longer be shown; one with fewer than :data:`FEWEST` messages takes the
    overall point. A stricter point gives fewer wrong answers, so what the overall point promises stays true.
    """
    points = {}
    names = np.asarray(tried.groups)
    for name in sorted(set(tried.groups)):
        group = tried.only((names == name) & ~tried.out_of_scope)
        if len(group.scores) < FEWEST:
            continue
        stumbles = np.sort(group.scores[(group.scores >= overall.point) & ~group.right])
        leave_out = 0
        while leave_out < len(stumbles) and _shown_to_break(len(stumbles) - leave_out, len(group.scores), budget):
            leave_out += 1
        if leave_out:
            points[name] = float(np.nextafter(stumbles[leave_out - 1], _NEVER))
    return points


def _shown_to_break(wrong: int, messages: int, budget: Budget) -> bool:
    """Tell whether so many wrong answers are too many to be chance, where the budget is just kept."""
    return float(1.0 - bdtr(wrong - 1, messages, budget.max_wrong)) <= 1.0 - budget.confidence


def _share_out_of_scope(tried: Tried, budget: Budget) -> float:
    """Return the out-of-scope share to count on; 0 without such examples, as nothing is known and promised of them."""
    if not tried.out_of_scope.any():
        return 0.0
    if tried.out_of_scope.all():
        return 1.0
    return float(tried.out_of_scope.mean()) if budget.out_of_scope_share is None else budget.out_of_scope_share


def _for_the_long_run(budget: Budget) -> tuple[float, float]:
    """Return the long-run share that keeps the budget, and the doubt that is left for finding it.

    Where the promise is about a number of messages, half of the doubt goes to those messages' own chance.
    """
    doubt = 1.0 - budget.confidence
    if budget.messages is None:
        return budget.max_wrong, doubt
    most = int(np.floor(budget.max_wrong * budget.messages + 1e-9))
    low, high = 0.0, budget.max_wrong
    for _ in range(40):  # halving: far finer than any share that matters
        middle = (low + high) / 2
        low, high = (middle, high) if 1.0 - bdtr(most, budget.messages, middle) <= doubt / 2 else (low, middle)
    return low, doubt / 2


def _chance(inside: int, ours: int, outside: int, out_count: int, share: float, allowed: float) -> float:
    """Return how likely so few wrong answers are where the share of wrong answers among all messages is ``allowed``.

    ``inside`` of ``ours`` and ``outside`` of ``out_count`` were wrong. The two rates behind them are unknown apart
    from their mixture, so the likeliest mixture counts.
    """
    if not out_count or share == 0.0:
        return float(bdtr(inside, ours, allowed)) if ours else 1.0
    if not ours or share == 1.0:
        return float(bdtr(outside, out_count, allowed))
    # What an out-of-scope message weighs, in messages of ours.
    weight = (share / out_count) / ((1 - share) / ours)
    counts = np.arange(min(out_count, int(outside + inside / weight)) + 1)
    room = np.floor(inside + weight * (outside - counts) + 1e-9)
    chances = []
    for rate in np.linspace(max(0.0, (allowed - (1 - share)) / share), min(1.0, allowed / share), _MIXTURES):
        own_rate = min(1.0, max(0.0, (allowed - share * rate) / (1 - share)))
        below = bdtr(np.clip(room, 0, ours), ours, own_rate)
        chances.append(float((_binomial(counts, out_count, float(rate)) * below).sum()))
    return max(chances)


def _binomial(counts: NDArray[np.int64], of: int, rate: float) -> NDArray[np.float64]:
    """Return the probability of each count."""
    ways = gammaln(of + 1) - gammaln(counts + 1) - gammaln(of - counts + 1)
    found: NDArray[np.float64] = np.exp(ways + xlogy(counts, rate) + xlog1py(of - counts, -rate))
    return found


def _just_above(scores: NDArray[np.float64], stumbles: NDArray[np.int64], count: int) -> float:
    """Return the lowest point, of scores sorted downwards, at which only ``count`` wrong answers are given."""
    if count >= len(stumbles):
        return float(scores[-1]) if len(scores) else _NEVER
    stumble = scores[stumbles[count]]
    surer = scores[scores > stumble]
    # Halfway between the two, so that neither stands on the edge.
    return float((surer[-1] + stumble) / 2) if len(surer) else _NEVER


def _measured(tried: Tried, point: float, budget: Budget, share: float, proven: bool) -> OperatingPoint:
    given = tried.scores >= point
    ours, out_of_scope = given[~tried.out_of_scope], given[tried.out_of_scope]
    wrong = (given & ~tried.right)[~tried.out_of_scope]
    let_through = float(out_of_scope.mean()) if len(out_of_scope) else 0.0
    return OperatingPoint(
        point=point,
        max_wrong=budget.max_wrong,
        wrong=(1 - share) * (float(wrong.mean()) if len(wrong) else 0.0) + share * let_through,
        covered=float(ours.mean()) if len(ours) else 0.0,
        let_through=let_through,
        proven=proven,
    )
