"""The database: one transaction each, retried while it is busy, the same promises on SQLite and PostgreSQL."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
import time
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import event, make_url, select, text
from sqlalchemy.orm import Session

from bot.errors import SettingError
from bot.gateway.conversations.tables import Conversation, InboxMessage
from bot.gateway.desk.tables import SignInAttempt
from bot.gateway.migrations import upgrade
from bot.gateway.platform.clock import utc_now
from bot.gateway.platform.database import BUSY_TIMEOUT, Database, DatabaseAwayError, insert_if_absent
from bot.gateway.platform.signals import Signals, announce
from bot.gateway.platform.tables import Table
from bot.gateway.tickets.tables import Agent
from tests.gateway import postgres


def _attempt(session: Session, name: str) -> None:
    session.add(SignInAttempt(username=name, at=utc_now()))


def _names(session: Session) -> list[str]:
    return list(session.scalars(select(SignInAttempt.username).order_by(SignInAttempt.id)))


def test_the_migrations_make_exactly_the_tables_that_the_code_describes(database: Database) -> None:
    """A column that stands in one and not in the other would fail at a customer's message, not here."""
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Table.metadata) == []


def test_migrating_again_changes_nothing(database: Database) -> None:
    """Every start migrates."""
    database.run_here(_attempt, "kept")
    upgrade(database)
    assert database.run_here(_names) == ["kept"]


def test_gateways_that_start_together_migrate_an_empty_database_once(postgres_url: str) -> None:
    """Two gateways on a new PostgreSQL take turns, and both find the tables."""
    name = "warmline_two_starts"
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        url = make_url(postgres_url).set(database=name).render_as_string(hide_password=False)
        both = [Database(url, Signals()) for _ in range(2)]
        failures: list[BaseException] = []

        def start(one: Database) -> None:
            try:
                upgrade(one)
            except BaseException as error:
                failures.append(error)

        threads = [threading.Thread(target=start, args=(one,)) for one in both]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        found = [one.run_here(_names) for one in both]
        for one in both:
            one.close()
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
    assert failures == []
    assert found == [[], []]


async def test_what_fails_in_its_middle_leaves_nothing(database: Database) -> None:
    """One function is one transaction."""

    def half(session: Session) -> None:
        _attempt(session, "half")
        session.flush()
        raise ValueError("in the middle")

    with pytest.raises(ValueError, match="in the middle"):
        await database.run(half)
    assert await database.read(_names) == []


async def test_many_writers_at_once_all_get_through(database: Database) -> None:
    """Nobody hears `database is locked`."""
    await asyncio.gather(*(database.run(_attempt, f"{number}") for number in range(40)))
    assert sorted(await database.read(_names), key=int) == [str(number) for number in range(40)]


async def test_a_mistake_in_a_statement_is_not_taken_for_a_database_that_is_away(database: Database) -> None:
    """A bug must be seen at once, not after seconds of trying again."""
    started = time.monotonic()
    with pytest.raises(Exception, match="no_such_table") as caught:
        await database.run(lambda session: session.execute(text("SELECT * FROM no_such_table")))
    assert not isinstance(caught.value, DatabaseAwayError)
    assert time.monotonic() - started < 1


async def test_a_signal_goes_out_after_the_commit_and_not_without_one(database: Database) -> None:
    """Who is woken finds what was written."""

    def write(session: Session, fails: bool) -> None:
        announce(session, "topic")
        if fails:
            raise ValueError("no commit")

    with database.signals.subscribe("topic") as waiting:
        with pytest.raises(ValueError, match="no commit"):
            await database.run(write, True)
        assert await waiting.wait(0.01) == frozenset()
        await database.run(write, False)
        assert await waiting.wait(1) == {"topic"}


def test_inserting_a_row_that_is_there_changes_nothing(database: Database) -> None:
    """The same call again answers False instead of failing."""
    row = {"id": "a", "username": "ada", "name": "Ada", "role": "agent", "password_hash": "x"}
    assert database.run_here(lambda session: insert_if_absent(session, Agent, row))
    assert not database.run_here(lambda session: insert_if_absent(session, Agent, row | {"id": "b"}))


def test_what_a_row_refers_to_may_be_written_in_the_same_transaction(database: Database) -> None:
    """A conversation that is only being made, and its first message: the database checks the reference at once."""

    def write(session: Session) -> bool:
        now = utc_now()
        session.add(Conversation(id="c", channel="web", account="a", address="c", customer={}, started_at=now))
        message = {"message_id": "m", "conversation_id": "c", "channel": "web", "account": "a", "input": {}}
        counted = {"provider_message_id": "1", "received_at": now, "attempts": 0, "failures": 0}
        return insert_if_absent(session, InboxMessage, message | counted)

    assert database.run_here(write)


def test_times_come_back_in_utc(database: Database) -> None:
    """Also from SQLite, which stores no time zone."""
    now = utc_now()

    def write(session: Session) -> None:
        session.add(Conversation(id="c", channel="web", account="a", address="c", customer={}, started_at=now))

    database.run_here(write)
    assert database.run_here(lambda session: session.get_one(Conversation, "c").started_at) == now


async def test_a_locked_sqlite_is_waited_for(database: Database) -> None:
    """A backup that holds the file for a moment costs a moment."""
    if not database.is_sqlite:
        other = database.engine.connect()
        other.execute(text("LOCK TABLE sign_in_attempts IN ACCESS EXCLUSIVE MODE"))
        release = other.close
    else:
        holder = sqlite3.connect(database.url.database or "", isolation_level=None, check_same_thread=False)
        holder.execute("BEGIN EXCLUSIVE")
        release = holder.close
    asyncio.get_running_loop().call_later(0.3, release)
    await database.run(_attempt, "in the end")
    assert await database.read(_names) == ["in the end"]


async def test_a_database_that_stays_locked_is_away_and_comes_back(tmp_path: Path) -> None:
    """The caller hears it within the patience; afterwards everything works again."""
    impatient = Database(f"sqlite:///{tmp_path}/warmline.db", Signals(), patience=0.2)
    upgrade(impatient)
    holder = sqlite3.connect(tmp_path / "warmline.db", isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    with pytest.raises(DatabaseAwayError):
        await impatient.run(_attempt, "lost")
    holder.close()
    await impatient.run(_attempt, "kept")
    assert await impatient.read(_names) == ["kept"]
    impatient.close()


async def test_whoever_waited_behind_others_for_a_locked_database_does_not_wait_as_long_again(tmp_path: Path) -> None:
    """Writers queue on SQLite: were each of them patient from its turn on, a provider's request would wait for all."""
    patient = Database(f"sqlite:///{tmp_path}/warmline.db", Signals(), patience=1.5 * BUSY_TIMEOUT / 1000)
    upgrade(patient)
    tries: list[None] = []
    event.listen(patient.engine, "engine_connect", lambda _connection: tries.append(None))
    with closing(sqlite3.connect(tmp_path / "warmline.db", isolation_level=None)) as holder:
        holder.execute("BEGIN EXCLUSIVE")
        ended = await asyncio.gather(*(patient.run(_attempt, "lost") for _ in range(3)), return_exceptions=True)
    assert [type(one) for one in ended] == [DatabaseAwayError] * 3
    assert 3 <= len(tries) <= 2 + 1 + 1, "the first tries for as long as its patience lasts, those behind it once"
    patient.close()


@pytest.mark.parametrize(
    "url", ["mysql://host/name", "nonsense", "sqlite://", "sqlite:///:memory:", "postgresql+asyncpg://host/name"]
)
def test_an_address_that_cannot_work_is_refused_with_what_to_write(url: str) -> None:
    """At start, with the variable's name."""
    with pytest.raises(SettingError, match="WARMLINE_DATABASE_URL"):
        Database(url, Signals())


def test_postgres_can_be_named_without_its_driver() -> None:
    """What every other tool calls the address works here too."""
    database = Database("postgresql://user@127.0.0.1:9/name", Signals())
    assert database.url.drivername == "postgresql+psycopg"
    database.close()


async def test_a_postgresql_that_crashes_is_away_and_then_used_again_without_a_restart(
    breakable_postgres: postgres.Cluster,
) -> None:
    """Connections that broke are replaced, and what was stored before is still there."""
    database = Database(breakable_postgres.url, Signals(), patience=0.5)
    upgrade(database)
    await database.run(_attempt, "before")
    breakable_postgres.stop()
    with pytest.raises(DatabaseAwayError):
        await database.run(_attempt, "lost")
    breakable_postgres.start()
    await database.run(_attempt, "after")
    assert await database.read(_names) == ["before", "after"]
    database.close()
