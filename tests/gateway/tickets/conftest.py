"""A scene on each kind of database."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.gateway.conversations.payloads import Payloads
from bot.gateway.platform.database import Database
from bot.gateway.platform.transaction import Transaction
from tests.gateway.tickets.scene import Scene


@pytest.fixture
def scene(database: Database, payloads: Payloads) -> Scene:
    """An empty database and a clock."""
    return Scene(database, payloads)


@pytest.fixture
def session(database: Database) -> Iterator[Transaction]:
    """A transaction that is never committed."""
    with Transaction(database.engine) as session:
        yield session
        session.rollback()
