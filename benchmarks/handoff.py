"""`make bench-handoff`: one owner under 10,000 interleavings, the honest queue, claims under contention, desk events,
suggestions in time, the desk on a slow line.

Everything on this machine: databases in temporary folders, servers on loopback. ``INTERLEAVINGS=n`` for another number.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

from benchmarks import handoff_claims, handoff_line, handoff_load, handoff_streams, handoff_suggestions
from benchmarks.report import Check, write

INTERLEAVINGS = int(os.environ.get("INTERLEAVINGS", "10000"))
# PostgreSQL's transactions take several times as long; every fifth interleaving runs there.
ON_POSTGRESQL = 0.2
STEPS = 20
# The story keeps everything that happened: a look at it now and then, and at the end, sees what every look would see.
LOOK_EVERY = 10
# So many at once, each in a process with a database of its own; what runs beside them is measured before.
PROCESSES = 2
# A portion has its own seed. Small enough that both processes have work until the end, and that one which breaks a
# promise is found again in a minute.
PORTION = 500


def on_sqlite(examples: int, seed: int) -> float:
    """So many interleavings on SQLite, the file in memory where the machine has such a folder; answers seconds."""
    memory = Path("/dev/shm")  # noqa: S108 - a private folder is made below it
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        return _run(f"sqlite:///{Path(folder) / 'interleavings.db'}", examples, seed)


def on_postgresql(examples: int, seed: int) -> float:
    """So many on a PostgreSQL of its own; answers seconds."""
    from tests.gateway import postgres

    with postgres.private_cluster() as cluster:
        return _run(cluster.url, examples, seed)


def _run(url: str, examples: int, seed: int) -> float:
    from bot.gateway.migrations import upgrade
    from bot.gateway.platform.database import Database
    from bot.gateway.platform.signals import Signals
    from tests.gateway.conversations.test_interleavings import run

    database = Database(url, Signals())
    upgrade(database)
    database.close()
    start = time.monotonic()
    run(url, examples, STEPS, LOOK_EVERY, seed)
    return time.monotonic() - start


def portions(wanted: int) -> list[tuple[str, Callable[[int, int], float], int]]:
    """What runs where, in portions; PostgreSQL's first, which take longest."""
    there = int(wanted * ON_POSTGRESQL)
    return [
        (name, run, min(PORTION, all_of_it - begun))
        for name, run, all_of_it in (("postgresql", on_postgresql, there), ("sqlite", on_sqlite, wanted - there))
        for begun in range(0, all_of_it, PORTION)
    ]


def interleavings() -> tuple[list[Check], dict[str, Any]]:
    """On both databases, on both cores; a broken promise is a failure, not a figure."""
    figures: dict[str, Any] = {"wanted": INTERLEAVINGS, "steps": STEPS, "broken": []}
    kept: dict[str, int] = {}
    with ProcessPoolExecutor(PROCESSES) as processes:
        started = [
            (seed, name, examples, processes.submit(run, examples, seed))
            for seed, (name, run, examples) in enumerate(portions(INTERLEAVINGS))
        ]
        for seed, name, examples, future in started:
            try:
                seconds = future.result()
            except Exception as error:
                figures["broken"].append(f"{name}, seed {seed}: {type(error).__name__}: {error}"[:2000])
                continue
            kept[name] = kept.get(name, 0) + examples
            figures[f"{name}_seconds"] = round(figures.get(f"{name}_seconds", 0.0) + seconds, 1)
            print(f"interleavings: {sum(kept.values())} of {INTERLEAVINGS} kept every promise", flush=True)
    return [
        Check("interleavings that kept every promise", sum(kept.values()), INTERLEAVINGS, "least"),
        Check("portions in which a promise was broken", len(figures["broken"]), 0),
    ], figures | kept


def live() -> tuple[list[Check], dict[str, Any]]:
    """What three real processes and a browser show."""
    from tests.e2e.installation import Installation, private_settings

    if not any(Path("models").glob("*.tar.gz")):
        raise SystemExit("There is no trained model: run `make train` first.")
    with tempfile.TemporaryDirectory() as folder:
        running = Installation(private_settings(Path(folder)))
        running.prepare()
        try:
            running.start("gateway", "actions", "brain")
            loading, load = handoff_load.measure(running)
            thinking, suggestions = handoff_suggestions.measure(running)
        finally:
            running.close()
    return [*thinking, *loading], {"suggestions": suggestions, "load": load}


def main() -> int:
    """Measure everything and say which bounds hold."""
    checks: list[Check] = []
    figures: dict[str, Any] = {}
    for name, measure in (
        ("live", live),
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
