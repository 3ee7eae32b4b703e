"""A process whose clock is set: the day is another, and waiting takes as long as ever and costs nothing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from typing import Any

import pytest

from benchmarks.conversation_stage import CannotStageError, fixed_clock

# One thread holds Python's lock for a while, and another waits for it: its waiting must not count as work.
PROGRAM = """
import asyncio, datetime, json, threading, time
def lasts(wait):
    start = time.perf_counter()
    wait()
    return time.perf_counter() - start
def waits_for_the_lock():
    threading.Event().wait(0.02)
waits = {
    "sleep": lasts(lambda: time.sleep(0.05)),
    "event": lasts(lambda: threading.Event().wait(0.05)),
    "loop": lasts(lambda: asyncio.run(asyncio.sleep(0.05))),
}
other = threading.Thread(target=waits_for_the_lock)
other.start()
process, thread = time.process_time(), time.thread_time()
sum(range(20_000_000))
beside = (time.process_time() - process) - (time.thread_time() - thread)
other.join()
held = time.thread_time() - thread
print(json.dumps({"day": str(datetime.date.today()), "waits": waits, "beside": beside / held}))
"""


@pytest.fixture(scope="module")
def seen() -> dict[str, Any]:
    """What a program saw whose clock was set."""
    try:
        clock = fixed_clock(time.time())
    except CannotStageError as error:
        pytest.skip(str(error))
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], env={**os.environ, **clock}, check=True, capture_output=True, timeout=30
    )
    return dict(json.loads(done.stdout))


def test_it_is_the_saturday_of_the_conversations(seen: dict[str, Any]) -> None:
    """For Python's own clocks, at least."""
    assert seen["day"] == "2026-11-28"


def test_every_way_of_waiting_takes_its_time(seen: dict[str, Any]) -> None:
    """Neither refused nor over at once."""
    assert min(seen["waits"].values()) >= 0.045


def test_waiting_for_pythons_lock_costs_no_processor_time(seen: dict[str, Any]) -> None:
    """It took as much as the work itself, and conversations took ten times as long."""
    assert seen["beside"] < 0.3
