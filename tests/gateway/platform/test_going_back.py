"""`warmline database`: an operator goes back to an older version with every row that it knows."""

from __future__ import annotations

import shutil
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Connection, event, make_url, text
from typer.testing import CliRunner, Result

from bot.commands.main import app
from bot.gateway.migrations import NewerDatabaseError, downgrade, history, upgrade
from bot.gateway.platform.database import Database
from bot.gateway.platform.signals import Signals


def _warmline(*given: str, says: str = "") -> Result:
    return CliRunner().invoke(app, ["database", *given], input=says)


@pytest.fixture
def file(sqlite_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A database of this version, in use."""
    path = tmp_path / "warmline.db"
    shutil.copy(sqlite_template, path)
    monkeypatch.setenv("WARMLINE_DATABASE_URL", f"sqlite:///{path}")
    return path


def _taken(path: Path) -> list[str]:
    database = Database(f"sqlite:///{path}", Signals())
    taken = [step.name for step in database.run_here(history) if step.done]
    database.close()
    return taken


def test_the_steps_are_listed_with_those_that_were_taken(file: Path) -> None:
    """In order, each in a line, so that an operator sees where the database stands."""
    assert _warmline("downgrade", "turn_shares", "--yes").exit_code == 0
    lines = _warmline("steps").stdout.split("\n")
    assert lines[0].startswith("x 0001 ")
    assert "First tables" in lines[0]
    marks = {line[2:].split()[0]: line[0] for line in lines if line}
    assert (marks["turn_shares"], marks["reports"]) == ("x", " ")


def test_it_goes_back_to_a_step_and_forward_again(file: Path) -> None:
    """The older version finds the last step that it knows; the newer one finds its own afterwards."""
    before = _taken(file)
    gone = _warmline("downgrade", "turn_shares", says="y\n")
    assert gone.exit_code == 0, gone.output
    assert "as it was after turn_shares" in gone.stderr
    assert _taken(file) == before[: before.index("turn_shares") + 1]
    database = Database(f"sqlite:///{file}", Signals())
    upgrade(database)
    database.close()
    assert _taken(file) == before


@pytest.mark.parametrize("step", ["of_another_version", "base", "-1", "head"])
def test_a_step_that_the_database_has_not_taken_changes_nothing(file: Path, step: str) -> None:
    """Nor do words that mean something to the library and would empty the database; the answer names the real ones."""
    before = _taken(file)
    refused = _warmline("downgrade", "--yes", "--", step)
    assert refused.exit_code == 1
    assert step in refused.stderr
    assert "turn_shares" in refused.stderr
    assert _taken(file) == before


def test_without_a_yes_nothing_is_undone(file: Path) -> None:
    """What the undone steps had added is gone afterwards."""
    before = _taken(file)
    assert _warmline("downgrade", "0001", says="n\n").exit_code == 1
    assert _taken(file) == before


def test_a_database_that_is_not_there_is_not_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An address with a mistake in it gets a sentence, and no empty database."""
    monkeypatch.setenv("WARMLINE_DATABASE_URL", f"sqlite:///{tmp_path / 'none.db'}")
    assert _warmline("steps").exit_code == 1
    assert not (tmp_path / "none.db").exists()


def test_a_newer_database_is_left_alone(file: Path) -> None:
    """Only the newer version knows how to undo its own steps; the older one says to which it has to go back."""
    last = _taken(file)[-1]
    database = Database(f"sqlite:///{file}", Signals())
    database.run_here(lambda session: session.execute(text("UPDATE alembic_version SET version_num = 'of_tomorrow'")))
    with pytest.raises(NewerDatabaseError, match="of_tomorrow"):
        downgrade(database, "0001")
    database.close()
    refused = _warmline("steps")
    assert refused.exit_code == 1
    assert f"the last one that this version knows is {last}." in refused.stderr


def test_a_step_may_take_its_time_on_postgresql(postgres_url: str) -> None:
    """What serves customers is cut off after 15 s; a step that rewrites a large table is not, nor a second gateway."""
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute("CREATE DATABASE warmline_slow")
        database = Database(
            make_url(postgres_url).set(database="warmline_slow").render_as_string(hide_password=False), Signals()
        )
        bounds: list[tuple[object, object]] = []

        def look(within: Connection) -> None:
            shown = [within.exec_driver_sql(f"SHOW {name}_timeout").scalar() for name in ("statement", "lock")]
            bounds.append((shown[0], shown[1]))

        event.listen(database.engine, "commit", look)
        upgrade(database)
        downgrade(database, "0001")
        database.run_here(lambda session: session.execute(text("SELECT 1")))
        database.close()
        connection.execute("DROP DATABASE warmline_slow WITH (FORCE)")
    assert bounds == [("0", "0"), ("0", "0"), ("15s", "3s")]
