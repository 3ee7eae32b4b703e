"""How an action ended, as it says itself in the slot ``action_outcome``, and as the trace repeats it."""

from __future__ import annotations

from typing import Final

import msgspec

REFUSED_IN_SHADOW: Final = "not run: a shadow turn changes nothing"
"""The error of an action that a shadow turn may not run; it is no failure."""


class ActionOutcome(msgspec.Struct, frozen=True):
    """One action; ``error`` says what went wrong and never holds what a customer wrote."""

    name: str
    ok: bool
    error: str | None = None
