"""JSON from outside: strict and bounded, whoever sent it."""

from __future__ import annotations

import json
import math
from typing import Any, NoReturn

DEEPEST = 64
"""Levels of nesting. A turn with its dialogue state has about ten, an update of Telegram's as many."""


class NotJsonError(ValueError):
    """It is not JSON that we take; the text says why in a sentence and repeats nothing of what came."""


def read_json(body: bytes, *, largest: int) -> Any:
    """Read JSON in UTF-8 of at most ``largest`` bytes (RFC 8259); :class:`NotJsonError` for anything else.

    Beside what :func:`json.loads` refuses: other encodings, ``NaN``, ``Infinity`` and numbers beyond a double, values
    nested deeper than :data:`DEEPEST`. What is taken can be walked by recursion and written as JSON again.
    """
    if len(body) > largest:
        raise NotJsonError(f"It has more than {largest:,} bytes.")
    try:
        value = json.loads(body.decode("utf-8"), parse_constant=_no_constant, parse_float=_finite)
    except NotJsonError:
        raise
    except UnicodeDecodeError:
        raise NotJsonError("It is not UTF-8.") from None
    except RecursionError:
        raise NotJsonError(_TOO_DEEP) from None
    except ValueError:
        # Also a whole number of more than 4,300 digits (https://docs.python.org/3/library/stdtypes.html#int-max-str-digits).
        raise NotJsonError("It is not JSON.") from None
    if _is_deep(value):
        raise NotJsonError(_TOO_DEEP)
    return value


_TOO_DEEP = f"It is nested deeper than {DEEPEST} levels."


def _is_deep(value: Any) -> bool:
    """Walk level by level: recursion is what a deep value breaks."""
    level = [value]
    for _ in range(DEEPEST):
        level = [
            inner
            for one in level
            if isinstance(one, dict | list)
            for inner in (one.values() if isinstance(one, dict) else one)
            if isinstance(inner, dict | list)
        ]
        if not level:
            return False
    return True


def _no_constant(_name: str) -> NoReturn:
    raise NotJsonError("It holds a number that is none (NaN or Infinity).")


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise NotJsonError("It holds a number that is too large.")
    return number
