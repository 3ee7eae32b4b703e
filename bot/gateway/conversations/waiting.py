"""How long a message waits for a brain, and what the customer is told meanwhile."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.wording.sentences import wording

# After so many seconds without an answer people start to wonder whether anybody is there
# (https://www.nngroup.com/articles/response-times-3-important-limits/ puts the limit of attention at 10).
TELL_AFTER = timedelta(seconds=3)

WAKING_UP = wording("assistant.waking_up")
TAKES_LONGER = wording("assistant.takes_longer")
BROKEN = wording("assistant.broken")
BROKEN_ALONE = wording("assistant.broken_alone")
TOO_LONG = wording("assistant.too_long")

# A brain starts in some ten seconds, and many conversations may wait for it: often enough for a customer not to
# notice, seldom enough not to hold it up.
_AWAY_DELAYS = (0.25, 0.5, 1.0, 2.0)

# A failing turn gets these pauses, ten seconds in all: a restart of one process heals in that time, a bug does not.
_FAILED_DELAYS = (0.5, 1.5, 3.0, 5.0)

# A brain that died is back in some ten seconds. The second pause is longer: whoever waited meanwhile is answered before
# a message that may end the brain again gets its last try.
_LOST_DELAYS = (1.0, 15.0)

LONGEST_DELAY = timedelta(seconds=max(*_AWAY_DELAYS, *_FAILED_DELAYS, *_LOST_DELAYS))
"""A message that is to wait longer than this was put off by a clock that has been set back since: it is due."""

LONGEST_STEP = timedelta(seconds=45)
"""The most that one attempt and the pause before it take: a turn's 20 s and the longest pause, and room. If the clock
says that more has gone by, it was set forward, or the gateway was away, and that is not the brain's delay."""


def so_far(waited_ms: int, since: datetime, now: datetime) -> timedelta:
    """How long a message has waited, given the milliseconds it had waited at ``since``; clock jumps do not count."""
    step = min(max(now - since, timedelta()), LONGEST_STEP)
    return timedelta(milliseconds=waited_ms) + step


def delay_when_away(attempts: int) -> timedelta:
    """Say how long to wait after so many attempts (from 0) that reached no brain."""
    return timedelta(seconds=_AWAY_DELAYS[min(attempts, len(_AWAY_DELAYS) - 1)])


def delay_when_failed(failures: int) -> timedelta | None:
    """Say how long to wait after so many failures (from 0); None when it is time to give up."""
    return timedelta(seconds=_FAILED_DELAYS[failures]) if failures < len(_FAILED_DELAYS) else None


def delay_when_lost(lost: int) -> timedelta | None:
    """Say how long to wait after so many turns (from 0) were lost with their brain; None when tries are used up."""
    return timedelta(seconds=_LOST_DELAYS[lost]) if lost < len(_LOST_DELAYS) else None
