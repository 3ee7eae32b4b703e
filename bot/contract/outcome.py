"""How an action ended, as it says itself in the slot ``action_outcome``, and as the trace repeats it."""

from __future__ import annotations

import msgspec


class ActionOutcome(msgspec.Struct, frozen=True):
    """One action; ``error`` says what went wrong and never holds what a customer wrote."""

    name: str
    ok: bool
    error: str | None = None
