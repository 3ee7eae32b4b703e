"""Several values where one was asked for: each is counted once, none is dropped unsaid."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeVar

Value = TypeVar("Value")


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
