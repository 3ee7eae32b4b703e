"""`make bench-handoff`: one owner under 10,000 interleavings, the honest queue, claims under contention, desk events.

Everything on this machine: databases in temporary folders, servers on loopback. ``INTERLEAVINGS=n`` for another number.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

from benchmarks import handoff_claims, handoff_line, handoff_streams
from benchmarks.report import Check, write

INTERLEAVINGS = int(os.environ.get("INTERLEAVINGS", "10000"))
# PostgreSQL's transactions take several times as long; every fifth interleaving runs there.
ON_POSTGRESQL = 0.2
STEPS = 20
# The story keeps everything that happened: a look at it now and then, and at the end, sees what every look would see.
LOOK_EVERY = 10


def on_sqlite(examples: int) -> float:
    """So many interleavings on SQLite, the file in memory where the machine has such a folder; answers seconds."""
    from bot.gateway.database import Database
    from bot.gateway.migrations import upgrade
    from bot.gateway.signals import Signals
    from tests.gateway.conversations.test_interleavings import run

    memory = Path("/dev/shm")  # noqa: S108 - a private folder is made below it
    start = time.monotonic()
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        url = f"sqlite:///{Path(folder) / 'interleavings.db'}"
        database = Database(url, Signals())
        upgrade(database)
        database.close()
        run(url, examples, STEPS, LOOK_EVERY)
    return time.monotonic() - start


def on_postgresql(examples: int) -> float:
    """So many on a PostgreSQL of its own; answers seconds."""
    from bot.gateway.database import Database
    from bot.gateway.migrations import upgrade
    from bot.gateway.signals import Signals
    from tests.gateway import postgres
    from tests.gateway.conversations.test_interleavings import run

    start = time.monotonic()
    with postgres.private_cluster() as cluster:
        database = Database(cluster.url, Signals())
        upgrade(database)
        database.close()
        run(cluster.url, examples, STEPS, LOOK_EVERY)
    return time.monotonic() - start


def interleavings() -> tuple[list[Check], dict[str, Any]]:
    """Both databases at once, each in a process of its own; a broken promise is a failure, not a figure."""
    there = int(INTERLEAVINGS * ON_POSTGRESQL)
    figures: dict[str, Any] = {"wanted": INTERLEAVINGS, "steps": STEPS, "broken": []}
    with ProcessPoolExecutor(2) as processes:
        started = {
            "sqlite": (INTERLEAVINGS - there, processes.submit(on_sqlite, INTERLEAVINGS - there)),
            "postgresql": (there, processes.submit(on_postgresql, there)),
        }
        kept = 0
        for name, (examples, future) in started.items():
            try:
                figures[f"{name}_seconds"] = round(future.result(), 1)
                figures[name] = examples
                kept += examples
            except Exception as error:
                figures["broken"].append(f"{name}: {type(error).__name__}: {error}"[:2000])
    return [Check("interleavings that kept every promise", kept, INTERLEAVINGS, "least")], figures


def main() -> int:
    """Measure everything and say which bounds hold."""
    checks: list[Check] = []
    figures: dict[str, Any] = {}
    for name, measure in (
        ("line", handoff_line.measure),
        ("claims", handoff_claims.measure),
        ("streams", handoff_streams.measure),
        ("interleavings", interleavings),
    ):
        start = time.monotonic()
        found, figures[name] = measure()
        figures[name]["seconds"] = round(time.monotonic() - start, 1)
        checks += found
        print(f"{name}: {figures[name]['seconds']} s", flush=True)
    return write("handoff", checks, figures)


if __name__ == "__main__":
    if shutil.which("initdb") is None and not Path("/usr/lib/postgresql").is_dir():
        raise SystemExit("bench-handoff needs PostgreSQL: apt-get install postgresql")
    raise SystemExit(main())
