"""Promise and outcome: how many messages were answered wrongly, judged by what customers did next.

Nobody sees every answer's worth; a customer who asks the same again, declines all choices, or wants a person right
after an answer was most likely not served. That is counted among all messages, by week and by intent, with Wilson's
interval (1927, "Probable inference, the law of succession, and statistical inference").
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from bot.teaching.asked import AskedQuestion

ANSWERED = frozenset({"act", "answer"})
NOT_SERVED = frozenset({"asked_again", "none_of_these", "asked_for_person"})

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
    reasons: dict[str, int]
    """What customers did after the wrong ones."""


@dataclass(frozen=True)
class Audit:
    """All messages, by week and by intent, and the promise that they are held against."""

    promised: float
    all: Outcome
    weeks: tuple[Outcome, ...]
    intents: tuple[Outcome, ...]

    @property
    def verdict(self) -> str:
        """``kept``, ``broken``, or ``open`` while the interval has the promise inside it."""
        if self.all.high <= self.promised:
            return "kept"
        return "broken" if self.all.low > self.promised else "open"

    def to_json(self) -> dict[str, Any]:
        """For a file or a chart."""
        return {"schema": "audit/1", "verdict": self.verdict, **asdict(self)}


def audit(questions: Sequence[AskedQuestion], promised: float) -> Audit:
    """Judge the questions of real conversations; ``promised`` is the budget, 0 to 1."""
    intents = _grouped(questions, lambda question: question.intent or "?")
    return Audit(
        promised=promised,
        all=_outcome("all", questions),
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
    answered = [question for question in questions if question.decision in ANSWERED]
    reasons: dict[str, int] = {}
    for question in answered:
        if question.next in NOT_SERVED:
            reasons[question.next] = reasons.get(question.next, 0) + 1
    wrong = sum(reasons.values())
    low, high = interval(wrong, len(questions))
    share = wrong / len(questions) if questions else 0.0
    return Outcome(group, len(questions), len(answered), wrong, share, low, high, reasons)
