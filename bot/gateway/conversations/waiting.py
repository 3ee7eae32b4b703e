"""How long a message waits for a brain, and what the customer is told meanwhile."""

from __future__ import annotations

from datetime import timedelta

# After so many seconds without an answer people start to wonder whether anybody is there
# (https://www.nngroup.com/articles/response-times-3-important-limits/ puts the limit of attention at 10).
TELL_AFTER = timedelta(seconds=3)

WAKING_UP = "One moment, I'm still waking up. I'll answer as soon as I can."
TAKES_LONGER = "One moment please, this is taking me a little longer than usual."
BROKEN = (
    "I'm sorry, something on our side isn't working, so I can't answer this myself. "
    "One of my colleagues will look at it."
)
BROKEN_ALONE = (
    "I'm sorry, something on our side isn't working, so I can't answer this just now. "
    "Please try again in a few minutes."
)

# A brain starts in some ten seconds, and many conversations may wait for it: often enough for a customer not to
# notice, seldom enough not to hold it up.
_AWAY_DELAYS = (0.25, 0.5, 1.0, 2.0)

# A failing turn gets these pauses, ten seconds in all: a restart of one process heals in that time, a bug does not.
_FAILED_DELAYS = (0.5, 1.5, 3.0, 5.0)


def delay_when_away(attempts: int) -> timedelta:
    """Say how long to wait after so many attempts (from 0) that reached no brain."""
    return timedelta(seconds=_AWAY_DELAYS[min(attempts, len(_AWAY_DELAYS) - 1)])


def delay_when_failed(failures: int) -> timedelta | None:
    """Say how long to wait after so many failures (from 0); None when it is time to give up."""
    return timedelta(seconds=_FAILED_DELAYS[failures]) if failures < len(_FAILED_DELAYS) else None
