"""Each step of the database's history, up and down, on a database in which something stands."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import psycopg
import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    DateTime,
    Float,
    Integer,
    MetaData,
    Table,
    func,
    insert,
    make_url,
    select,
    text,
)
from sqlalchemy.orm import Session

import bot.gateway.migrations
from bot.gateway.platform.database import Database
from bot.gateway.platform.signals import Signals

FOLDER = Path(bot.gateway.migrations.__file__).parent
ROWS = 3
"""Of each table; the first has only what it must have."""
NOW = datetime(2026, 3, 2, 12, 0, tzinfo=timezone.utc)
WORDS = {
    ("agents", "role"): "agent",
    ("agents", "presence"): "online",
    ("conversations", "owner"): "bot",
    ("deliveries", "state"): "sent",
    ("deliveries", "arrival"): "unknown",
    ("inbox", "outcome"): "answered",
    ("outside_cases", "state"): "over",
    ("suggestion_verdicts", "verdict"): "edited",
    ("answer_marks", "verdict"): "wrong",
    ("tickets", "state"): "completed",
    ("timers", "outcome"): "fired",
}
"""Columns in which only certain words may stand."""


def history() -> list[str]:
    """The revisions, the first one first."""
    steps = ScriptDirectory(str(FOLDER))
    return [step.revision for step in steps.walk_revisions()][::-1]


def move(database: Database, direction: Callable[..., None], revision: str) -> None:
    """Bring a database to a revision, in one transaction, as a start does."""

    def work(session: Session) -> None:
        config = Config()
        config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
        config.attributes["connection"] = session.connection()
        direction(config, revision)

    database.reshape(work)


def described(session: Session) -> list[Table]:
    """The tables as the database itself describes them, those that are referred to first."""
    metadata = MetaData()
    metadata.reflect(session.connection())
    return [table for table in metadata.sorted_tables if table.name != "alembic_version"]


def counted(session: Session) -> dict[str, int]:
    """How many rows each table has."""
    return {table.name: session.scalar(select(func.count()).select_from(table)) or 0 for table in described(session)}


def fill(session: Session) -> None:
    """Write rows into each table that is empty; the n-th row of a table refers to the n-th of the others."""
    kept: dict[tuple[str, str], list[Any]] = {}
    for table in described(session):
        columns = list(table.columns)
        if session.scalar(select(func.count()).select_from(table)) == 0:
            rows = [{one.name: value(one, number, kept) for one in columns} for number in range(1, ROWS + 1)]
            # Left out, not null: the database fills in what it has a default for.
            session.execute(insert(table), {name: one for name, one in rows[0].items() if one is not None})
            session.execute(insert(table), rows[1:])
        for column in table.primary_key.columns:
            kept[table.name, column.name] = list(session.scalars(select(column).order_by(column)))


def value(column: Column[Any], number: int, kept: dict[tuple[str, str], list[Any]]) -> Any:
    """Something of the column's type, another one for each row; nothing where the first row needs nothing."""
    if number == 1 and (column.nullable or column.server_default is not None):
        return None
    for key in column.foreign_keys:
        return kept[key.column.table.name, key.column.name][number - 1]
    word = WORDS.get((column.table.name, column.name))
    if word is not None:
        return word
    match column.type:
        case JSON():
            return {"number": number}
        case Boolean():
            return number % 2 == 0
        case DateTime():
            return NOW
        case Integer():
            return number
        case Float():
            return float(number)
        case _:
            return f"{column.name} {number}"[: getattr(column.type, "length", None)]


@pytest.fixture(params=["sqlite", "postgresql"])
def bare(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database without a single table."""
    if request.param == "sqlite":
        database = Database(f"sqlite:///{tmp_path}/warmline.db", Signals())
        yield database
        database.close()
        return
    server = request.getfixturevalue("postgres_url")
    name = f"warmline_{uuid.uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        database = Database(make_url(server).set(database=name).render_as_string(hide_password=False), Signals())
        yield database
        database.close()
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def test_each_migration_keeps_every_row_on_its_way_up_and_down(bare: Database) -> None:
    """Every table holds rows before each step, those that the step has just made included."""
    steps = history()
    for before, after in zip(["base", *steps], [*steps, None], strict=True):
        if before != "base":
            bare.run_here(fill)
        rows = bare.run_here(counted)
        assert all(count == ROWS for count in rows.values()), (before, rows)
        if after is None:
            break
        move(bare, command.upgrade, after)
        up = bare.run_here(counted)
        assert rows.items() <= up.items() or before == "base", (after, rows, up)
        assert not bare.is_sqlite or bare.run_here(broken_references) == [], after
        if before != "base":
            bare.run_here(fill)
            move(bare, command.downgrade, before)
            assert bare.run_here(counted) == rows, f"down from {after}"
            assert not bare.is_sqlite or bare.run_here(broken_references) == [], f"down from {after}"
            move(bare, command.upgrade, after)
            assert bare.run_here(counted).items() >= rows.items(), f"up again to {after}"


def test_a_database_with_rows_goes_all_the_way_down_and_up(bare: Database) -> None:
    """The first tables of all are among those that are left at the end of the way down, with their rows."""
    first, last = history()[0], history()[-1]
    move(bare, command.upgrade, first)
    of_old = set(bare.run_here(counted))
    move(bare, command.upgrade, last)
    bare.run_here(fill)
    move(bare, command.downgrade, first)
    assert bare.run_here(counted) == dict.fromkeys(of_old, ROWS)
    move(bare, command.upgrade, last)
    assert {name: count for name, count in bare.run_here(counted).items() if name in of_old} == dict.fromkeys(
        of_old, ROWS
    )


def broken_references(session: Session) -> list[Any]:
    """Rows that refer to one that is not there: a table that SQLite copied may leave such."""
    return list(session.execute(text("PRAGMA foreign_key_check")).all())
