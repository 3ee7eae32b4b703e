"""How many files the process may open: each connection is one, and without any left nobody gets in."""

from __future__ import annotations

import logging
import resource
from collections.abc import Callable

log = logging.getLogger(__name__)

# The database's connections and files, the brain, providers, logs, and connections that are refused or just ending.
RESERVE = 300

Limits = tuple[int, int]


def connections_that_fit(
    wanted: int,
    limits: Callable[[], Limits] = lambda: resource.getrlimit(resource.RLIMIT_NOFILE),
    change: Callable[[Limits], None] = lambda both: resource.setrlimit(resource.RLIMIT_NOFILE, both),
) -> int:
    """Raise the limit on open files as far as needed and allowed, and answer how many connections it leaves room for.

    Where that is fewer than wanted, a line of the log says what to change.
    """
    needed = wanted + RESERVE
    soft, hard = limits()
    if soft != resource.RLIM_INFINITY and soft < needed:
        raised = hard if hard != resource.RLIM_INFINITY else max(soft, needed)
        try:
            change((raised, hard))
            soft = raised
        except (OSError, ValueError) as error:
            log.info("The limit on open files stays at %d: %s.", soft, error)
    if soft == resource.RLIM_INFINITY or soft >= needed:
        return wanted
    # With a very low limit the reserve cannot be kept; half of it for customers is a start.
    room = max(soft - RESERVE, soft // 2)
    log.warning(
        "Only %d files may be open, so the gateway keeps %d connections at once instead of %d. "
        "Raise the limit to %d: LimitNOFILE= in a systemd unit, `ulimit -n` in a shell, --ulimit nofile= for Docker.",
        soft,
        room,
        wanted,
        needed,
    )
    return room
