"""Several values where one was asked for: each counts once, and none is dropped without saying so."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import TypeVar

Value = TypeVar("Value")

# "Monday or the week after" names a second day without naming it.
_OR_LATER = re.compile(
    r"\bor\s+(?:(?:on|in|even|maybe|else|perhaps)\s+)*"
    r"(?:(?:the|a|any|some)\s+)?(?:(?:next|following|other|same)\s+)?(?:(?:day|one)\s+)?"
    r"(?P<unit>week|day)(?:\s+(?:after|later|following))?\b",
    re.IGNORECASE,
)
_DAYS_OF = {"week": 7, "day": 1}


def each_once(values: Iterable[Value | None]) -> tuple[Value, ...]:
    """The values in the order in which they were said, each once, without the gaps of what could not be read."""
    return tuple(dict.fromkeys(value for value in values if value is not None))


def in_pairs(ones: Sequence[Value], others: Sequence[Value]) -> tuple[tuple[Value, Value], ...]:
    """Each value with the one of the other kind that was said in the same place; none unless there are as many of both.

    "LF-1000017 at LS6 2AB and LF-1000025 at M14 5TP" says which belongs to which; one postcode for two orders does not.
    """
    return tuple(zip(ones, others, strict=True)) if len(ones) == len(others) > 1 else ()


def spoken_list(values: Sequence[str], last: str = "and") -> str:
    """``LF-1, LF-2 and LF-3``."""
    *head, tail = values
    return f"{', '.join(head)} {last} {tail}" if head else tail


def days_meant(text: str, days: Iterable[date | None]) -> tuple[date, ...]:
    """The days among which a message leaves the choice: those it names, and "or the week after" a single one."""
    named = each_once(days)
    later = _OR_LATER.search(text)
    if len(named) != 1 or later is None:
        return named
    return (*named, named[0] + timedelta(days=_DAYS_OF[later["unit"].lower()]))


def in_turns(groups: Sequence[Sequence[Value]], most: int) -> tuple[Value, ...]:
    """As many of each group as there is room for, so that none is left out: at most ``most`` in all, in their order."""
    shares = [0] * len(groups)
    while sum(shares) < most and any(share < len(group) for share, group in zip(shares, groups, strict=True)):
        for place, group in enumerate(groups):
            if shares[place] < len(group) and sum(shares) < most:
                shares[place] += 1
    return tuple(value for share, group in zip(shares, groups, strict=True) for value in group[:share])
