"""Whatever order things happen in: one owner, no message lost or handled twice, never the bot over a human."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy import delete

from bot.gateway.database import Database
from bot.gateway.signals import Signals
from bot.gateway.tables import Agent, Conversation, Delivery, Entry, InboxMessage, Ticket, Timer, Wait
from tests.gateway.conversations.interleavings import Interleavings

# 200 in all: most on SQLite, whose transactions are shorter; `make bench-handoff` runs 10,000.
ON_SQLITE = 150
ON_POSTGRESQL = 50
STEPS = 30
WRITTEN_TO = (Wait, Timer, Delivery, Entry, InboxMessage, Ticket, Conversation, Agent)

Opening = Callable[[], tuple[Database, Callable[[], None]]]


def on_sqlite(template: Path, folder: Path) -> Opening:
    """A fresh copy of a migrated file for each run."""

    def opening() -> tuple[Database, Callable[[], None]]:
        path = folder / "interleavings.db"
        for old in folder.glob("interleavings.db*"):
            old.unlink()
        shutil.copy(template, path)
        database = Database(f"sqlite:///{path}", Signals())
        return database, database.close

    return opening


def on_postgresql(url: str) -> tuple[Opening, Callable[[], None]]:
    """One database, emptied for each run; and what closes it."""
    database = Database(url, Signals())

    def opening() -> tuple[Database, Callable[[], None]]:
        database.run_here(lambda session: [session.execute(delete(table)) for table in WRITTEN_TO])
        return database, lambda: None

    return opening, database.close


def run(opening: Opening, examples: int, steps: int = STEPS, *, derandomize: bool = False) -> None:
    """So many interleavings; one that breaks a promise is shortened and shown."""
    chosen = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        database=None,
        derandomize=derandomize,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(lambda: Interleavings(opening), settings=chosen)


def test_every_interleaving_keeps_the_promises_on_sqlite(sqlite_template: Path, tmp_path: Path) -> None:
    """One writer at a time."""
    run(on_sqlite(sqlite_template, tmp_path), ON_SQLITE)


def test_every_interleaving_keeps_the_promises_on_postgresql(postgres_database: str) -> None:
    """Row locks and leases."""
    opening, close = on_postgresql(postgres_database)
    try:
        run(opening, ON_POSTGRESQL)
    finally:
        close()
