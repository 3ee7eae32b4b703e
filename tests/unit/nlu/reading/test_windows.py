"""What regular expressions are handed while a message is read: they run in C, where characters count and not steps."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timezone
from types import ModuleType
from typing import Any

import pytest

from bot.nlu.countries import country_of
from bot.nlu.entities import times, values
from bot.nlu.reading import clauses, negation
from bot.nlu.reading.cap import read_of
from tests.unit.nlu.reading.hostile import LONG, SHORT, UNITS, filled

MOST_GROWTH = 2.5
FIXED = 4000
"""Characters that do not depend on the length: one look at the whole message."""

NOW = datetime(2026, 3, 4, 12, tzinfo=timezone.utc)


class Counting:
    """A compiled pattern that notes how many characters it is given to look at."""

    def __init__(self, pattern: re.Pattern[str], counts: list[int]) -> None:
        self._pattern = pattern
        self._counts = counts

    def __getattr__(self, name: str) -> Callable[..., Any]:
        """Its methods, counted."""
        method = getattr(self._pattern, name)

        def counted(text: str, pos: int = 0, endpos: int | None = None, **options: Any) -> Any:
            end = len(text) if endpos is None else min(endpos, len(text))
            self._counts.append(max(0, end - pos))
            return method(text, **options) if name == "split" else method(text, pos, end, **options)

        return counted


def _values(text: str) -> list[negation.Mentioned]:
    """A day at every tenth character."""
    return [negation.Mentioned("date", place, place + 5) for place in range(0, len(text) - 5, 10)]


READ: dict[str, tuple[ModuleType, Callable[[str], object]]] = {
    "clauses": (clauses, lambda text: clauses.clauses_of(read_of(text))),
    "times": (times, lambda text: times.moments_in(text, NOW, country_of("GB"))),
    "negation": (negation, lambda text: negation.stances(read_of(text), _values(read_of(text)))),
    "values": (values, lambda text: list(values.phones_in(text, "GB"))),
}


@pytest.mark.parametrize("name", READ)
def test_patterns_are_handed_at_most_two_and_a_half_times_as_much(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each joint and each date is looked at through a window, not with all that stands before and behind it."""
    module, read = READ[name]
    counts: list[int] = []
    patterns = {key: value for key, value in vars(module).items() if isinstance(value, re.Pattern)}
    assert patterns
    for key, pattern in patterns.items():
        monkeypatch.setattr(module, key, Counting(pattern, counts))
    bad = []
    for unit in UNITS:
        handed = []
        for length in (SHORT, LONG):
            counts.clear()
            read(filled(unit, length))
            handed.append(sum(counts))
        if handed[1] > MOST_GROWTH * handed[0] + FIXED:
            bad.append((unit, *handed))
    assert bad == []
