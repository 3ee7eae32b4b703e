"""What the private channel answers when it did not do what was asked: ``{"error": {"code", "message", …}}``."""

from __future__ import annotations

from typing import Final

import msgspec

BAD_TURN: Final = "bad_turn"
BAD_SEARCH: Final = "bad_search"
BAD_ARTICLE: Final = "bad_article"
WRONG_SECRET: Final = "wrong_secret"  # noqa: S105  # a code, no secret
TOO_LARGE: Final = "too_large"
OVER_BUDGET: Final = "over_budget"
BRAIN_FAILED: Final = "brain_failed"
ACTION_FAILED: Final = "action_failed"
ACTIONS_AWAY: Final = "actions_away"
NO_MODEL: Final = "no_model"
NO_INDEX: Final = "no_index"
BUSY: Final = "busy"


class Failure(msgspec.Struct, frozen=True, omit_defaults=True):
    """What went wrong; ``message`` is for people and never repeats what a customer wrote."""

    code: str
    message: str = ""
    action: str | None = None
    """The action that failed, or could not be called."""
    acted: bool | None = None
    """Whether an action ran, or may have, that must not run again; of a turn that was cut off, whether any ran. None
    where the brain does not know."""


class Failed(msgspec.Struct, frozen=True):
    """The whole answer."""

    error: Failure
