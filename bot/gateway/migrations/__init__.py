"""How the database came to its present shape, step by step; run at every start."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import text
from sqlalchemy.orm import Session

from bot.gateway.database import Database

# Any number, the same in every gateway: PostgreSQL's advisory lock under which one of them migrates.
_LOCK = 7_262_001


def upgrade(database: Database) -> None:
    """Bring the database to this version's shape; gateways that start together take turns."""
    database.run_here(_upgrade)


def _upgrade(session: Session) -> None:
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
