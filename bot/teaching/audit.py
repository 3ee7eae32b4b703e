"""Promise and outcome: what the trained model promised, and how many messages of real conversations went wrong.

Wrong answers are counted among all messages, by week and by intent (`bot/teaching/judging.py` says what is wrong), with
Wilson's interval (1927, "Probable inference, the law of succession, and statistical inference").
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Literal

from bot.contract.trace import OUT_OF_SCOPE
from bot.nlu.intents.promise import Promised
from bot.teaching.asked import AskedQuestion
from bot.teaching.judging import judge

Verdict = Literal["kept", "broken", "open", "none"]

_Z = 1.96
"""95 of 100 intervals hold the true share."""


@dataclass(frozen=True)
class Outcome:
    """A group of messages: how many were answered, how many of these wrongly, and where the true share lies."""

    group: str
    messages: int
    answered: int
    wrong: int
    share: float
    """Wrong answers among all messages of the group."""
    low: float
    high: float
    reasons: Mapping[str, int]
    """How the wrong ones are known: what was marked, thumbs, and what customers did next."""


@dataclass(frozen=True)
class Promise:
    """What the messages are held against."""

    max_wrong: float | None
    """Of all messages, the share that may be answered wrongly; none where nothing is promised."""
    model: str | None = None
    """The model that promises it; none for a number that was given by hand."""
    trained: Promised | None = None
    """What training wrote into that model."""

    @classmethod
    def of_model(cls, name: str, trained: Promised | None) -> Promise:
        """Take a model's own promise: one that could not be shown to hold, or that has no budget, is none."""
        return cls(trained.max_wrong if trained is not None and trained.proven else None, name, trained)


@dataclass(frozen=True)
class Audit:
    """All messages, by week and by intent, and the promise that they are held against."""

    promise: Promise
    all: Outcome
    out_of_scope: int
    """Messages that were taken as out of scope."""
    known_by: Mapping[str, int]
    """How it is known whether the answered ones were right: ``mark``, ``thumb`` or ``guess``."""
    other_models: int
    """Messages that another model than the one that promises has taken."""
    weeks: tuple[Outcome, ...]
    intents: tuple[Outcome, ...]

    @property
    def verdict(self) -> Verdict:
        """``kept``, ``broken``, ``open`` while the interval has the promise inside it, ``none`` without a promise."""
        promised = self.promise.max_wrong
        if promised is None:
            return "none"
        if self.all.high <= promised:
            return "kept"
        return "broken" if self.all.low > promised else "open"

    def to_json(self) -> dict[str, Any]:
        """For a file or a chart."""
        return {"schema": "audit/1", "verdict": self.verdict, **asdict(self)}


def audit(questions: Sequence[AskedQuestion], promise: Promise) -> Audit:
    """Judge the questions of real conversations against a promise."""
    intents = _grouped(questions, lambda question: question.intent or "?")
    judged = [found for question in questions if (found := judge(question)) is not None]
    others = [one for one in questions if promise.model is not None and one.model not in (None, promise.model)]
    return Audit(
        promise=promise,
        all=_outcome("all", questions),
        out_of_scope=sum(question.decision == OUT_OF_SCOPE for question in questions),
        known_by=dict(Counter(found.source for found in judged)),
        other_models=len(others),
        weeks=_grouped(questions, lambda question: week_of(question.at)),
        intents=tuple(sorted(intents, key=lambda one: (-one.wrong, one.group))),
    )


def week_of(at: str) -> str:
    """``2026-W48``, or ``?`` for a time that is none."""
    try:
        year, week, _ = datetime.fromisoformat(at.replace("Z", "+00:00")).isocalendar()
    except ValueError:
        return "?"
    return f"{year}-W{week:02d}"


def interval(wrong: int, messages: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a share; the whole range without messages."""
    if not messages:
        return 0.0, 1.0
    share, spread = wrong / messages, _Z * _Z / messages
    middle = share + spread / 2
    reach = _Z * math.sqrt(share * (1 - share) / messages + spread / (4 * messages))
    low, high = (middle - reach) / (1 + spread), (middle + reach) / (1 + spread)
    return max(0.0, low), min(1.0, high)


def _grouped(questions: Sequence[AskedQuestion], key: Callable[[AskedQuestion], str]) -> tuple[Outcome, ...]:
    groups: dict[str, list[AskedQuestion]] = defaultdict(list)
    for question in questions:
        groups[key(question)].append(question)
    return tuple(_outcome(name, groups[name]) for name in sorted(groups))


def _outcome(group: str, questions: Sequence[AskedQuestion]) -> Outcome:
    judged = [found for question in questions if (found := judge(question)) is not None]
    reasons = Counter(found.because for found in judged if found.wrong)
    wrong = reasons.total()
    low, high = interval(wrong, len(questions))
    share = wrong / len(questions) if questions else 0.0
    return Outcome(group, len(questions), len(judged), wrong, share, low, high, dict(reasons))
