"""Whatever order things happen in: one owner, no message lost or handled twice, never the bot over a human."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from hypothesis import HealthCheck, seed, settings
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy import delete

from bot.gateway.conversations.tables import Conversation, Delivery, Entry, InboxMessage
from bot.gateway.platform.database import Database
from bot.gateway.platform.signals import Signals
from bot.gateway.tickets.tables import Agent, Ticket, Timer, Wait
from tests.gateway.conversations.interleavings import Interleavings

# 200 in all: most on SQLite, whose transactions are shorter; `make bench-handoff` runs 10,000.
ON_SQLITE = 150
ON_POSTGRESQL = 50
STEPS = 30
WRITTEN_TO = (Wait, Timer, Delivery, Entry, InboxMessage, Ticket, Conversation, Agent)


def emptied(database: Database) -> Callable[[], Database]:
    """The same database for each run, empty again: opening one for each would take most of the time."""

    def opening() -> Database:
        database.run_here(lambda session: [session.execute(delete(table)) for table in WRITTEN_TO])
        return database

    return opening


def run(url: str, examples: int, steps: int = STEPS, look_every: int = 1, number: int | None = None) -> None:
    """So many interleavings on a migrated database; one that breaks a promise is shortened and shown.

    With a number they are the same each time.
    """
    chosen = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    database = Database(url, Signals())
    try:

        def machine() -> Interleavings:
            return Interleavings(emptied(database), look_every)

        run_state_machine_as_test(machine if number is None else seed(number)(machine), settings=chosen)
    finally:
        database.close()


def test_every_interleaving_keeps_the_promises_on_sqlite(sqlite_template: Path, tmp_path: Path) -> None:
    """One writer at a time."""
    path = tmp_path / "interleavings.db"
    shutil.copy(sqlite_template, path)
    run(f"sqlite:///{path}", ON_SQLITE)


def test_every_interleaving_keeps_the_promises_on_postgresql(postgres_database: str) -> None:
    """Row locks and leases."""
    run(postgres_database, ON_POSTGRESQL)
