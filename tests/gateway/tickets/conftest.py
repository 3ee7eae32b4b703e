"""A scene on each kind of database."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from bot.gateway.conversations.payloads import Payloads
from bot.gateway.platform.database import Database
from tests.gateway.tickets.scene import Scene


@pytest.fixture
def scene(database: Database, payloads: Payloads) -> Scene:
    """An empty database and a clock."""
    return Scene(database, payloads)


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """A transaction that is never committed."""
    with Session(database.engine, info=database.info) as session:
        yield session
        session.rollback()
