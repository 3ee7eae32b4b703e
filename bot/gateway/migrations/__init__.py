"""How the database came to its present shape, step by step; run at every start."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

from bot.errors import WarmlineError
from bot.gateway.platform.database import Database
from bot.gateway.platform.signals import Signals

# Any number, the same in every gateway: PostgreSQL's advisory lock under which one of them migrates.
_LOCK = 7_262_001


class NewerDatabaseError(WarmlineError):
    """The database was written by a version of Warmline that is newer than this one; nothing was changed."""


def upgrade(database: Database) -> None:
    """Bring the database to this version's shape; gateways that start together take turns.

    Raises:
        NewerDatabaseError: the database has a shape that this version does not know.
    """
    database.reshape(_upgrade)


def downgrade(database: Database, to: str) -> None:
    """Bring the database back to the shape after the step ``to``, rows included."""
    database.reshape(lambda session: command.downgrade(_config(session), to))


@contextmanager
def prepared(database_url: str) -> Iterator[Database]:
    """Open a database that may be of an earlier shape, or not there yet, for a command that uses it by itself."""
    database = Database(database_url, Signals())
    try:
        upgrade(database)
        yield database
    finally:
        database.close()


def _upgrade(session: Session) -> None:
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    config = _config(session)
    _refuse_newer(connection, ScriptDirectory.from_config(config))
    command.upgrade(config, "head")


def _config(session: Session) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.attributes["connection"] = session.connection()
    return config


def _refuse_newer(connection: Connection, steps: ScriptDirectory) -> None:
    known = {step.revision for step in steps.walk_revisions()}
    unknown = set(MigrationContext.configure(connection).get_current_heads()) - known
    if unknown:
        raise NewerDatabaseError(
            f"The database is of a newer version of Warmline: its last step is {', '.join(sorted(unknown))}, and the "
            f"last one that this version knows is {steps.get_current_head()}. Start the newer version again, or put "
            "back the backup from before it; nothing was changed."
        )
