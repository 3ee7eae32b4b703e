"""Python takes this module at its start, in the processes whose clock libfaketime sets: their sleeps are mended.

From Python 3.11 on, ``time.sleep`` waits until a moment of the monotonic clock (clock_nanosleep with TIMER_ABSTIME).
libfaketime 0.9.10 moves that moment by its offset although the clock itself is not moved, and the system refuses it
with EINVAL. Waiting for a lock that nobody gives back takes as long, and is not touched.
"""

from __future__ import annotations

import threading
import time


def _sleep(seconds: float) -> None:
    if seconds < 0:
        raise ValueError("sleep length must be non-negative")
    if seconds > 0:
        never = threading.Lock()
        never.acquire()
        never.acquire(timeout=seconds)


time.sleep = _sleep
