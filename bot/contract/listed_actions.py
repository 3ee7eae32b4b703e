"""What the action server says of its actions (``GET /actions``): when each of them may run.

rasa-sdk's own server lists the names alone; so an action that says nothing neither runs twice nor in a shadow turn.
"""

from __future__ import annotations

import msgspec


class ListedAction(msgspec.Struct, frozen=True):
    """One action of the list."""

    name: str
    read_only: bool = False
    """It changes nothing outside the conversation: it may run in a shadow turn."""
    repeatable: bool = False
    """It may run again for the same message, with the same idempotency key."""
