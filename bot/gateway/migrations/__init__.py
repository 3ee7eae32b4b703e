"""How the database came to its present shape, step by step; run at every start."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
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


class UnknownStepError(WarmlineError):
    """There is no such step behind the database, to which it could go back; nothing was changed."""


@dataclass(frozen=True)
class Step:
    """One migration."""

    name: str
    says: str
    """Its docstring's first line."""
    done: bool
    """Whether the database has taken it."""


def upgrade(database: Database) -> None:
    """Bring the database to this version's shape; gateways that start together take turns.

    Raises:
        NewerDatabaseError: the database has a shape that this version does not know.
    """
    database.reshape(_upgrade)


def downgrade(database: Database, to: str) -> None:
    """Bring the database back to the shape after the step ``to``, rows included; the steps after it are undone.

    Raises:
        UnknownStepError: the database has not taken this step.
        NewerDatabaseError: the database has a shape that this version does not know.
    """
    database.reshape(_downgrade, to)


def history(session: Session) -> list[Step]:
    """All steps that this version knows, the first one first."""
    known = ScriptDirectory.from_config(_config(session))
    heads = _heads_of(session.connection(), known)
    done = {step.revision for head in heads for step in known.iterate_revisions(head, "base")}
    return [Step(step.revision, step.doc, step.revision in done) for step in known.walk_revisions()][::-1]


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
    _take_turn(connection)
    config = _config(session)
    _heads_of(connection, ScriptDirectory.from_config(config))
    command.upgrade(config, "head")


def _downgrade(session: Session, to: str) -> None:
    _take_turn(session.connection())
    taken = [step.name for step in history(session) if step.done]
    if to not in taken:
        raise UnknownStepError(
            f"The database has not taken a step {to!r}: it can go back to {', '.join(taken) or 'none'}. "
            "Nothing was changed."
        )
    command.downgrade(_config(session), to)


def _take_turn(connection: Connection) -> None:
    """Be the only one who changes the database's shape, however long that takes."""
    if connection.dialect.name == "postgresql":
        # What serves customers is cut off after seconds; a step may rewrite a large table, and another gateway's be
        # waited for. What other gateways do is bounded, so the wait for their locks is, too.
        connection.execute(text("SET LOCAL statement_timeout = 0"))
        connection.execute(text("SET LOCAL lock_timeout = 0"))
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})


def _config(session: Session) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.attributes["connection"] = session.connection()
    return config


def _heads_of(connection: Connection, steps: ScriptDirectory) -> tuple[str, ...]:
    """The last step that the database has taken (none: an empty one); :class:`NewerDatabaseError`."""
    known = {step.revision for step in steps.walk_revisions()}
    heads = MigrationContext.configure(connection).get_current_heads()
    unknown = set(heads) - known
    if unknown:
        raise NewerDatabaseError(
            f"The database is of a newer version of Warmline: its last step is {', '.join(sorted(unknown))}, and the "
            f"last one that this version knows is {steps.get_current_head()}. Start the newer version again, or put "
            "back the backup from before it; nothing was changed."
        )
    return heads
